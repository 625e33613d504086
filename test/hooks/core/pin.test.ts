import { expect } from 'chai';
import type { Pod } from '../../../hooks/core/objects.ts';
import { holdsNode, boundTo } from '../../../hooks/core/pin.ts';
import { refusedByNodeAffinity } from '../../../hooks/core/placement/node-affinity.ts';
import { groupLabel, node } from '../builders.ts';

const template: Pod = {
  metadata: { name: 'marblerun-coordinator-pin', labels: { [groupLabel.key]: groupLabel.value } },
  spec: {
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    tolerations: [{ key: 'sgx.intel.com/epc', operator: 'Exists' }],
    containers: [{ name: 'pin' }],
  },
};
const owner = { name: 'marblerun-coordinator', uid: '7e1f6a4b' };

describe('boundTo', () => {
  const pin = boundTo('sgx-1', template, owner);

  it('fits on the one node only', () => {
    expect(refusedByNodeAffinity(node(), pin.spec)).to.equal(undefined);
    const other = node(({ metadata }) => (metadata.name = 'sgx-2'));
    expect(refusedByNodeAffinity(other, pin.spec)).to.have.property('filter', 'NodeAffinity');
  });

  it('leaves the choice to the scheduler, so that the node’s taints and cordon count', () => {
    expect(pin.spec).to.not.have.property('nodeName');
  });

  it('goes with the Deployment that owns it', () => {
    expect(pin.metadata.ownerReferences).to.deep.equal([
      { apiVersion: 'apps/v1', kind: 'Deployment', name: 'marblerun-coordinator', uid: '7e1f6a4b' },
    ]);
  });

  it('keeps the rest of the chart’s template and does not change it', () => {
    expect(pin.metadata.labels).to.deep.equal(template.metadata.labels);
    expect(pin.spec.tolerations).to.deep.equal(template.spec.tolerations);
    expect(template.spec).to.not.have.property('affinity');
  });
});

describe('holdsNode', () => {
  const placed = (nodeName: string, phase: string): Pod => ({
    ...template,
    spec: { ...template.spec, nodeName },
    status: { phase },
  });
  const meant = (phase?: string): Pod => ({
    ...boundTo('sgx-1', template, owner),
    ...(phase === undefined ? {} : { status: { phase } }),
  });

  /** Title, pin, whether it holds sgx-1. */
  const pins: [string, Pod, boolean][] = [
    ['that runs there', placed('sgx-1', 'Running'), true],
    ['that starts there', placed('sgx-1', 'Pending'), true],
    ['that waits for the scheduler and can go to no other', meant('Pending'), true],
    ['that was made just now', meant(), true],
    ['on another node', placed('sgx-2', 'Running'), false],
    ['that waits for another node', boundTo('sgx-2', template, owner), false],
    ['that may go anywhere', template, false],
    ['that has failed there', placed('sgx-1', 'Failed'), false],
    ['that has ended there', placed('sgx-1', 'Succeeded'), false],
    ['that has failed before it had a node', meant('Failed'), false],
  ];
  for (const [title, pin, holds] of pins) {
    it(`is ${holds} for a pin ${title}`, () => {
      expect(holdsNode(pin, 'sgx-1')).to.equal(holds);
    });
  }
});
