import { expect } from 'chai';
import { gatherInjector, gatherMarbles } from '../../../../hooks/io/gather/marbles.ts';
import { paths } from '../../../../hooks/io/paths.ts';
import { deployment, marble, namespace, settings } from '../../builders.ts';
import { putMarble, startedUnder } from '../../marbles.ts';
import { MemoryCluster } from '../../memory-cluster.ts';

const toldBy = (address: string) =>
  marble('web', ({ spec }) => {
    for (const container of spec.template.spec.containers) {
      container.env = [{ name: 'EDG_MARBLE_COORDINATOR_ADDR', value: address }];
    }
  });

describe('gatherMarbles', () => {
  it('tells of each workload its type, pods and what it started under, in one list', async () => {
    const cluster = new MemoryCluster();
    putMarble(cluster, marble('web', startedUnder('c0ffee0123456789')));
    putMarble(cluster, marble('api'));
    const found = await gatherMarbles(cluster, settings());
    expect(found).to.have.property('known', true);
    expect(found).to.have.nested.property('value.length', 2);
    expect(found).to.have.nested.property('value[0].name', 'api');
    expect(found).to.have.deep.nested.property('value[1]', {
      namespace: 'shop',
      name: 'web',
      type: 'frontend',
      replicas: 2,
      paused: false,
      injected: true,
      startedUnder: 'c0ffee0123456789',
      strangeAddress: undefined,
    });
  });

  it('takes the newest of two revisions that both have pods, and adds up their pods', async () => {
    const cluster = new MemoryCluster();
    putMarble(cluster, marble('web', startedUnder('00000000000000aa')), {
      suffix: 'old',
      revision: 9,
      replicas: 1,
    });
    putMarble(cluster, marble('web', startedUnder('00000000000000bb')), {
      suffix: 'new',
      revision: 10,
      replicas: 2,
    });
    const found = await gatherMarbles(cluster, settings());
    expect(found).to.have.nested.property('value.length', 1);
    expect(found).to.have.nested.property('value[0].replicas', 3);
    expect(found).to.have.nested.property('value[0].startedUnder', '00000000000000bb');
  });

  it('leaves out what has no pods', async () => {
    const cluster = new MemoryCluster();
    putMarble(cluster, marble('web'), { replicas: 0 });
    expect(await gatherMarbles(cluster, settings())).to.have.deep.property('value', []);
  });

  const addresses: [string, number][] = [
    [`coordinator-mesh-api.${namespace}:2001`, 1],
    ['coordinator-mesh-api.elsewhere:2001', 0],
    ['10.96.3.4:2001', 1],
  ];
  for (const [address, count] of addresses) {
    it(`${count === 1 ? 'counts' : 'leaves out'} a Marble whose Coordinator is at ${address}`, async () => {
      const cluster = new MemoryCluster();
      putMarble(cluster, toldBy(address));
      const found = await gatherMarbles(cluster, settings());
      expect(found).to.have.nested.property('value.length', count);
      if (count === 1) expect(found).to.have.nested.property('value[0].injected', false);
    });
  }

  it('looks into the named namespaces only', async () => {
    const cluster = new MemoryCluster();
    putMarble(cluster, marble('web'));
    const elsewhere = settings(({ rollout }) => (rollout.namespaces = ['bank']));
    expect(await gatherMarbles(cluster, elsewhere)).to.have.deep.property('value', []);
  });

  it('does not know them without the right to list', async () => {
    const cluster = new MemoryCluster();
    const error = { kind: 'forbidden' as const, message: 'replicasets is forbidden' };
    cluster.refusals.push({ verb: 'list', path: /replicasets/, error });
    expect(await gatherMarbles(cluster, settings())).to.deep.equal({ known: false, why: error.message });
  });
});

describe('gatherInjector', () => {
  const webhook = paths.webhook(`marble-injector-${namespace}`);
  const put = (cluster: MemoryCluster, failurePolicy: string) =>
    cluster.put(webhook, {
      metadata: { name: `marble-injector-${namespace}` },
      webhooks: [{ failurePolicy }],
    });

  it('knows that there is none', async () => {
    const found = await gatherInjector(new MemoryCluster(), namespace);
    expect(found).to.deep.equal({ known: true, value: { webhook: false, available: 0 } });
  });

  it('knows whether the API server insists on its answer, and whether it can answer', async () => {
    const cluster = put(new MemoryCluster(), 'Fail');
    cluster.put(paths.deployment(namespace, 'marble-injector'), deployment());
    const found = await gatherInjector(cluster, namespace);
    expect(found).to.deep.equal({ known: true, value: { webhook: true, available: 1 } });
  });

  it('knows a webhook that may be down', async () => {
    const found = await gatherInjector(put(new MemoryCluster(), 'Ignore'), namespace);
    expect(found).to.deep.equal({ known: true, value: { webhook: false, available: 0 } });
  });
});
