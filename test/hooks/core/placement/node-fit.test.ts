import { expect } from 'chai';
import type { NodeSelector, PodSpec } from '../../../../hooks/core/objects.ts';
import { beyondKnowledge, nodeRefusal } from '../../../../hooks/core/placement/node-fit.ts';
import type { NodeFacts } from '../../../../hooks/core/placement/scene.ts';
import { anchorPod, node, pod } from '../../builders.ts';

describe('nodeRefusal', () => {
  const next = pod(({ spec }) => {
    delete spec.nodeName;
  });

  it('accepts a healthy SGX node', () => {
    expect(nodeRefusal(next, { node: node(), pods: [] }, new Set())).to.equal(undefined);
  });

  it('names the filters in the order of the scheduler', () => {
    const picky = pod(({ metadata, spec }) => {
      spec.nodeName = 'sgx-2';
      spec.containers[0] = { ...spec.containers[0], name: 'c', ports: [{ hostPort: 4433 }] };
      const term = { topologyKey: 'kubernetes.io/hostname', labelSelector: {} };
      spec.affinity = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
      spec.topologySpreadConstraints = [
        { maxSkew: 1, topologyKey: 'rack', whenUnsatisfiable: 'DoNotSchedule', labelSelector: {} },
      ];
      metadata.uid = 'next';
    });
    const other = anchorPod(({ spec }) => {
      spec.containers = picky.spec.containers;
      spec.volumes = picky.spec.volumes ?? [];
    });
    const facts: NodeFacts = {
      node: node((object) => {
        object.spec = { unschedulable: true, taints: [{ key: 'broken', effect: 'NoSchedule' }] };
        object.metadata.labels = { 'topology.kubernetes.io/zone': '1', 'kubernetes.io/hostname': 'sgx-1' };
        object.status = {};
      }),
      pods: [other],
      claims: [{ name: 'coordinator-pv-claim' }],
    };
    const claim = {
      metadata: { name: 'coordinator-pv-claim', annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } },
      spec: { volumeName: 'pv-1', accessModes: ['ReadWriteOncePod'] },
    };
    const volume = {
      metadata: { name: 'pv-1', labels: { 'topology.kubernetes.io/zone': '2' } as Record<string, string> },
      spec: { nodeAffinity: { required: { nodeSelectorTerms: [{}] } } as { required?: NodeSelector } },
    };
    const { labels = {} } = facts.node.metadata;
    // What stands against the pod is put right, one after the other.
    const steps: [string, () => unknown][] = [
      ['VolumeRestrictions', () => (facts.claims = [{ name: 'coordinator-pv-claim', claim, volume }])],
      ['NodeUnschedulable', () => (facts.node.spec.unschedulable = false)],
      ['NodeName', () => (picky.spec.nodeName = 'sgx-1')],
      ['TaintToleration', () => (facts.node.spec.taints = [])],
      ['NodeAffinity', () => (labels['kubernetes.io/os'] = 'linux')],
      ['NodePorts', () => (other.spec.containers = [])],
      ['NodeResourcesFit', () => (facts.node.status = node().status ?? {})],
      ['VolumeRestrictions', () => (other.spec.volumes = [])],
      ['VolumeBinding', () => (volume.spec.nodeAffinity = {})],
      ['VolumeZone', () => (volume.metadata.labels = {})],
      ['PodTopologySpread', () => (labels.rack = 'r1')],
      ['InterPodAffinity', () => (facts.pods = [])],
    ];
    for (const [filter, mend] of steps) {
      expect(nodeRefusal(picky, facts, new Set())).to.have.property('filter', filter);
      mend();
    }
    expect(nodeRefusal(picky, facts, new Set())).to.equal(undefined);
  });

  it('lets a refusal stand whatever is in doubt before it', () => {
    const waiting = {
      name: 'data',
      claim: { metadata: { name: 'data' }, spec: { storageClassName: 'local' } },
      storageClass: {
        metadata: { name: 'local' },
        provisioner: 'local.example',
        volumeBindingMode: 'WaitForFirstConsumer',
      },
    };
    const facts: NodeFacts = { node: node(), pods: [], claims: [waiting] };
    expect(nodeRefusal(next, facts, new Set()))
      .to.have.property('doubt')
      .that.contains('class local');
    const alone = pod(({ spec }) => {
      const term = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'gone' } } };
      spec.affinity = { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
    });
    expect(nodeRefusal(alone, facts, new Set())).to.have.property('filter', 'InterPodAffinity');
  });

  for (const phase of ['Succeeded', 'Failed']) {
    it(`does not count a pod that has ${phase.toLowerCase()}`, () => {
      const full = node(({ status = {} }) => (status.allocatable = { ...status.allocatable, pods: '1' }));
      const ended = { ...pod(), status: { phase } };
      expect(nodeRefusal(next, { node: full, pods: [ended] }, new Set())).to.equal(undefined);
    });
  }

  it('counts what pods free that are gone by then, known by uid or name', () => {
    const full = node(({ status = {} }) => (status.allocatable = { ...status.allocatable, pods: '1' }));
    const nameless = pod(({ metadata }) => delete metadata.uid);
    for (const old of [pod(), nameless]) {
      const facts: NodeFacts = { node: full, pods: [old] };
      expect(nodeRefusal(next, facts, new Set())).to.have.property('reason', 'Too many pods');
      expect(nodeRefusal(next, facts, new Set([old.metadata.uid ?? old.metadata.name]))).to.equal(undefined);
    }
  });
});

describe('beyondKnowledge', () => {
  const cases: [string, Partial<PodSpec>, string | undefined][] = [
    ['an ordinary pod', {}, undefined],
    ['the default scheduler by name', { schedulerName: 'default-scheduler' }, undefined],
    [
      'another scheduler',
      { schedulerName: 'volcano' },
      'another scheduler places the pod (schedulerName: volcano)',
    ],
    ['a scheduling gate', { schedulingGates: [{ name: 'quota' }] }, 'the pod has scheduling gates'],
    [
      'a resource claim',
      { resourceClaims: [{ name: 'epc' }] },
      'the pod asks for devices by resource claims',
    ],
    [
      'a claim of the pod’s own',
      { volumes: [{ name: 'scratch', ephemeral: {} }] },
      'the pod gets a claim of its own for its volume scratch',
    ],
    [
      'a disk without a claim',
      { volumes: [{ name: 'disk', gcePersistentDisk: {} }] },
      'the pod mounts a disk without a claim (volume disk)',
    ],
    ['empty lists', { schedulingGates: [], resourceClaims: [] }, undefined],
  ];

  for (const [title, spec, expected] of cases) {
    it(`${expected === undefined ? 'judges' : 'does not judge'} ${title}`, () => {
      expect(beyondKnowledge({ containers: [], ...spec })).to.equal(expected);
    });
  }
});
