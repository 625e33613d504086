import { expect } from 'chai';
import { at, bothClients, find, render, rendered, type Manifest, type Tree } from './render.ts';

const volume = { name: 'ca', configMap: { name: 'ca' } };
const claim = {
  metadata: { annotations: { note: 'hunter2' } },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
};
const inlineVolumes = [
  {
    name: 'csi',
    csi: { driver: 'd', volumeAttributes: { key: 'hunter2' }, nodePublishSecretRef: { name: 's' } },
  },
  { name: 'flex', flexVolume: { driver: 'd', options: { key: 'hunter2' }, secretRef: { name: 's' } } },
  { name: 'scratch', ephemeral: { volumeClaimTemplate: claim } },
  { name: 'git', gitRepo: { repository: 'https://hunter2@git.example.com' } },
];
const mount = { name: 'ca', mountPath: '/etc/ca' };
const extras = {
  podLabels: { team: 'mesh' },
  podAnnotations: { note: 'ours' },
  topologySpreadConstraints: [
    {
      maxSkew: 1,
      topologyKey: 'zone',
      whenUnsatisfiable: 'ScheduleAnyway',
      labelSelector: { matchLabels: { team: 'mesh' } },
    },
  ],
  priorityClassName: 'vital',
  runtimeClassName: 'kata',
  terminationGracePeriodSeconds: 90,
  revisionHistoryLimit: 0,
  extraEnv: [
    { name: 'PROXY_PASSWORD', value: 'hunter2' },
    { name: 'HTTPS_PROXY', valueFrom: { secretKeyRef: { name: 'proxy', key: 'url' } } },
  ],
  extraEnvFrom: [{ secretRef: { name: 'more' } }],
  extraVolumes: [volume],
  extraVolumeMounts: [mount],
  initContainers: [{ name: 'wait', image: 'busybox', args: ['--password=hunter2'], volumeMounts: [mount] }],
  extraContainers: [
    {
      name: 'proxy',
      image: 'envoy',
      command: ['envoy', 'hunter2'],
      env: [{ name: 'TOKEN', value: 'hunter2' }],
      resources: { requests: { cpu: '1' } },
    },
  ],
};
const inNodes = (...values: string[]): Tree => ({ key: 'disk', operator: 'In', values });
const awayFrom = (node: string): Tree => ({ key: 'metadata.name', operator: 'NotIn', values: [node] });

async function podSpec(name: string, values: Tree): Promise<Tree> {
  return at(await rendered('Deployment', name, values), 'spec.template.spec') as Tree;
}

function file(manifests: readonly Manifest[], name: string): string {
  const { data } = find(manifests, 'ConfigMap', 'marblerun-coordinator-preflight');
  return (data as Record<string, string>)[name] ?? '';
}

describe('What the user adds to the Coordinator', () => {
  it('is in its pod, after what the chart put there', async () => {
    const deployment = await rendered('Deployment', 'marblerun-coordinator', { coordinator: extras });
    expect(at(deployment, 'spec.revisionHistoryLimit')).to.equal(0);
    expect(at(deployment, 'spec.template.metadata.labels')).to.include(extras.podLabels);
    expect(at(deployment, 'spec.template.metadata.annotations')).to.deep.equal(extras.podAnnotations);
    const { containers, initContainers, volumes, ...spec } = at(deployment, 'spec.template.spec') as Tree;
    const [own, ...others] = containers as Tree[];
    expect(own?.name).to.equal('coordinator');
    expect((own?.env as Tree[]).slice(-2)).to.deep.equal(extras.extraEnv);
    expect(own?.envFrom).to.deep.equal(extras.extraEnvFrom);
    expect((own?.volumeMounts as Tree[]).at(-1)).to.deep.equal(mount);
    expect((volumes as Tree[]).at(-1)).to.deep.equal(volume);
    expect(others).to.deep.equal(extras.extraContainers);
    expect(initContainers).to.deep.equal(extras.initContainers);
    const { topologySpreadConstraints, priorityClassName, runtimeClassName } = extras;
    expect(spec).to.deep.include({ topologySpreadConstraints, priorityClassName, runtimeClassName });
    expect(spec.terminationGracePeriodSeconds).to.equal(90);
  });

  it('may be null', async () => {
    const nulled = Object.fromEntries(Object.keys({ ...extras, affinity: {} }).map((key) => [key, null]));
    const values = { coordinator: nulled, hooks: { affinity: null, priorityClassName: null } };
    for (const client of bothClients) {
      const [one, other] = [await render(values, client), await render({}, client)];
      for (const name of ['marblerun-coordinator', 'marblerun-coordinator-anchor']) {
        expect(find(one, 'Deployment', name)).to.deep.equal(find(other, 'Deployment', name));
      }
    }
  });

  it('has no label in a selector', async () => {
    const deployment = await rendered('Deployment', 'marblerun-coordinator', { coordinator: extras });
    expect(at(deployment, 'spec.selector.matchLabels')).not.to.have.property('team');
  });

  it('has the last word over annotations for every pod', async () => {
    const values = { global: { podAnnotations: { note: 'all', other: 'x' } }, coordinator: extras };
    const deployment = await rendered('Deployment', 'marblerun-coordinator', values);
    expect(at(deployment, 'spec.template.metadata.annotations')).to.deep.equal({ note: 'ours', other: 'x' });
  });

  it('shows the hooks no secret, and still the containers that a node has to take', async () => {
    const manifests = await render({ coordinator: extras });
    for (const name of ['marblerun-coordinator-preflight', 'marblerun-coordinator-rollout']) {
      expect(JSON.stringify(find(manifests, 'ConfigMap', name))).not.to.contain('hunter2');
    }
    const pod = at(JSON.parse(file(manifests, 'deployment.json')), 'spec.template.spec') as Tree;
    expect(at(pod, 'containers.1')).to.deep.equal({
      name: 'proxy',
      image: 'envoy',
      resources: { requests: { cpu: '1' } },
    });
    expect(at(pod, 'initContainers.0.name')).to.equal('wait');
    const values = at(JSON.parse(file(manifests, 'settings.json')), 'values.coordinator.extraEnv.0') as Tree;
    expect(values.value).to.match(/^sha256:[0-9a-f]{8}$/);
  });

  it('shows the hooks no annotation of its pod that sounds like a secret', async () => {
    const podAnnotations = { 'example.com/api-token': 'hunter2', note: 'ours' };
    const copy = file(await render({ coordinator: { podAnnotations } }), 'deployment.json');
    expect(copy).not.to.contain('hunter2');
    const annotations = at(JSON.parse(copy), 'spec.template.metadata.annotations') as Tree;
    expect(annotations.note).to.equal('ours');
    expect(annotations['example.com/api-token']).to.match(/^sha256:[0-9a-f]{8}$/);
  });

  it('shows the hooks nothing that a volume holds in itself, and still what it is', async () => {
    const manifests = await render({ coordinator: { extraVolumes: [volume, ...inlineVolumes] } });
    for (const name of ['marblerun-coordinator-preflight', 'marblerun-coordinator-rollout']) {
      expect(JSON.stringify(find(manifests, 'ConfigMap', name))).not.to.contain('hunter2');
    }
    const pod = at(JSON.parse(file(manifests, 'deployment.json')), 'spec.template.spec') as Tree;
    const values = at(JSON.parse(file(manifests, 'settings.json')), 'values.coordinator.extraVolumes');
    expect((pod.volumes as Tree[]).slice(-5)).to.deep.equal(values);
    expect(at(values, '0')).to.deep.equal(volume);
    const csi = at(values, '1.csi') as Tree;
    expect(csi).to.deep.include({ driver: 'd', nodePublishSecretRef: { name: 's' } });
    expect(at(csi, 'volumeAttributes.key')).to.match(/^sha256:[0-9a-f]{8}$/);
    expect(at(values, '3.ephemeral.volumeClaimTemplate.spec')).to.deep.equal(claim.spec);
  });

  it('leaves the hooks the very Deployment where there is nothing to hide', async () => {
    const manifests = await render({ coordinator: { affinity: { nodeAffinity: {} } } });
    const copy: unknown = JSON.parse(file(manifests, 'deployment.json'));
    expect(copy).to.deep.equal(find(manifests, 'Deployment', 'marblerun-coordinator'));
  });

  it('lets the anchor outlast it, with the same priority', async () => {
    const spec = await podSpec('marblerun-coordinator-anchor', { coordinator: extras });
    expect(spec).to.include({ terminationGracePeriodSeconds: 120, priorityClassName: 'vital' });
    expect(at(spec, 'containers.0.args')).to.include.members(['--hold', '110']);
    expect(spec).not.to.have.property('runtimeClassName');
  });
});

describe("The user's affinity", () => {
  const nodeAffinity = {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchExpressions: [inNodes('a')] }, { matchExpressions: [inNodes('b')] }],
    },
  };
  const podAntiAffinity = {
    requiredDuringSchedulingIgnoredDuringExecution: [
      { topologyKey: 'zone', labelSelector: { matchLabels: { app: 'db' } } },
    ],
  };
  const wish = {
    weight: 1,
    podAffinityTerm: { topologyKey: 'zone', labelSelector: { matchLabels: { app: 'db' } } },
  };

  it("is added to the placement group's, and the anchor has its part about nodes", async () => {
    const podAffinity = { preferredDuringSchedulingIgnoredDuringExecution: [wish] };
    const values = { coordinator: { affinity: { nodeAffinity, podAffinity, podAntiAffinity } } };
    const { affinity } = await podSpec('marblerun-coordinator', values);
    expect(affinity).to.deep.include({ nodeAffinity, podAntiAffinity });
    expect(at(affinity, 'podAffinity.preferredDuringSchedulingIgnoredDuringExecution')).to.deep.equal([wish]);
    expect(at(affinity, 'podAffinity.requiredDuringSchedulingIgnoredDuringExecution')).to.have.length(1);
    const { affinity: anchor } = await podSpec('marblerun-coordinator-anchor', values);
    expect(anchor).to.have.all.keys('nodeAffinity', 'podAffinity').and.to.deep.include({ nodeAffinity });
  });

  it('stands beside a placement group that is only a wish', async () => {
    const podAffinity = { preferredDuringSchedulingIgnoredDuringExecution: [wish] };
    const values = { placement: { stickiness: 'preferred' }, coordinator: { affinity: { podAffinity } } };
    const { affinity } = await podSpec('marblerun-coordinator', values);
    const wishes = at(affinity, 'podAffinity.preferredDuringSchedulingIgnoredDuringExecution') as Tree[];
    expect(wishes).to.have.length(2);
    expect(wishes.at(-1)).to.deep.equal(wish);
  });

  it('has the nodes to leave in each of its alternatives', async () => {
    const values = { placement: { avoidNodes: ['old'] }, coordinator: { affinity: { nodeAffinity } } };
    for (const name of ['marblerun-coordinator', 'marblerun-coordinator-anchor']) {
      const { affinity } = await podSpec(name, values);
      const required = at(affinity, 'nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution');
      expect(at(required, 'nodeSelectorTerms')).to.deep.equal([
        { matchExpressions: [inNodes('a')], matchFields: [awayFrom('old')] },
        { matchExpressions: [inNodes('b')], matchFields: [awayFrom('old')] },
      ]);
    }
  });

  it('stands alone with several Coordinators, which need no group, and their spread gives way', async () => {
    const podAffinity = {
      requiredDuringSchedulingIgnoredDuringExecution: [wish.podAffinityTerm],
    };
    const { topologySpreadConstraints } = extras;
    const several = { distributedDeployment: true, replicas: 3 };
    const spec = await podSpec('marblerun-coordinator', {
      coordinator: { ...several, topologySpreadConstraints, affinity: { nodeAffinity, podAffinity } },
    });
    expect(spec.affinity).to.deep.include({ nodeAffinity, podAffinity });
    expect(spec.topologySpreadConstraints).to.deep.equal(topologySpreadConstraints);
  });

  it('and the priority class of the hooks are in their pods', async () => {
    const manifests = await render({
      hooks: { affinity: { nodeAffinity }, priorityClassName: 'vital' },
      rollout: { detach: true },
    });
    for (const name of ['marblerun-coordinator-preflight', 'marblerun-coordinator-rollout']) {
      const spec = at(find(manifests, 'Job', name), 'spec.template.spec');
      expect(spec).to.deep.include({ affinity: { nodeAffinity }, priorityClassName: 'vital' });
    }
  });
});
