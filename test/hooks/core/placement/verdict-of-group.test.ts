import { expect } from 'chai';
import type { PreflightFacts } from '../../../../hooks/core/facts.ts';
import { known, unknown } from '../../../../hooks/core/known.ts';
import { placementVerdict, type PlacementVerdict } from '../../../../hooks/core/placement/verdict.ts';
import { anchorPod, facts, node, pod, type Change } from '../../builders.ts';

const narrow = node(({ status = {} }) => {
  status.allocatable = { ...status.allocatable, 'sgx.intel.com/epc': '15Mi' };
});
const roomFor = (pods: number) =>
  node(({ status = {} }) => (status.allocatable = { ...status.allocatable, pods: String(pods) }));
const tight = node(({ status = {} }) => (status.allocatable = { ...status.allocatable, cpu: '1' }));

/** Title, what differs from an ordinary upgrade, the verdict. */
const cases: [string, Change<PreflightFacts>, PlacementVerdict][] = [
  [
    'must move when its group is on another node and nothing of it is on this one',
    (f) => {
      const astray = anchorPod(({ spec }) => (spec.nodeName = 'sgx-2'));
      f.group = [pod(), astray];
      f.node = known({ node: node(), pods: [pod()], elsewhere: known({ pods: [astray], nodes: [] }) });
    },
    {
      kind: 'must-move',
      node: 'sgx-1',
      filter: 'InterPodAffinity',
      reason: "node(s) didn't match pod affinity rules",
      detail: 'pod/marblerun-coordinator-anchor-66d5b5c4f9-q8gkz is on sgx-2',
    },
  ],
  [
    'is unknown while what is left of its group elsewhere is on its way out',
    (f) => {
      const leaving = anchorPod(({ metadata, spec }) => {
        spec.nodeName = 'sgx-2';
        metadata.deletionTimestamp = '2026-11-24T12:00:00Z';
      });
      f.group = [pod(), leaving];
      f.node = known({ node: node(), pods: [pod()], elsewhere: known({ pods: [leaving], nodes: [] }) });
    },
    {
      kind: 'unknown',
      node: 'sgx-1',
      reason:
        "pods that are on their way out stand against it: node(s) didn't match pod affinity rules (InterPodAffinity)",
    },
  ],
  [
    'stays without an anchor where a pin fits beside the old pod',
    (f) => {
      f.group = [pod()];
      f.node = known({ node: node(), pods: [pod()] });
    },
    { kind: 'stays', node: 'sgx-1' },
  ],
  [
    'may move without an anchor where no pin fits beside the old pod',
    (f) => {
      f.group = [pod()];
      f.node = known({ node: roomFor(1), pods: [pod()] });
    },
    {
      kind: 'may-move',
      node: 'sgx-1',
      reason:
        'a pin pod would have to hold the node until the anchor runs, and it does not fit there: Too many pods (NodeResourcesFit)',
    },
  ],
  [
    'may move without an anchor where the new pod does not fit beside a pin',
    (f) => {
      f.group = [pod()];
      f.node = known({ node: tight, pods: [pod()] });
      f.pin = anchorPod(({ metadata, spec }) => {
        metadata.name = 'marblerun-coordinator-pin';
        spec.containers = [{ name: 'pin', resources: { requests: { cpu: '500m' } } }];
      });
      f.target.spec.template.spec.containers[0] = {
        name: 'coordinator',
        resources: { requests: { cpu: '600m' } },
      };
    },
    {
      kind: 'may-move',
      node: 'sgx-1',
      reason:
        'a pin pod would have to hold the node until the anchor runs, and beside it there is no room for both: Insufficient cpu (NodeResourcesFit)',
    },
  ],
  [
    'may move when the first of a group may go anywhere, in spite of the pin',
    (f) => {
      const { spec, metadata = {} } = f.target.spec.template;
      metadata.labels = { ...metadata.labels, app: 'db' };
      const term = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'db' } } };
      spec.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.push(term);
      f.group = [pod()];
      f.node = known({ node: node(), pods: [pod()] });
    },
    {
      kind: 'may-move',
      node: 'sgx-1',
      reason: 'the rules of its pod do not tie it to the placement group',
    },
  ],
  [
    'is unknown when the scheduler may evict a pod of a lower priority',
    (f) => {
      const weak = anchorPod((p) => {
        p.metadata.uid = 'weak';
        p.spec.containers = pod().spec.containers;
        p.spec.priority = -10;
      });
      f.node = known({ node: narrow, pods: [pod(), anchorPod(), weak] });
    },
    {
      kind: 'unknown',
      node: 'sgx-1',
      reason:
        'the scheduler may evict pods of a lower priority for it: Insufficient sgx.intel.com/epc (NodeResourcesFit)',
    },
  ],
  [
    'is unknown when the priority changes and any pod may be evicted',
    (f) => {
      f.target.spec.template.spec.priorityClassName = 'important';
      const other = anchorPod((p) => {
        p.metadata.uid = 'other';
        p.spec.containers = pod().spec.containers;
      });
      f.node = known({ node: narrow, pods: [pod(), anchorPod(), other] });
    },
    {
      kind: 'unknown',
      node: 'sgx-1',
      reason:
        'the scheduler may evict pods of a lower priority for it: Insufficient sgx.intel.com/epc (NodeResourcesFit)',
    },
  ],
  [
    'is unknown when the old pod ends first but is not waited for',
    (f) => {
      f.target.spec.strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } };
      f.node = known({ node: narrow, pods: [pod(), anchorPod()] });
    },
    {
      kind: 'unknown',
      node: 'sgx-1',
      reason: 'the old pod ends first, and whether it is gone in time is not known (maxSurge is 0)',
    },
  ],
  [
    'is unknown when the pod names its node and the node is full',
    (f) => {
      f.target.spec.template.spec.nodeName = 'sgx-1';
      f.node = known({ node: roomFor(0), pods: [pod(), anchorPod()] });
    },
    {
      kind: 'unknown',
      node: 'sgx-1',
      reason: 'the pod names its node itself, past the scheduler: Too many pods (NodeResourcesFit)',
    },
  ],
  [
    'moves as declared from the recorded node, which may not be read and which no pod names',
    (f) => {
      f.settings.placement.avoidNodes = ['sgx-1'];
      f.pods = [pod((p) => delete p.spec.nodeName)];
      f.node = unknown('forbidden');
    },
    { kind: 'moves-as-declared', node: 'sgx-1' },
  ],
];

describe('placementVerdict of the group, the pin and what may give way', () => {
  for (const [title, change, verdict] of cases) {
    it(title, () => {
      expect(placementVerdict(facts(change))).to.deep.equal(verdict);
    });
  }
});
