import { expect } from 'chai';
import type { PodSpec } from '../../../../hooks/core/objects.ts';
import { beyondKnowledge, nodeRefusal } from '../../../../hooks/core/placement/node-fit.ts';
import { deployment, node } from '../../builders.ts';

describe('nodeRefusal', () => {
  const { spec } = deployment().spec.template;

  it('accepts a healthy SGX node', () => {
    expect(nodeRefusal(spec, { node: node(), pods: [] }, new Set())).to.equal(undefined);
  });

  it('names the filters in the order of the scheduler', () => {
    const bad = node((object) => {
      object.spec = { unschedulable: true, taints: [{ key: 'broken', effect: 'NoSchedule' }] };
      object.metadata.labels = {};
      object.status = {};
    });
    const volume = {
      metadata: { name: 'pvc-1' },
      spec: { nodeAffinity: { required: { nodeSelectorTerms: [] } } },
    };
    const seen: string[] = [];
    const mend: Record<string, () => unknown> = {
      NodeUnschedulable: () => (bad.spec.unschedulable = false),
      TaintToleration: () => (bad.spec.taints = []),
      NodeAffinity: () => (bad.metadata.labels = { 'kubernetes.io/os': 'linux' }),
      NodeResourcesFit: () => (bad.status = node().status ?? {}),
      VolumeBinding: () => (volume.spec.nodeAffinity.required.nodeSelectorTerms = [{}] as never),
    };
    for (let tries = 0; tries < 5; tries++) {
      const filter = nodeRefusal(spec, { node: bad, pods: [], volume }, new Set())?.filter ?? 'none';
      seen.push(filter);
      mend[filter]?.();
    }
    expect(seen).to.deep.equal([
      'NodeUnschedulable',
      'TaintToleration',
      'NodeAffinity',
      'NodeResourcesFit',
      'VolumeBinding',
    ]);
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
    ['empty lists', { schedulingGates: [], resourceClaims: [] }, undefined],
  ];

  for (const [title, spec, expected] of cases) {
    it(`${expected === undefined ? 'judges' : 'does not judge'} ${title}`, () => {
      expect(beyondKnowledge({ containers: [], ...spec })).to.equal(expected);
    });
  }
});
