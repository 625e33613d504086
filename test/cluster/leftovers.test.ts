import { expect } from 'chai';
import { pinName } from '../../hooks/core/pin.ts';
import type { Pod } from '../../hooks/core/objects.ts';
import { pauseImage } from '../lab/images/names.ts';
import { marbleDeployment } from '../lab/mesh.ts';
import { succeeded } from './begun.ts';
import { giveManifest, meshFacts } from './mesh-facts.ts';
import { Release } from './release.ts';
import { afterwards, useLab } from './shared-lab.ts';

/** The rights for both are used by no other suite. */
describe('an upgrade in place that finds the pin of an earlier try, and a Marble in another namespace', function () {
  this.timeout('4m');
  const lab = useLab();
  let release: Release;
  let elsewhere: string;

  before(async () => {
    release = await Release.prepare(lab(), 4, { name: 'marblerun' });
    await succeeded(release.installUpstreamShaped());
    await giveManifest(release);
    elsewhere = `${release.namespace}-marbles`;
    await lab().kubectl('create', 'namespace', elsewhere);
    await lab().apply(
      marbleDeployment('web', { namespace: elsewhere, mesh: release.namespace }),
      pinOnTheOtherNode(release.namespace, await release.coordinatorNode()),
    );
    await lab().kubectl('-n', elsewhere, 'rollout', 'status', 'deployment/web', '--timeout=90s');
  });
  afterwards(async () => {
    await lab().kubectl('delete', 'namespace', elsewhere);
    await release.remove();
  });

  function pinOnTheOtherNode(namespace: string, node: string): object {
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: pinName, namespace },
      spec: {
        nodeName: lab().nodes.find((each) => each !== node),
        terminationGracePeriodSeconds: 0,
        containers: [{ name: 'pause', image: pauseImage, imagePullPolicy: 'Never' }],
      },
    };
  }

  async function marble(): Promise<Pod | undefined> {
    const { items } = await lab().get<{ items: Pod[] }>('pods', '-n', elsewhere, '-l', 'app=web');
    return items.find(({ metadata }) => metadata.deletionTimestamp === undefined);
  }

  it('holds the right node, keeps the state and restarts the Marble', async () => {
    const initial = await meshFacts(release);
    const before = await marble();
    const all = await succeeded(release.upgrade({ 'rollout.nonce': 'once' }));
    expect(all).to.contain('node-held');
    expect(await meshFacts(release)).to.deep.equal(initial);
    expect(await release.kubectl('get', 'pods', '-o', 'name')).not.to.contain(pinName);
    const after = await marble();
    expect(after?.status?.phase).to.equal('Running');
    expect(after?.metadata.uid).not.to.equal(before?.metadata.uid);
  });
});
