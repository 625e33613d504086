import { expect } from 'chai';
import { refusedByTaints, tolerates } from '../../../../hooks/core/placement/taints.ts';
import { refusedByCordon } from '../../../../hooks/core/placement/unschedulable.ts';
import type { Taint, Toleration } from '../../../../hooks/core/objects.ts';
import { node } from '../../builders.ts';

const epc: Taint = { key: 'sgx.intel.com/epc', value: 'true', effect: 'NoSchedule' };

/** Title, toleration, whether it covers the EPC taint. */
const tolerations: [string, Toleration, boolean][] = [
  ['its key, value and effect', { ...epc, operator: 'Equal' }, true],
  ['its key, value and effect without an operator', { ...epc }, true],
  ['its key and any value', { key: epc.key, operator: 'Exists', effect: 'NoSchedule' }, true],
  ['its key and any effect', { key: epc.key, operator: 'Exists' }, true],
  ['an empty effect', { key: epc.key, operator: 'Exists', effect: '' }, true],
  ['no key and Exists', { operator: 'Exists' }, true],
  ['an empty key and Exists', { key: '', operator: 'Exists' }, true],
  ['no key, Exists and its effect', { operator: 'Exists', effect: 'NoSchedule' }, true],
  ['no key, Exists and another effect', { operator: 'Exists', effect: 'NoExecute' }, false],
  ['another value', { ...epc, value: 'false' }, false],
  ['no value with Equal', { key: epc.key, operator: 'Equal' }, false],
  ['another key', { key: 'sgx.intel.com/enclave', operator: 'Exists' }, false],
  ['another effect', { ...epc, effect: 'NoExecute' }, false],
  ['the operator Lt, which compares numbers', { ...epc, operator: 'Lt' }, false],
  ['an operator that is not known', { ...epc, operator: 'Matches' }, false],
  ['its effect and no key', { operator: 'Equal', value: 'true', effect: 'NoSchedule' }, false],
  ['a key that its key starts with', { key: 'sgx.intel.com', operator: 'Exists' }, false],
];

describe('tolerates', () => {
  for (const [title, toleration, covers] of tolerations) {
    it(`${covers ? 'covers' : 'does not cover'} a taint by ${title}`, () => {
      expect(tolerates(toleration, epc)).to.equal(covers);
    });
  }

  it('takes a taint without a value as one with an empty value', () => {
    const taint = { key: 'dedicated', effect: 'NoSchedule' };
    expect(tolerates({ key: 'dedicated', value: '', effect: 'NoSchedule' }, taint)).to.equal(true);
    expect(tolerates({ key: 'dedicated', effect: 'NoSchedule' }, taint)).to.equal(true);
  });
});

describe('refusedByTaints', () => {
  it('refuses in the words of the scheduler', () => {
    expect(refusedByTaints(node(), [])).to.deep.equal({
      filter: 'TaintToleration',
      reason: 'node(s) had untolerated taint(s)',
      detail: 'sgx.intel.com/epc=true:NoSchedule',
    });
  });

  it('names the first taint that is not tolerated', () => {
    const tainted = withTaints([epc, { key: 'dedicated', effect: 'NoSchedule' }]);
    const refusal = refusedByTaints(tainted, [{ key: epc.key, operator: 'Exists' }]);
    expect(refusal?.detail).to.equal('dedicated:NoSchedule');
  });

  it('refuses a NoExecute taint as well', () => {
    const drained = withTaints([{ key: 'maintenance', effect: 'NoExecute' }]);
    expect(refusedByTaints(drained, [])?.detail).to.equal('maintenance:NoExecute');
  });

  it('ignores a PreferNoSchedule taint', () => {
    expect(refusedByTaints(withTaints([{ ...epc, effect: 'PreferNoSchedule' }]), [])).to.equal(undefined);
  });

  it('accepts a node without taints', () => {
    expect(refusedByTaints(withTaints(undefined), [])).to.equal(undefined);
  });

  for (const condition of ['not-ready', 'unreachable']) {
    const key = `node.kubernetes.io/${condition}`;

    it(`tolerates ${condition} with NoExecute, as admission adds it to every pod`, () => {
      expect(refusedByTaints(withTaints([{ key, effect: 'NoExecute' }]), [])).to.equal(undefined);
    });

    it(`refuses ${condition} with NoSchedule`, () => {
      expect(refusedByTaints(withTaints([{ key, effect: 'NoSchedule' }]), [])).to.have.property('filter');
    });
  }
});

describe('refusedByCordon', () => {
  const cordoned = node(({ spec }) => {
    spec.unschedulable = true;
  });

  it('refuses a node that is cordoned', () => {
    expect(refusedByCordon(cordoned, [])).to.deep.equal({
      filter: 'NodeUnschedulable',
      reason: 'node(s) were unschedulable',
    });
  });

  it('accepts a cordoned node for a pod that tolerates it', () => {
    const toleration = { key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' };
    expect(refusedByCordon(cordoned, [toleration])).to.equal(undefined);
    expect(refusedByCordon(cordoned, [{ operator: 'Exists' }])).to.equal(undefined);
  });

  it('accepts a node that is not cordoned', () => {
    expect(refusedByCordon(node(), [])).to.equal(undefined);
  });
});

function withTaints(taints: Taint[] | undefined) {
  return node(({ spec }) => {
    if (taints === undefined) delete spec.taints;
    else spec.taints = taints;
  });
}
