import { expect } from 'chai';
import type { PreflightFacts } from '../../../../hooks/core/facts.ts';
import { known, unknown } from '../../../../hooks/core/known.ts';
import { placementVerdict, type PlacementVerdict } from '../../../../hooks/core/placement/verdict.ts';
import { anchorPod, facts, node, pod, settings, type Change } from '../../builders.ts';

/** A node with enclave memory for one Coordinator, not for two. */
const narrow = node(({ status = {} }) => {
  status.allocatable = { ...status.allocatable, 'sgx.intel.com/epc': '15Mi' };
});
const full: PlacementVerdict = {
  kind: 'must-move',
  node: 'sgx-1',
  filter: 'NodeResourcesFit',
  reason: 'Insufficient sgx.intel.com/epc',
  detail: '10Mi asked, 5Mi of 15Mi free',
};
const cordoned = node(({ spec }) => {
  spec.unschedulable = true;
});

/** Title, what differs from an ordinary upgrade, the verdict. */
const cases: [string, Change<PreflightFacts>, PlacementVerdict][] = [
  ['stays on a node that takes its pod', () => undefined, { kind: 'stays', node: 'sgx-1' }],
  ['has no place before the first install', (f) => (f.live = undefined), { kind: 'nowhere-yet' }],
  [
    'is unknown when nothing names a node',
    (f) => (f.node = undefined),
    { kind: 'unknown', node: undefined, reason: 'no pod runs and no record names a node' },
  ],
  [
    'is unknown when the node may not be read',
    (f) => (f.node = unknown('nodes "sgx-1" is forbidden')),
    { kind: 'unknown', node: 'sgx-1', reason: 'nodes "sgx-1" is forbidden' },
  ],
  [
    'is unknown when another scheduler decides',
    (f) => (f.target.spec.template.spec.schedulerName = 'volcano'),
    {
      kind: 'unknown',
      node: 'sgx-1',
      reason: 'another scheduler places the pod (schedulerName: volcano)',
    },
  ],
  [
    'must move where the overhead of its RuntimeClass is what no longer fits',
    (f) => {
      f.target.spec.template.spec.runtimeClassName = 'kata';
      f.runtimeClass = known({ metadata: { name: 'kata' }, overhead: { podFixed: { cpu: '100' } } });
    },
    {
      kind: 'must-move',
      node: 'sgx-1',
      filter: 'NodeResourcesFit',
      reason: 'Insufficient cpu',
      detail: '100 asked, 3855m of 3860m free',
    },
  ],
  [
    'is unknown when its RuntimeClass may not be read',
    (f) => {
      f.target.spec.template.spec.runtimeClassName = 'kata';
      f.runtimeClass = unknown('runtimeclasses "kata" is forbidden');
    },
    {
      kind: 'unknown',
      node: 'sgx-1',
      reason:
        'the overhead and the nodes of RuntimeClass kata are not known: runtimeclasses "kata" is forbidden',
    },
  ],
  [
    'must move from a cordoned node',
    (f) => (f.node = known({ node: cordoned, pods: [] })),
    {
      kind: 'must-move',
      node: 'sgx-1',
      filter: 'NodeUnschedulable',
      reason: 'node(s) were unschedulable',
    },
  ],
  [
    'moves as declared from a node to avoid, cordoned or not',
    (f) => {
      f.settings = avoiding('sgx-1');
      f.node = known({ node: cordoned, pods: [] });
    },
    { kind: 'moves-as-declared', node: 'sgx-1' },
  ],
  [
    'moves as declared from a node that may not be read',
    (f) => {
      f.settings = avoiding('sgx-1');
      f.node = unknown('forbidden');
    },
    { kind: 'moves-as-declared', node: 'sgx-1' },
  ],
  [
    'moves as declared from the recorded node when no pod runs',
    (f) => {
      f.settings = avoiding('sgx-1');
      f.pods = [];
    },
    { kind: 'moves-as-declared', node: 'sgx-1' },
  ],
  [
    'stays when another node is to be avoided',
    (f) => (f.settings = avoiding('sgx-2')),
    { kind: 'stays', node: 'sgx-1' },
  ],
  [
    'may move when stickiness is preferred',
    (f) => (f.settings = sticking('preferred')),
    { kind: 'may-move', node: 'sgx-1', reason: 'placement.stickiness is preferred' },
  ],
  [
    'may move when stickiness is none',
    (f) => (f.settings = sticking('none')),
    { kind: 'may-move', node: 'sgx-1', reason: 'placement.stickiness is none' },
  ],
  [
    'may move when a pod of its group is on another node',
    (f) => (f.group = [pod(), anchorPod(({ spec }) => (spec.nodeName = 'sgx-2'))]),
    {
      kind: 'may-move',
      node: 'sgx-1',
      reason: 'pod/marblerun-coordinator-anchor-66d5b5c4f9-q8gkz of the placement group is on sgx-2',
    },
  ],
  [
    'stays while a pod of its group has no node yet',
    (f) => (f.group = [pod(), anchorPod(({ spec }) => delete spec.nodeName)]),
    { kind: 'stays', node: 'sgx-1' },
  ],
  [
    'stays on a node that is full only because of its old pod',
    (f) => {
      const taken = node(({ status = {} }) => (status.allocatable = { ...status.allocatable, pods: '2' }));
      f.node = known({ node: taken, pods: [pod(), anchorPod()] });
    },
    { kind: 'stays', node: 'sgx-1' },
  ],
  [
    'stays where its old pod is on its way out',
    (f) => {
      const ending = pod(({ metadata }) => (metadata.deletionTimestamp = '2026-11-24T12:00:00Z'));
      f.pods = [];
      f.node = known({ node: narrow, pods: [ending, anchorPod()] });
    },
    { kind: 'stays', node: 'sgx-1' },
  ],
  [
    'is unknown when the chart asks for an amount that is none',
    (f) => {
      const [container] = f.target.spec.template.spec.containers;
      Object.assign(container ?? {}, { resources: { limits: { cpu: '1 core' } } });
    },
    { kind: 'unknown', node: 'sgx-1', reason: '"1 core" is not a Kubernetes quantity' },
  ],
  [
    'is unknown when the node has an amount that is none',
    (f) => {
      const odd = node(({ status = {} }) => (status.allocatable = { cpu: 'x', pods: '9' }));
      f.node = known({ node: odd, pods: [] });
    },
    { kind: 'unknown', node: 'sgx-1', reason: '"x" is not a Kubernetes quantity' },
  ],
  [
    'must move when its old pod stays until the new one runs',
    (f) => {
      f.target.spec.strategy = { type: 'RollingUpdate' };
      f.node = known({ node: narrow, pods: [pod()] });
    },
    full,
  ],
  [
    'must move when the strategy is not said, which surges',
    (f) => {
      delete f.target.spec.strategy;
      f.node = known({ node: narrow, pods: [pod()] });
    },
    full,
  ],
  [
    'must move when a Coordinator of another namespace fills the node',
    (f) =>
      (f.node = known({
        node: narrow,
        pods: [pod(({ metadata }) => Object.assign(metadata, { namespace: 'other', uid: 'x' }))],
      })),
    full,
  ],
  [
    'must move when another pod of its group fills the node',
    (f) => {
      const other = anchorPod(({ spec }) => (spec.containers = pod().spec.containers));
      f.node = known({ node: narrow, pods: [other] });
    },
    full,
  ],
];

describe('placementVerdict', () => {
  for (const [title, change, verdict] of cases) {
    it(title, () => {
      expect(placementVerdict(facts(change))).to.deep.equal(verdict);
    });
  }
});

function avoiding(name: string) {
  return settings(({ placement }) => {
    placement.avoidNodes = [name];
  });
}

function sticking(stickiness: 'preferred' | 'none') {
  return settings(({ placement }) => {
    placement.stickiness = stickiness;
  });
}
