import { expect } from 'chai';
import { at, find, render, rendered, type Tree } from './render.ts';

async function settings(values: Tree): Promise<Tree> {
  const files = (await rendered('ConfigMap', 'marblerun-coordinator-preflight', values)).data as Tree;
  return JSON.parse(files['settings.json'] as string) as Tree;
}

describe('The settings of the hooks', () => {
  it('have the very claim that is applied', async () => {
    const values = { coordinator: { storageClass: 'fast', storageSize: '20Mi' } };
    expect((await settings(values)).claim).to.deep.equal(
      find(await render(values), 'PersistentVolumeClaim', 'coordinator-pv-claim'),
    );
  });

  it('have an empty claim where the user names one', async () => {
    expect((await settings({ coordinator: { pvcName: 'mine' } })).claim).to.deep.equal({});
  });

  it('have each old key that is set, with its successor', async () => {
    const values = {
      global: { image: { repository: 'mine', version: 'v1.8.0', pullPolicy: 'Always' } },
      coordinator: { coordinatorReplicas: 1, coordinatorImage: 'mine/coordinator' },
    };
    expect((await settings(values)).oldKeys).to.have.deep.members([
      { key: 'global.image.repository', successor: 'coordinator.repository' },
      { key: 'global.image.version', successor: 'coordinator.version' },
      { key: 'global.image.pullPolicy', successor: 'coordinator.pullPolicy' },
      { key: 'coordinator.coordinatorReplicas', successor: 'coordinator.replicas' },
      { key: 'coordinator.coordinatorImage', successor: 'coordinator.repository and coordinator.image' },
    ]);
  });

  it('have no old key where none is set', async () => {
    expect((await settings({})).oldKeys).to.deep.equal([]);
  });

  it('keep the names of a claim and of a class texts, whatever they look like', async () => {
    const manifests = await render({ coordinator: { storageClass: '123' } });
    const claim = find(manifests, 'PersistentVolumeClaim', 'coordinator-pv-claim');
    expect(at(claim, 'spec.storageClassName')).to.equal('123');
    const deployment = await rendered('Deployment', 'marblerun-coordinator', {
      coordinator: { pvcName: '1e3' },
    });
    expect(at(deployment, 'spec.template.spec.volumes.0.persistentVolumeClaim.claimName')).to.equal('1e3');
  });
});
