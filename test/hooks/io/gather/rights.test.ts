import { expect } from 'chai';
import { gatherMissingRights } from '../../../../hooks/io/gather/rights.ts';
import { namespace, settings } from '../../builders.ts';
import { MemoryCluster } from '../../memory-cluster.ts';

describe('gatherMissingRights', () => {
  it('finds none where all are granted', async () => {
    const found = await gatherMissingRights(new MemoryCluster(), settings(), 'self');
    expect(found).to.deep.equal({ known: true, value: [] });
  });

  it('tells which one is denied', async () => {
    const cluster = new MemoryCluster();
    cluster.denied.add('create pods');
    const found = await gatherMissingRights(cluster, settings(), 'self');
    const value = [{ verb: 'create', group: '', resource: 'pods' }];
    expect(found).to.deep.equal({ known: true, value });
  });

  it('does not know where it may not ask', async () => {
    const cluster = new MemoryCluster();
    const error = { kind: 'forbidden' as const, message: 'selfsubjectaccessreviews is forbidden' };
    cluster.refusals.push({ verb: 'create', path: /selfsubjectaccessreviews/, error });
    const found = await gatherMissingRights(cluster, settings(), 'self');
    expect(found).to.deep.equal({ known: false, why: error.message });
  });

  it('asks nothing about rights that the chart renders', async () => {
    const cluster = new MemoryCluster();
    cluster.denied.add('create pods');
    const found = await gatherMissingRights(cluster, settings(), 'rendered');
    expect(found).to.deep.equal({ known: true, value: [] });
  });

  it('asks about a ServiceAccount by the name and with the groups of its token', async () => {
    const cluster = new MemoryCluster();
    const asked: { kind: string; spec: object }[] = [];
    const create = cluster.create.bind(cluster);
    cluster.create = (path, object) => (asked.push(object as never), create(path, object)) as never;
    const user = `system:serviceaccount:${namespace}:outside`;
    cluster.denied.add(`${user} create pods`);
    const found = await gatherMissingRights(cluster, settings(), { account: 'outside' });
    expect(found).to.deep.equal({
      known: true,
      value: [{ verb: 'create', group: '', resource: 'pods' }],
    });
    const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'];
    for (const { kind, spec } of asked) {
      expect(kind).to.equal('SubjectAccessReview');
      expect(spec).to.deep.include({ user, groups });
    }
  });
});
