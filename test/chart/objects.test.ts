import { readFile, writeFile } from 'node:fs/promises';
import { expect } from 'chai';
import { format } from 'prettier';
import { stringify } from 'yaml';
import { at, find, render, rendered, type Manifest } from './render.ts';

const snapshot = new URL('snapshots/default.yaml', import.meta.url);

const component = 'edgeless.systems/control-plane-component';
const selector = { [component]: 'coordinator', 'edgeless.systems/control-plane-ns': 'marblerun' };

const identity = ({ kind, metadata }: Manifest): string => `${kind} ${metadata.name}`;

describe('The chart by default', () => {
  it('renders the objects of the snapshot', async () => {
    const manifests = (await render()).toSorted((a, b) => identity(a).localeCompare(identity(b)));
    const text = await format(manifests.map((manifest) => stringify(manifest)).join('---\n'), {
      parser: 'yaml',
      singleQuote: true,
      printWidth: 110,
    });
    if (process.env.UPDATE_SNAPSHOTS === '1') await writeFile(snapshot, text);
    expect(text).to.equal(await readFile(snapshot, 'utf8'));
  });

  it('renders the same with Helm 3 as with Helm 4', async () => {
    const sorted = (manifests: Manifest[]): Manifest[] =>
      manifests.toSorted((a, b) => identity(a).localeCompare(identity(b)));
    expect(sorted(await render({}, 'helm3'))).to.deep.equal(sorted(await render({}, 'helm4')));
  });

  it('keeps the names that the chart `marblerun` gives its objects', async () => {
    const manifests = await render();
    const released = manifests.filter(({ metadata }) => metadata.annotations?.['helm.sh/hook'] === undefined);
    expect(released.map(identity)).to.have.members([
      'ServiceAccount marblerun-coordinator',
      'ServiceAccount marblerun-coordinator-anchor',
      'Role marblerun-coordinator-anchor',
      'RoleBinding marblerun-coordinator-anchor',
      'ConfigMap coordinator-dcap-config',
      'PersistentVolumeClaim coordinator-pv-claim',
      'Service coordinator-client-api',
      'Service coordinator-mesh-api',
      'Deployment marblerun-coordinator',
      'Deployment marblerun-coordinator-anchor',
      'CronJob marblerun-coordinator-restore',
    ]);
  });

  it('keeps the immutable selector of the Deployment, and the Services select the same pods', async () => {
    const manifests = await render();
    const deployment = find(manifests, 'Deployment', 'marblerun-coordinator');
    expect(at(deployment, 'spec.selector.matchLabels')).to.deep.equal(selector);
    expect(at(deployment, 'spec.template.metadata.labels')).to.include(selector);
    for (const service of ['coordinator-client-api', 'coordinator-mesh-api']) {
      expect(at(find(manifests, 'Service', service), 'spec.selector')).to.deep.equal(selector);
    }
  });

  it('lets no other pod become a member of the Services', async () => {
    const manifests = await render();
    const others = manifests.filter(
      (manifest) =>
        at(manifest, 'spec.template') !== undefined && manifest.metadata.name !== 'marblerun-coordinator',
    );
    expect(others).to.have.lengthOf(3);
    for (const other of others) {
      const labels = at(other, 'spec.template.metadata.labels') as Record<string, string>;
      expect(labels[component]).not.to.equal('coordinator');
    }
  });

  it('opens the ports of both APIs', async () => {
    expect(at(await rendered('Service', 'coordinator-client-api'), 'spec.ports.0.port')).to.equal(4433);
    expect(at(await rendered('Service', 'coordinator-mesh-api'), 'spec.ports.0')).to.deep.equal({
      name: 'grpc',
      port: 2001,
      targetPort: 2001,
      appProtocol: 'tcp',
    });
  });
});

describe('The PersistentVolumeClaim', () => {
  const claim = 'coordinator-pv-claim';

  it('is kept when a release or a value stops rendering it', async () => {
    const { metadata } = await rendered('PersistentVolumeClaim', claim);
    expect(metadata.annotations).to.deep.equal({
      'helm.sh/resource-policy': 'keep',
      'argocd.argoproj.io/sync-options': 'Prune=false',
    });
  });

  it('names a StorageClass only where one is set, so that the default one applies', async () => {
    expect(at(await rendered('PersistentVolumeClaim', claim), 'spec')).not.to.have.property(
      'storageClassName',
    );
    const set = await rendered('PersistentVolumeClaim', claim, { coordinator: { storageClass: 'fast' } });
    expect(at(set, 'spec.storageClassName')).to.equal('fast');
  });

  it('gives way to the one that `coordinator.pvcName` names', async () => {
    const manifests = await render({ coordinator: { pvcName: 'mine' } });
    expect(manifests.map(({ kind }) => kind)).not.to.include('PersistentVolumeClaim');
    const volumes = at(find(manifests, 'Deployment', 'marblerun-coordinator'), 'spec.template.spec.volumes');
    expect(at(volumes, '0.persistentVolumeClaim.claimName')).to.equal('mine');
  });
});

describe('Registry credentials', () => {
  const global = { pullSecret: 'one', imagePullSecrets: ['two', { name: 'three' }, 'one'] };
  const expected = [{ name: 'one' }, { name: 'two' }, { name: 'three' }];

  it('reach the Coordinator by its ServiceAccount, and every other pod directly', async () => {
    const manifests = await render({ global });
    expect(find(manifests, 'ServiceAccount', 'marblerun-coordinator').imagePullSecrets).to.deep.equal(
      expected,
    );
    for (const [kind, name] of [
      ['Deployment', 'marblerun-coordinator-anchor'],
      ['Job', 'marblerun-coordinator-preflight'],
      ['Job', 'marblerun-coordinator-rollout'],
    ] as const) {
      expect(at(find(manifests, kind, name), 'spec.template.spec.imagePullSecrets')).to.deep.equal(expected);
    }
  });
});
