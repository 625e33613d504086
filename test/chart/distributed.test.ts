import { expect } from 'chai';
import type { Role } from '../audit/rights.ts';
import { at, find, render, setting, type Manifest, type Tree } from './render.ts';

const name = 'marblerun-coordinator';

function distributed(more: Tree = {}): Tree {
  return { coordinator: { distributedDeployment: true, replicas: 3, ...more } };
}

const deploymentOf = (manifests: readonly Manifest[]): Manifest => find(manifests, 'Deployment', name);
const podSpec = 'spec.template.spec';

function environmentOf(manifests: readonly Manifest[]): Record<string, unknown> {
  const variables = at(deploymentOf(manifests), `${podSpec}.containers.0.env`) as {
    name: string;
    value?: string;
    valueFrom?: unknown;
  }[];
  return Object.fromEntries(variables.map(({ name: key, value, valueFrom }) => [key, value ?? valueFrom]));
}

/** What hooks are told of the release. */
function filesOf(manifests: readonly Manifest[]): Record<string, string> {
  return find(manifests, 'ConfigMap', `${name}-preflight`).data as Record<string, string>;
}

describe('Several Coordinators that share a state', () => {
  it('are replaced one at a time, with a moment to fetch the key, and never all at once', async () => {
    const { spec } = deploymentOf(await render(distributed()));
    expect(spec).to.deep.include({
      replicas: 3,
      minReadySeconds: 10,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
    });
  });

  it('spread over hosts and are in no need of a placement group, but leave the nodes that they are to leave', async () => {
    const spec = at(deploymentOf(await render(distributed())), podSpec) as Tree;
    expect(spec.affinity).not.to.have.property('podAffinity');
    expect(spec.topologySpreadConstraints).to.deep.equal([
      {
        maxSkew: 1,
        topologyKey: 'kubernetes.io/hostname',
        whenUnsatisfiable: 'ScheduleAnyway',
        matchLabelKeys: ['pod-template-hash'],
        labelSelector: {
          matchLabels: {
            'edgeless.systems/control-plane-component': 'coordinator',
            'edgeless.systems/control-plane-ns': 'marblerun',
          },
        },
      },
    ]);
    const leaving = await render({ ...distributed(), placement: { avoidNodes: ['sgx-1'] } });
    const affinity = at(deploymentOf(leaving), `${podSpec}.affinity`) as Tree;
    expect(affinity).to.have.all.keys('nodeAffinity', 'podAntiAffinity');
  });

  it('avoid the anchor by just as much as its wish to be near them draws them, as kube-scheduler counts it', async () => {
    const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';
    for (const [stickiness, weight] of Object.entries({ required: 1, preferred: 100 })) {
      const manifests = await render({ ...distributed(), placement: { stickiness } });
      const anchor = find(manifests, 'Deployment', `${name}-anchor`);
      const labels = at(anchor, 'spec.selector.matchLabels');
      const podAffinityTerm = {
        topologyKey: 'kubernetes.io/hostname',
        labelSelector: { matchLabels: labels },
      };
      expect(at(deploymentOf(manifests), `${podSpec}.affinity.podAntiAffinity`)).to.deep.equal({
        [preferred]: [{ weight, podAffinityTerm }],
      });
      const wish = at(anchor, `${podSpec}.affinity.podAffinity`) as Tree;
      // A required term counts as one of weight 1 (hardPodAffinityWeight).
      const drawn = stickiness === 'required' ? 1 : at(wish, `${preferred}.0.weight`);
      expect(drawn).to.equal(weight);
    }
    const without = await render({ ...distributed(), placement: { stickiness: 'none' } });
    expect(at(deploymentOf(without), podSpec)).not.to.have.property('affinity');
  });

  it('have the user’s terms about other pods besides', async () => {
    const term = { weight: 5, podAffinityTerm: { topologyKey: 'zone', labelSelector: {} } };
    const podAntiAffinity = { preferredDuringSchedulingIgnoredDuringExecution: [term] };
    const deployment = deploymentOf(await render(distributed({ affinity: { podAntiAffinity } })));
    const terms = at(
      deployment,
      `${podSpec}.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution`,
    );
    expect(terms).to.have.length(2).and.to.deep.include(term);
  });

  it('are told where state, keys and the other Coordinators are, under upstream’s names', async () => {
    const env = environmentOf(await render(distributed()));
    expect(env).to.deep.include({
      EDG_STORE_BACKEND: 'k8s-secret',
      EDG_K8S_STATE_NAME: 'marblerun-state',
      EDG_K8S_SERVICE_NAME: 'coordinator-key-api',
      EDG_K8S_KEK_MAP: 'marblerun-sealed-kek',
      EDG_K8S_NAMESPACE: 'marblerun',
      EDG_DISTRIBUTED_COORDINATOR: '1',
    });
    expect(env.EDG_COORDINATOR_DNS_NAMES)
      .to.contain(',coordinator-key-api,')
      .and.to.contain(',coordinator-key-api.marblerun.svc.cluster.local');
  });

  it('mount no volume, make no claim and have no copies of one', async () => {
    const manifests = await render(distributed());
    const names = (at(deploymentOf(manifests), `${podSpec}.volumes`) as { name: string }[]).map(
      (volume) => volume.name,
    );
    expect(names).to.deep.equal(['dcap-conf']);
    const kinds = manifests.map(({ kind }) => kind);
    expect(kinds).not.to.include('PersistentVolumeClaim').and.not.to.include('CronJob');
    expect(JSON.parse(filesOf(manifests)['settings.json'] ?? '')).to.deep.include({
      backup: { enabled: false, copies: 3 },
    });
    const bare = await render({ ...distributed(), dcap: null });
    expect(at(deploymentOf(bare), podSpec)).not.to.have.property('volumes');
  });

  it('find each other by a Service with one EndpointSlice', async () => {
    const { spec } = find(await render(distributed()), 'Service', 'coordinator-key-api');
    expect(spec).to.deep.equal({
      type: 'ClusterIP',
      ipFamilyPolicy: 'SingleStack',
      selector: {
        'edgeless.systems/control-plane-component': 'coordinator',
        'edgeless.systems/control-plane-ns': 'marblerun',
      },
      ports: [{ name: 'grpc', port: 5433, targetPort: 5433, appProtocol: 'tcp' }],
    });
  });

  it('may read and write their own Secret and ConfigMap, and no other', async () => {
    const manifests = await render(distributed({ stateSecretName: 'state', kekConfigMap: 'keys' }));
    const role = find(manifests, 'Role', name) as unknown as Role;
    expect(role.rules).to.deep.equal([
      { apiGroups: [''], resources: ['secrets'], resourceNames: ['state'], verbs: ['get', 'update'] },
      { apiGroups: [''], resources: ['secrets'], verbs: ['create'] },
      { apiGroups: [''], resources: ['configmaps'], resourceNames: ['keys'], verbs: ['get', 'patch'] },
      { apiGroups: [''], resources: ['configmaps'], verbs: ['create'] },
      { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list'] },
    ]);
    expect(find(manifests, 'RoleBinding', name).subjects).to.deep.equal([
      { kind: 'ServiceAccount', name, namespace: 'marblerun' },
    ]);
  });
});

describe('A single Coordinator with a shared state', () => {
  it('is held on its node like a standalone one', async () => {
    const deployment = deploymentOf(await render(distributed({ replicas: 1 })));
    const standalone = deploymentOf(await render());
    for (const path of ['spec.strategy', `${podSpec}.affinity`]) {
      expect(at(deployment, path), path).to.deep.equal(at(standalone, path));
    }
    expect(deployment.spec).not.to.have.property('minReadySeconds');
    expect(at(deployment, podSpec)).not.to.have.property('topologySpreadConstraints');
  });
});

describe('Credentials for Azure', () => {
  const credentials = { clientID: 'the-client', tenantID: 'the-tenant', clientSecret: 'hunter2' };
  const secretKey = (secret: string, key: string) => ({ secretKeyRef: { name: secret, key } });

  it('become a Secret that the Coordinator reads, and stand nowhere else in clear', async () => {
    const manifests = await render(setting('coordinator.azureCredentials', credentials));
    const secret = find(manifests, 'Secret', 'coordinator-azure-credentials');
    const clear = Object.entries(secret.data as Record<string, string>).map(([key, value]) => [
      key,
      Buffer.from(value, 'base64').toString(),
    ]);
    expect(Object.fromEntries(clear)).to.deep.equal({
      AZURE_CLIENT_ID: 'the-client',
      AZURE_TENANT_ID: 'the-tenant',
      AZURE_CLIENT_SECRET: 'hunter2',
    });
    expect(environmentOf(manifests)).to.deep.include({
      EDG_AZURE_CLIENT_SECRET: secretKey('coordinator-azure-credentials', 'AZURE_CLIENT_SECRET'),
    });
    const others = JSON.stringify(manifests.filter((manifest) => manifest !== secret));
    const encoded = (secret.data as Record<string, string>).AZURE_CLIENT_SECRET ?? '';
    expect(others).not.to.contain('hunter2').and.not.to.contain(encoded);
  });

  it('are read from a Secret of the user’s, which the chart leaves alone', async () => {
    const manifests = await render(setting('coordinator.azureCredentials.secretName', 'mine'));
    expect(manifests.map(({ kind }) => kind)).not.to.include('Secret');
    expect(environmentOf(manifests)).to.deep.include({
      EDG_AZURE_CLIENT_ID: secretKey('mine', 'AZURE_CLIENT_ID'),
      EDG_AZURE_TENANT_ID: secretKey('mine', 'AZURE_TENANT_ID'),
      EDG_AZURE_CLIENT_SECRET: secretKey('mine', 'AZURE_CLIENT_SECRET'),
    });
  });

  it('give way to a workload identity, by label and annotation', async () => {
    const azureCredentials = { clientID: 'the-client', enableWorkloadIdentity: true };
    const manifests = await render(setting('coordinator.azureCredentials', azureCredentials));
    const use = 'azure.workload.identity/use';
    expect(at(deploymentOf(manifests), 'spec.template.metadata.labels')).to.deep.include({ [use]: 'true' });
    expect(find(manifests, 'ServiceAccount', name).metadata.annotations).to.deep.equal({
      'azure.workload.identity/client-id': 'the-client',
    });
    expect(environmentOf(manifests)).not.to.have.property('EDG_AZURE_CLIENT_ID');
    expect(manifests.map(({ kind }) => kind)).not.to.include('Secret');
  });

  it('are joined by what names the key in the HSM', async () => {
    const azureHSM = { keyName: 'k', vaultURL: 'https://vault', maaURL: 'https://maa' };
    const env = environmentOf(await render(setting('coordinator.azureHSM', azureHSM)));
    expect(env).to.deep.include({
      EDG_AZURE_HSM_KEY_NAME: 'k',
      EDG_AZURE_HSM_VAULT_URL: 'https://vault',
      EDG_MAA_URL: 'https://maa',
    });
    expect(env).not.to.have.property('EDG_AZURE_HSM_KEY_VERSION');
  });
});
