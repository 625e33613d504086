import { expect } from 'chai';
import { gatherMissingRights } from '../../../../hooks/io/gather/rights.ts';
import { settings } from '../../builders.ts';
import { MemoryCluster } from '../../memory-cluster.ts';

describe('gatherMissingRights', () => {
  it('finds none where all are granted', async () => {
    const found = await gatherMissingRights(new MemoryCluster(), settings());
    expect(found).to.deep.equal({ known: true, value: [] });
  });

  it('tells which one is denied', async () => {
    const cluster = new MemoryCluster();
    cluster.denied.add('create pods');
    const found = await gatherMissingRights(cluster, settings());
    const value = [{ verb: 'create', group: '', resource: 'pods' }];
    expect(found).to.deep.equal({ known: true, value });
  });

  it('does not know where it may not ask', async () => {
    const cluster = new MemoryCluster();
    const error = { kind: 'forbidden' as const, message: 'selfsubjectaccessreviews is forbidden' };
    cluster.refusals.push({ verb: 'create', path: /selfsubjectaccessreviews/, error });
    const found = await gatherMissingRights(cluster, settings());
    expect(found).to.deep.equal({ known: false, why: error.message });
  });
});
