import { expect } from 'chai';
import type { NodeSelectorRequirement, NodeSelectorTerm, PodSpec } from '../../../../hooks/core/objects.ts';
import { leftOutByName, refusedByNodeAffinity } from '../../../../hooks/core/placement/node-affinity.ts';
import { node } from '../../builders.ts';

const zone = 'topology.kubernetes.io/zone';
const labelled = node(({ metadata }) => {
  metadata.labels = { [zone]: 'westeurope-1', slots: '12', negative: '-3', text: 'twelve', empty: '' };
});

/** Requirement, whether a node with the labels above matches it. */
const requirements: [NodeSelectorRequirement, boolean][] = [
  [{ key: zone, operator: 'In', values: ['westeurope-2', 'westeurope-1'] }, true],
  [{ key: zone, operator: 'In', values: ['westeurope-2'] }, false],
  [{ key: zone, operator: 'In' }, false],
  [{ key: 'absent', operator: 'In', values: [''] }, false],
  [{ key: zone, operator: 'NotIn', values: ['westeurope-1'] }, false],
  [{ key: zone, operator: 'NotIn', values: ['westeurope-2'] }, true],
  [{ key: 'absent', operator: 'NotIn', values: ['anything'] }, true],
  [{ key: zone, operator: 'Exists' }, true],
  [{ key: 'empty', operator: 'Exists' }, true],
  [{ key: 'absent', operator: 'Exists' }, false],
  [{ key: zone, operator: 'DoesNotExist' }, false],
  [{ key: 'empty', operator: 'DoesNotExist' }, false],
  [{ key: 'absent', operator: 'DoesNotExist' }, true],
  [{ key: 'slots', operator: 'Gt', values: ['9'] }, true],
  [{ key: 'slots', operator: 'Gt', values: ['12'] }, false],
  [{ key: 'slots', operator: 'Gt', values: ['-1'] }, true],
  [{ key: 'slots', operator: 'Lt', values: ['13'] }, true],
  [{ key: 'slots', operator: 'Lt', values: ['12'] }, false],
  [{ key: 'negative', operator: 'Lt', values: ['0'] }, true],
  [{ key: 'slots', operator: 'Lt', values: ['9007199254740993'] }, true],
  [{ key: 'text', operator: 'Gt', values: ['1'] }, false],
  [{ key: 'empty', operator: 'Lt', values: ['1'] }, false],
  [{ key: 'absent', operator: 'Gt', values: ['0'] }, false],
  [{ key: 'slots', operator: 'Gt' }, false],
  [{ key: 'slots', operator: 'Gt', values: ['many'] }, false],
  [{ key: 'slots', operator: 'Near', values: ['12'] }, false],
];

const here: NodeSelectorRequirement = { key: 'metadata.name', operator: 'In', values: ['sgx-1'] };
const elsewhere: NodeSelectorRequirement = { ...here, values: ['sgx-2'] };
const inZone: NodeSelectorRequirement = { key: zone, operator: 'Exists' };
const nowhere: NodeSelectorRequirement = { key: zone, operator: 'DoesNotExist' };

/** Title, terms, whether the node sgx-1 matches them. */
const combinations: [string, NodeSelectorTerm[], boolean][] = [
  ['a field that names it', [{ matchFields: [here] }], true],
  ['a field that names another', [{ matchFields: [elsewhere] }], false],
  ['a field that leaves it out', [{ matchFields: [{ ...here, operator: 'NotIn' }] }], false],
  ['a field that leaves another out', [{ matchFields: [{ ...elsewhere, operator: 'NotIn' }] }], true],
  ['a field that nodes do not have', [{ matchFields: [{ ...here, key: 'metadata.uid' }] }], false],
  ['requirements that all match', [{ matchExpressions: [inZone], matchFields: [here] }], true],
  ['requirements of which one fails', [{ matchExpressions: [inZone, nowhere] }], false],
  ['an expression that fails beside its name', [{ matchExpressions: [nowhere], matchFields: [here] }], false],
  ['terms of which one matches', [{ matchExpressions: [nowhere] }, { matchFields: [here] }], true],
  ['no terms', [], false],
  ['an empty term', [{}], false],
  ['an empty term beside one that matches', [{}, { matchFields: [here] }], true],
  ['a term with empty lists', [{ matchExpressions: [], matchFields: [] }], false],
];

describe('refusedByNodeAffinity', () => {
  for (const [requirement, matches] of requirements) {
    const { key, operator, values } = requirement;
    const text = `${key} ${operator} ${JSON.stringify(values ?? null)}`;
    it(`${matches ? 'accepts' : 'refuses'} ${text}`, () => {
      const refusal = refusedByNodeAffinity(labelled, requiring([{ matchExpressions: [requirement] }]));
      expect(refusal === undefined).to.equal(matches);
    });
  }

  for (const [title, terms, matches] of combinations) {
    it(`${matches ? 'accepts' : 'refuses'} a node for ${title}`, () => {
      expect(refusedByNodeAffinity(labelled, requiring(terms)) === undefined).to.equal(matches);
    });
  }

  it('wants the nodeSelector and the affinity to match', () => {
    const both: PodSpec = { ...requiring([{ matchFields: [here] }]), nodeSelector: { slots: '12' } };
    expect(refusedByNodeAffinity(labelled, both)).to.equal(undefined);
    expect(refusedByNodeAffinity(labelled, { ...both, nodeSelector: { slots: '13' } })).to.deep.equal({
      filter: 'NodeAffinity',
      reason: "node(s) didn't match Pod's node affinity/selector",
    });
  });

  it('accepts any node for a pod that asks for none', () => {
    expect(refusedByNodeAffinity(labelled, { containers: [] })).to.equal(undefined);
  });
});

describe('leftOutByName', () => {
  /** Terms, whether the scheduler looks at the node sgx-1 at all. */
  const cases: [NodeSelectorTerm[], boolean][] = [
    [[], true],
    [[{ matchFields: [here] }], true],
    [[{ matchFields: [elsewhere] }], false],
    [[{ matchFields: [elsewhere, here] }], false],
    [[{ matchFields: [elsewhere] }, { matchFields: [here] }], true],
    [[{ matchFields: [elsewhere] }, { matchExpressions: [nowhere] }], true],
    [[{ matchFields: [{ ...here, operator: 'NotIn' }] }], true],
  ];
  for (const [terms, looks] of cases) {
    it(`${looks ? 'leaves' : 'takes'} the node ${looks ? 'in' : 'out'} for ${JSON.stringify(terms)}`, () => {
      expect(leftOutByName(labelled, requiring(terms)) === undefined).to.equal(looks);
    });
  }
});

function requiring(nodeSelectorTerms: NodeSelectorTerm[]): PodSpec {
  const required = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } };
  return { containers: [], affinity: { nodeAffinity: required } };
}
