import { expect } from 'chai';
import { gatherInjector } from '../../../../hooks/io/gather/injector.ts';
import { paths } from '../../../../hooks/io/paths.ts';
import { deployment, namespace } from '../../builders.ts';
import { MemoryCluster } from '../../memory-cluster.ts';

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
