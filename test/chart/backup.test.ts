import { expect } from 'chai';
import { parse } from 'yaml';
import { at, bothClients, find, render, rendered, setting, type Manifest, type Tree } from './render.ts';

const name = 'marblerun-coordinator-backup';
const component = 'edgeless.systems/control-plane-component';

async function backupPod(values: Tree = {}): Promise<Tree> {
  const { data } = await rendered('ConfigMap', 'marblerun-coordinator-preflight', values);
  return parse((data as Record<string, string>)['backup.json'] ?? '') as Tree;
}

const copyingObjects = (manifests: readonly Manifest[]): Manifest[] =>
  manifests.filter(({ metadata }) => metadata.name === name);

describe('Copies of the sealed state', () => {
  for (const client of bothClients) {
    it(`are made with rights of their own, which exist while preflight runs, with ${client}`, async () => {
      const objects = copyingObjects(await render({}, client));
      expect(objects.map(({ kind }) => kind).toSorted()).to.deep.equal([
        'Role',
        'RoleBinding',
        'ServiceAccount',
      ]);
      for (const { kind, metadata } of objects) {
        expect(metadata.annotations).to.deep.equal({
          'helm.sh/hook': 'pre-install,pre-upgrade,pre-rollback',
          'helm.sh/hook-weight': { ServiceAccount: '-20', Role: '-19', RoleBinding: '-18' }[kind],
          'helm.sh/hook-delete-policy': 'before-hook-creation,hook-succeeded',
        });
      }
    });
  }

  it('may be written into the Secrets of the ring only, each by its name', async () => {
    const { rules } = find(await render({ backup: { copies: 2 } }), 'Role', name);
    expect(rules).to.deep.equal([
      {
        apiGroups: [''],
        resources: ['secrets'],
        resourceNames: [`${name}-1`, `${name}-2`],
        verbs: ['get', 'create', 'patch'],
      },
    ]);
  });

  it('are the only thing for which the chart asks for a right to Secrets', async () => {
    const roles = (await render()).filter(({ kind }) => kind === 'Role' || kind === 'ClusterRole');
    const named = roles.filter((role) => JSON.stringify(role.rules).includes('secrets'));
    expect(named.map(({ metadata }) => metadata.name)).to.deep.equal([name]);
  });

  it('are made by a pod that can do no more than read the volume and write the copy', async () => {
    const pod = await backupPod({ backup: { copies: 7 } });
    expect(at(pod, 'metadata.name')).to.equal(name);
    expect(at(pod, 'spec.containers.0')).to.deep.include({
      name: 'marblerun-hooks',
      args: ['copy-sealed-state', '--copies', '7'],
      securityContext: {
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        readOnlyRootFilesystem: true,
      },
      resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '192Mi' } },
    });
    const { containers, ...spec } = pod.spec as Tree;
    expect(containers).to.have.lengthOf(1);
    expect(spec).to.deep.equal({
      restartPolicy: 'Never',
      activeDeadlineSeconds: 120,
      terminationGracePeriodSeconds: 5,
      serviceAccountName: name,
      automountServiceAccountToken: true,
      tolerations: [{ key: 'sgx.intel.com/epc', operator: 'Exists', effect: 'NoSchedule' }],
    });
  });

  it('are made by a pod that is in no Service, no Deployment and not in the placement group', async () => {
    const labels = at(await backupPod(), 'metadata.labels') as Record<string, string>;
    expect(labels[component]).to.equal('coordinator-backup');
    expect(labels).not.to.have.property('marblerun-hooks/placement-group');
    expect(labels).to.include({ 'sidecar.istio.io/inject': 'false' });
  });

  it('are pulled with the registry credentials of the release', async () => {
    const credentials = [{ name: 'one' }];
    const values = { global: { pullSecret: 'one' } };
    expect(at(await backupPod(values), 'spec.imagePullSecrets')).to.deep.equal(credentials);
    const restore = await rendered('CronJob', 'marblerun-coordinator-restore', values);
    expect(at(restore, 'spec.jobTemplate.spec.template.spec.imagePullSecrets')).to.deep.equal(credentials);
  });

  for (const path of ['backup.enabled', 'hooks.enabled', 'hooks.preflight.enabled']) {
    it(`leave nothing with \`${path}: false\``, async () => {
      const manifests = await render(setting(path, false));
      const text = JSON.stringify(manifests.filter(({ kind }) => kind !== 'ConfigMap'));
      expect(text).not.to.match(/coordinator-backup|coordinator-restore/);
      for (const { data } of manifests.filter(({ kind }) => kind === 'ConfigMap')) {
        const files = data as Record<string, string>;
        expect(files).not.to.have.property('backup.json');
        if (files['settings.json'] === undefined) continue;
        expect(parse(files['settings.json'])).to.have.nested.property('backup.enabled', false);
      }
    });
  }
});

describe('The way back', () => {
  const restored = async (values: Tree = {}): Promise<Tree> =>
    at(
      await rendered('CronJob', 'marblerun-coordinator-restore', values),
      'spec.jobTemplate.spec.template.spec',
    ) as Tree;

  it('is a CronJob that never runs by itself, and no concern of Argo CD’s', async () => {
    const { metadata, spec } = await rendered('CronJob', 'marblerun-coordinator-restore');
    expect(metadata.annotations).to.deep.equal({ 'argocd.argoproj.io/ignore-healthcheck': 'true' });
    expect(spec).to.deep.include({ suspend: true, concurrencyPolicy: 'Forbid' });
    expect(at(spec, 'jobTemplate.spec')).to.deep.include({ backoffLimit: 0, activeDeadlineSeconds: 300 });
  });

  it('needs no right: it mounts the volume and the copies that there are', async () => {
    const spec = await restored({ backup: { copies: 2 } });
    expect(spec.automountServiceAccountToken).to.equal(false);
    const [state, backups] = spec.volumes as Tree[];
    expect(state).to.deep.equal({
      name: 'coordinator-pv-storage',
      persistentVolumeClaim: { claimName: 'coordinator-pv-claim' },
    });
    const sources = at(backups, 'projected.sources') as Tree[];
    expect(sources.map(({ secret }) => at(secret, 'name'))).to.deep.equal([`${name}-1`, `${name}-2`]);
    expect(at(sources, '1.secret')).to.deep.include({ optional: true });
    expect(at(sources, '1.secret.items')).to.deep.equal(
      ['backup.json', 'sealed_data', 'sealed_key'].map((key) => ({ key, path: `${name}-2/${key}` })),
    );
  });

  it('runs beside no Coordinator, and where the Coordinator will run', async () => {
    const { affinity, ...spec } = await restored({ nodeSelector: { disk: 'ssd' } });
    const [apart] = at(affinity, 'podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution') as Tree[];
    expect(apart).to.deep.equal({
      topologyKey: 'kubernetes.io/os',
      labelSelector: {
        matchLabels: { [component]: 'coordinator', 'edgeless.systems/control-plane-ns': 'marblerun' },
      },
    });
    expect(
      at(affinity, 'podAffinity.preferredDuringSchedulingIgnoredDuringExecution.0.podAffinityTerm'),
    ).to.deep.equal({
      topologyKey: 'kubernetes.io/hostname',
      labelSelector: { matchLabels: { 'marblerun-hooks/placement-group': 'coordinator' } },
    });
    expect(spec.nodeSelector).to.deep.equal({ 'kubernetes.io/os': 'linux', disk: 'ssd' });
  });

  it('writes into the seal directory as the Coordinator’s user', async () => {
    const coordinator = {
      sealDir: '/coordinator/data/mesh',
      pvcName: 'mine',
      podSecurityContext: { runAsUser: 1000, fsGroup: 2000 },
      securityContext: { runAsUser: 1001, capabilities: { drop: ['ALL'] } },
    };
    const spec = await restored({ coordinator });
    expect(spec.securityContext).to.deep.equal({
      runAsUser: 1001,
      fsGroup: 2000,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(at(spec, 'containers.0.args')).to.include('--seal-dir=/coordinator/data/mesh');
    expect(at(spec, 'volumes.0.persistentVolumeClaim.claimName')).to.equal('mine');
    expect(at(await restored(), 'securityContext')).to.deep.equal({
      runAsUser: 0,
      seccompProfile: { type: 'RuntimeDefault' },
    });
  });

  it('restores the newest copy and replaces nothing, unless its environment says otherwise', async () => {
    const container = at(await restored(), 'containers.0') as Tree;
    expect(container.args).to.include.members(['--copy=$(COPY)', '--put-aside=$(REPLACE)']);
    expect(container.env).to.deep.equal([
      { name: 'COPY', value: '' },
      { name: 'REPLACE', value: 'no' },
    ]);
    expect(container.securityContext).to.deep.equal({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
    });
  });
});
