import { expect } from 'chai';
import type { Deployment } from '../../../../hooks/core/objects.ts';
import { gatherStorage } from '../../../../hooks/io/gather/storage.ts';
import { gatherValueProblems } from '../../../../hooks/io/gather/values.ts';
import { paths } from '../../../../hooks/io/paths.ts';
import { deployment, namespace, settings } from '../../builders.ts';
import { claim, storageClass } from '../../claims.ts';
import { MemoryCluster } from '../../memory-cluster.ts';

const chartClaim = paths.claim(namespace, 'coordinator-pv-claim');

function mounting(claimName: string): Deployment {
  return deployment(({ spec }) => {
    spec.template.spec.volumes = [{ name: 'state', persistentVolumeClaim: { claimName } }];
  });
}

describe('gatherStorage', () => {
  it('finds the claim before and after, and its class', async () => {
    const cluster = new MemoryCluster()
      .put(chartClaim, claim())
      .put(
        paths.claim(namespace, 'fast'),
        claim(({ metadata }) => (metadata.name = 'fast')),
      )
      .put(paths.storageClass('managed-csi'), storageClass());
    const found = await gatherStorage(cluster, namespace, deployment(), mounting('fast'));
    expect(found).to.have.nested.property('value.live.metadata.name', 'coordinator-pv-claim');
    expect(found).to.have.nested.property('value.target.metadata.name', 'fast');
    expect(found).to.have.nested.property('value.storageClass.allowVolumeExpansion', true);
  });

  it('asks for one claim once, and for no class where the claim has none', async () => {
    const cluster = new MemoryCluster().put(
      chartClaim,
      claim(({ spec }) => (spec.storageClassName = '')),
    );
    const asked: string[] = [];
    cluster.beforeGet = (path) => void asked.push(path);
    await gatherStorage(cluster, namespace, deployment(), deployment());
    expect(asked).to.deep.equal([chartClaim]);
  });

  it('finds nothing on a first install', async () => {
    const found = await gatherStorage(new MemoryCluster(), namespace, undefined, deployment());
    expect(found).to.deep.equal({
      known: true,
      value: { live: undefined, target: undefined, storageClass: undefined },
    });
  });

  it('finds a claim that an earlier release left behind', async () => {
    const cluster = new MemoryCluster().put(chartClaim, claim());
    const found = await gatherStorage(cluster, namespace, undefined, deployment());
    expect(found).to.have.nested.property('value.target.metadata.name', 'coordinator-pv-claim');
    expect(found).to.have.nested.property('value.live', undefined);
  });

  for (const path of [/persistentvolumeclaims/, /storageclasses/]) {
    it(`does not know the storage without the right to get ${path.source}`, async () => {
      const cluster = new MemoryCluster().put(chartClaim, claim());
      const error = { kind: 'forbidden' as const, message: 'cannot get this' };
      cluster.refusals.push({ verb: 'get', path, error });
      expect(await gatherStorage(cluster, namespace, deployment(), deployment())).to.deep.equal({
        known: false,
        why: 'cannot get this',
      });
    });
  }
});

describe('gatherValueProblems', () => {
  it('finds nothing in values that fit, and what does not fit', async () => {
    expect(await gatherValueProblems(settings().values)).to.deep.equal([]);
    const [problem] = await gatherValueProblems({ ...settings().values, placement: { stickiness: 'firm' } });
    expect(problem?.key).to.equal('placement.stickiness');
  });
});
