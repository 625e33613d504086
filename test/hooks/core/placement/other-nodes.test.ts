import { expect } from 'chai';
import { otherNodesText, refusedEmpty } from '../../../../hooks/core/placement/other-nodes.ts';
import { coordinatorsNextPod } from '../../../../hooks/core/placement/verdict.ts';
import type { NodeFacts } from '../../../../hooks/core/placement/scene.ts';
import { anchorPod, facts, node, pod } from '../../builders.ts';

const next = coordinatorsNextPod(facts()) ?? pod();
const named = (name: string, change: (facts: NodeFacts) => unknown = () => undefined): NodeFacts => {
  const made = { node: node(({ metadata }) => (metadata.name = name)), pods: [] };
  change(made);
  return made;
};
const full = named('sgx-4', (f) => {
  f.node.status = { allocatable: { ...f.node.status?.allocatable, pods: '1' } };
  f.pods = [anchorPod(({ spec }) => (spec.nodeName = 'sgx-4'))];
});

describe('otherNodesText', () => {
  it('counts in the form of the scheduler, and names who would take the pod', () => {
    const looked = [named('sgx-2'), named('sgx-3'), full];
    const ruledOut = { 'node(s) were unschedulable': 2 };
    expect(otherNodesText(next, { count: 6, looked, ruledOut, left: 1 })).to.equal(
      '2/6 other nodes would take it (sgx-2, sgx-3): 1 Too many pods, 1 not looked at, 2 node(s) were unschedulable.',
    );
  });

  it('says it when nobody would, or when there is no other', () => {
    const none = { looked: [], ruledOut: { 'Insufficient sgx.intel.com/epc': 3 }, left: 0 };
    expect(otherNodesText(next, { count: 3, ...none })).to.equal(
      '0/3 other nodes would take it: 3 Insufficient sgx.intel.com/epc.',
    );
    expect(otherNodesText(next, { count: 0, looked: [], ruledOut: {}, left: 0 })).to.equal(
      'There is no other node.',
    );
  });

  it('does not hold against a node that the group is elsewhere, for it would come along', () => {
    expect(refusedEmpty(next, named('sgx-2'))).to.equal(undefined);
  });
});
