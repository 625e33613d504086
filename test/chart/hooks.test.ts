import { expect } from 'chai';
import { parse } from 'yaml';
import { parseSettings } from '../../hooks/core/settings.ts';
import { at, bothClients, find, render, rendered, type Manifest, type Tree } from './render.ts';

const hooks = ['preflight', 'rollout'] as const;
type Hook = (typeof hooks)[number];

const events: Record<Hook, string> = {
  preflight: 'pre-install,pre-upgrade,pre-rollback',
  rollout: 'post-install,post-upgrade,post-rollback',
};

const weights = {
  ServiceAccount: '-20',
  Role: '-19',
  RoleBinding: '-18',
  ClusterRole: '-17',
  ClusterRoleBinding: '-16',
  ConfigMap: '-14',
  Job: '0',
};

const jobName = (hook: Hook): string => `marblerun-coordinator-${hook}`;

function objectsOf(hook: Hook, manifests: readonly Manifest[]): Manifest[] {
  return manifests.filter(
    ({ metadata }) =>
      metadata.annotations?.['helm.sh/hook'] === events[hook] && metadata.name.startsWith(jobName(hook)),
  );
}

async function files(hook: Hook, values: Tree = {}): Promise<Record<string, Tree>> {
  const { data } = await rendered('ConfigMap', jobName(hook), values);
  return Object.fromEntries(
    Object.entries(data as Record<string, string>).map(([name, text]) => [name, parse(text) as Tree]),
  );
}

for (const hook of hooks) {
  describe(`The ${hook} hook`, () => {
    for (const client of bothClients) {
      it(`consists of one object of each kind, made in order, with ${client}`, async () => {
        const objects = objectsOf(hook, await render({}, client));
        const found = objects.map(({ kind, metadata }) => [
          kind,
          metadata.annotations?.['helm.sh/hook-weight'],
        ]);
        expect(Object.fromEntries(found)).to.deep.equal(weights);
        expect(found).to.have.lengthOf(Object.keys(weights).length);
      });
    }

    it('deletes its objects before it makes them again, and after success, but keeps a failed Job', async () => {
      for (const { metadata } of objectsOf(hook, await render())) {
        expect(metadata.annotations).to.include({
          'helm.sh/hook-delete-policy': 'before-hook-creation,hook-succeeded',
        });
      }
    });

    it('names its objects after itself, and those that all namespaces share after the namespace as well', async () => {
      for (const { kind, metadata } of objectsOf(hook, await render())) {
        const shared = kind.startsWith('Cluster');
        expect(metadata.name).to.equal(shared ? `${jobName(hook)}-marblerun` : jobName(hook));
        expect(metadata.namespace).to.equal(shared ? undefined : 'marblerun');
      }
    });

    it('is one Job that ends in time, and at once where its exit code says what is wrong', async () => {
      const job = await rendered('Job', jobName(hook));
      expect(job.metadata.annotations).to.include({
        'helm.sh/hook-output-log-policy': 'hook-succeeded,hook-failed',
      });
      const { template, ...spec } = job.spec as Tree;
      expect(spec).to.deep.equal({
        backoffLimit: 2,
        activeDeadlineSeconds: 280,
        podFailurePolicy: {
          rules: [
            { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
            {
              action: 'FailJob',
              onExitCodes: { containerName: 'marblerun-hooks', operator: 'In', values: [1, 2, 3] },
            },
          ],
        },
      });
      expect(at(template, 'spec.restartPolicy')).to.equal('Never');
    });

    it('runs its command as a ServiceAccount of its own, with the settings mounted', async () => {
      const spec = at(await rendered('Job', jobName(hook)), 'spec.template.spec') as Tree;
      expect(spec.serviceAccountName).to.equal(jobName(hook));
      expect(spec.volumes).to.deep.equal([{ name: 'config', configMap: { name: jobName(hook) } }]);
      const container = at(spec, 'containers.0') as Tree;
      expect(container).to.deep.include({
        name: 'marblerun-hooks',
        args: [hook, '--config', '/etc/marblerun-hooks'],
        terminationMessagePolicy: 'FallbackToLogsOnError',
        volumeMounts: [{ name: 'config', mountPath: '/etc/marblerun-hooks', readOnly: true }],
        resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '192Mi' } },
      });
      expect((container.env as Tree[]).map(({ name }) => name)).to.deep.equal([
        'POD_NAMESPACE',
        'POD_NAME',
        'JOB_NAME',
        'NODE_OPTIONS',
      ]);
      expect(container.env).to.deep.include({
        name: 'NODE_OPTIONS',
        value: '--max-semi-space-size=1 --expose-gc',
      });
    });

    it('passes the restricted Pod Security Standard', async () => {
      const spec = at(await rendered('Job', jobName(hook)), 'spec.template.spec') as Tree;
      expect(spec.securityContext).to.deep.equal({
        runAsNonRoot: true,
        runAsUser: 65532,
        runAsGroup: 65532,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      expect(at(spec, 'containers.0.securityContext')).to.deep.equal({
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        readOnlyRootFilesystem: true,
      });
    });

    it('gets no sidecar, whatever all pods get, unless hooks are told to', async () => {
      const inject = { 'sidecar.istio.io/inject': 'true' };
      const global = { podLabels: inject, podAnnotations: inject };
      const metadata = at(await rendered('Job', jobName(hook), { global }), 'spec.template.metadata') as Tree;
      expect(metadata.labels).to.include({ 'sidecar.istio.io/inject': 'false' });
      expect(metadata.annotations).to.include({
        'sidecar.istio.io/inject': 'false',
        'linkerd.io/inject': 'disabled',
      });
      const told = await rendered('Job', jobName(hook), { global, hooks: { podLabels: inject } });
      expect(at(told, 'spec.template.metadata.labels')).to.include(inject);
    });

    it('knows the very Deployment that is applied', async () => {
      for (const values of [
        {},
        { coordinator: { version: 'v1.8.0', simulation: true }, nodeSelector: { disk: 'ssd' } },
      ]) {
        const manifests = await render(values);
        expect((await files(hook, values))['deployment.json']).to.deep.equal(
          find(manifests, 'Deployment', 'marblerun-coordinator'),
        );
      }
    });

    it('knows the settings of the release', async () => {
      const values = {
        coordinator: {
          coordinatorImageVersion: '1.8',
          pvcName: 'mine',
          simulation: true,
          clientServerPort: 5000,
        },
        placement: { stickiness: 'none', avoidNodes: ['a', '1'] },
        hooks: { acknowledge: ['recovery-expected:3f2a', '007'], preflight: { mode: 'warn' } },
        rollout: { restart: 'never', nonce: '1e3', namespaces: ['null'] },
      };
      const { values: known, defaults, ...settings } = (await files(hook, values))['settings.json'] ?? {};
      expect(defaults).to.have.nested.property('coordinator.clientServerPort', 4433);
      expect(settings).to.deep.equal({
        schemaVersion: 1,
        release: { name: 'marblerun-coordinator', namespace: 'marblerun', revision: 1 },
        chart: { name: 'marblerun-coordinator', version: '0.1.0', appVersion: 'v1.9.1' },
        claim: {},
        oldKeys: [{ key: 'coordinator.coordinatorImageVersion', successor: 'coordinator.version' }],
        coordinator: {
          deployment: 'marblerun-coordinator',
          container: 'coordinator',
          version: '1.8',
          simulation: true,
          clientPort: 5000,
          meshPort: 2001,
          persistentVolumeClaim: 'mine',
        },
        anchor: { deployment: '' },
        placement: {
          stickiness: 'none',
          avoidNodes: ['a', '1'],
          groupLabel: { key: 'marblerun-hooks/placement-group', value: 'coordinator' },
        },
        hooks: {
          acknowledge: ['recovery-expected:3f2a', '007'],
          deadlineSeconds: 200,
          preflight: { mode: 'warn' },
        },
        recovery: { mode: 'manual' },
        backup: { enabled: true, copies: 3 },
        rollout: {
          restart: 'never',
          maxConcurrent: 5,
          nonce: '1e3',
          onDelete: 'report',
          namespaces: ['null'],
          detach: false,
          detachedDeadlineSeconds: 3600,
        },
      });
      const told = { 'coordinator.pvcName': 'mine', 'placement.avoidNodes': ['a', '1'] };
      expect(known).to.deep.nested.include(told);
    });

    it('can read its settings', async () => {
      const settings = (await files(hook))['settings.json'];
      expect(parseSettings(settings).anchor.deployment).to.equal('marblerun-coordinator-anchor');
    });

    it('is left out with `hooks.enabled: false`, or with its own switch', async () => {
      const other = hooks.find((name) => name !== hook) ?? hook;
      const without = await render({ hooks: { [hook]: { enabled: false } } });
      expect(objectsOf(hook, without)).to.be.empty;
      expect(objectsOf(other, without)).not.to.be.empty;
      expect(objectsOf(hook, await render({ hooks: { enabled: false } }))).to.be.empty;
    });

    it('takes annotations for its objects, such as those of Argo CD, and the place where it runs', async () => {
      const place = { nodeSelector: { pool: 'infra' }, tolerations: [{ key: 'infra', operator: 'Exists' }] };
      const values = { hooks: { annotations: { 'argocd.argoproj.io/hook': 'Skip' }, ...place } };
      const objects = objectsOf(hook, await render(values));
      for (const { metadata } of objects) {
        expect(metadata.annotations).to.include({ 'argocd.argoproj.io/hook': 'Skip' });
      }
      expect(at(find(objects, 'Job', jobName(hook)), 'spec.template.spec')).to.deep.include({
        nodeSelector: { 'kubernetes.io/os': 'linux', pool: 'infra' },
        tolerations: place.tolerations,
      });
    });
  });
}

describe('The pin', () => {
  it('is a pod of the placement group that goes where the Coordinator goes, and ends by itself', async () => {
    const values = { nodeSelector: { disk: 'ssd' } };
    const pin = (await files('preflight', values))['pin.json'];
    const anchor = await rendered('Deployment', 'marblerun-coordinator-anchor', values);
    expect(at(pin, 'metadata.name')).to.equal('marblerun-coordinator-pin');
    expect(at(pin, 'metadata.labels')).to.include({
      'marblerun-hooks/placement-group': 'coordinator',
      'edgeless.systems/control-plane-component': 'coordinator-pin',
    });
    for (const field of ['nodeSelector', 'tolerations', 'securityContext', 'containers.0.image']) {
      expect(at(pin, `spec.${field}`), field).to.deep.equal(at(anchor, `spec.template.spec.${field}`));
    }
    expect(at(pin, 'spec')).to.include({ restartPolicy: 'Never', activeDeadlineSeconds: 3600 });
  });

  it('has no ServiceAccount and holds nothing when it is told to go', async () => {
    const pin = (await files('preflight'))['pin.json'];
    expect(at(pin, 'spec')).to.include({
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 5,
    });
    expect(at(pin, 'spec')).not.to.have.property('serviceAccountName');
    expect(at(pin, 'spec.containers.0.args')).to.deep.equal([
      'watch',
      '--coordinator',
      'https://coordinator-client-api.marblerun.svc:4433',
    ]);
  });
});
