import { expect } from 'chai';
import { valueOf, type Known } from '../../../../hooks/core/known.ts';
import { gatherPreflight } from '../../../../hooks/io/gather/preflight.ts';
import { paths } from '../../../../hooks/io/paths.ts';
import { namespace } from '../../builders.ts';
import { recordPath } from '../../record.ts';
import { session, type TestSession } from '../../session.ts';

/** A release that no rollout has seen yet. */
function unrecorded(): TestSession {
  const given = session();
  given.cluster.objects.delete(recordPath);
  return given;
}

const objectsOf = async (given: TestSession) => (await gatherPreflight(given, given.files)).objects;

describe('gatherReleaseObjects', () => {
  it('reads nothing where the record tells the settings, or nothing is there yet', async () => {
    expect(await objectsOf(session())).to.equal(undefined);
    const empty = unrecorded();
    empty.cluster.objects.clear();
    expect(await objectsOf(empty)).to.equal(undefined);
  });

  it('reads each object by its name, and the StorageClass that the claim names', async () => {
    const given = unrecorded();
    const claim = { metadata: { name: 'coordinator-pv-claim' }, spec: { storageClassName: 'fast' } };
    given.cluster
      .put(paths.claim(namespace, 'coordinator-pv-claim'), claim)
      .put(paths.storageClass('fast'), { metadata: { name: 'fast' } });
    for (const name of ['coordinator-client-api', 'coordinator-mesh-api']) {
      given.cluster.put(paths.service(namespace, name), { metadata: { name }, spec: {} });
    }
    const dcap = 'coordinator-dcap-config';
    given.cluster.put(paths.configMap(namespace, dcap), { metadata: { name: dcap } });
    const webhook = 'marble-injector-marblerun';
    given.cluster.put(paths.webhook(webhook), { metadata: { name: webhook } });
    const found = await objectsOf(given);
    const objects = Object.entries(found ?? {}) as [
      string,
      Known<{ metadata: { name: string } } | undefined>,
    ][];
    const names = objects.map(([key, object]) => [key, valueOf(object)?.metadata.name]);
    expect(Object.fromEntries(names)).to.deep.equal({
      claim: 'coordinator-pv-claim',
      storageClass: 'fast',
      clientApi: 'coordinator-client-api',
      meshApi: 'coordinator-mesh-api',
      dcapConfig: dcap,
      injector: undefined,
      webhook: 'marble-injector-marblerun',
    });
  });

  const rights: [RegExp, string[]][] = [
    [/services/, ['clientApi', 'meshApi']],
    [/coordinator-dcap-config/, ['dcapConfig']],
    [/deployments\/marble-injector/, ['injector']],
    [/mutatingwebhookconfigurations/, ['webhook']],
    [/persistentvolumeclaims/, ['claim']],
    [/storageclasses/, ['storageClass']],
  ];
  for (const [path, missing] of rights) {
    it(`does not know ${missing.join(' and ')} without the right for it, and reads the rest`, async () => {
      const given = unrecorded();
      const claim = { metadata: { name: 'coordinator-pv-claim' }, spec: { storageClassName: 'fast' } };
      given.cluster.put(paths.claim(namespace, 'coordinator-pv-claim'), claim);
      given.cluster.refusals.push({
        verb: 'get',
        path,
        error: { kind: 'forbidden', message: 'it is forbidden' },
      });
      const found = Object.entries((await objectsOf(given)) ?? {}) as [string, Known<unknown>][];
      const unknown = found.filter(([, object]) => !object.known).map(([name]) => name);
      expect(unknown.sort()).to.deep.equal(missing);
    });
  }
});
