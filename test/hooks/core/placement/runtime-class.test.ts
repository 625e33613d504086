import { expect } from 'chai';
import { known } from '../../../../hooks/core/known.ts';
import type { PodSpec, RuntimeClass } from '../../../../hooks/core/objects.ts';
import {
  runtimeClassDoubt,
  selectorClashes,
  withRuntimeClass,
} from '../../../../hooks/core/placement/runtime-class.ts';

const toleration = { key: 'sandbox', operator: 'Exists' };
const kata: RuntimeClass = {
  metadata: { name: 'kata' },
  overhead: { podFixed: { cpu: '250m', memory: '120Mi' } },
  scheduling: { nodeSelector: { runtime: 'kata' }, tolerations: [toleration] },
};
const pod = (more: Partial<PodSpec> = {}): PodSpec => ({ runtimeClassName: 'kata', containers: [], ...more });

describe('withRuntimeClass', () => {
  it('adds overhead, node labels and tolerations to those of the pod', () => {
    const own = { key: 'sgx', operator: 'Exists' };
    const spec = withRuntimeClass(pod({ nodeSelector: { disk: 'a' }, tolerations: [own] }), kata);
    expect(spec.overhead).to.deep.equal({ cpu: '250m', memory: '120Mi' });
    expect(spec.nodeSelector).to.deep.equal({ disk: 'a', runtime: 'kata' });
    expect(spec.tolerations).to.deep.equal([own, toleration]);
  });

  it('adds nothing for a class that has nothing', () => {
    const spec = withRuntimeClass(pod(), { metadata: { name: 'runc' } });
    expect(spec).not.to.have.property('overhead');
    expect(spec).to.deep.include({ nodeSelector: {}, tolerations: [] });
  });
});

describe('selectorClashes', () => {
  it('names the labels for which pod and class want different values', () => {
    expect(selectorClashes(pod({ nodeSelector: { runtime: 'gvisor', disk: 'a' } }), kata)).to.deep.equal([
      { key: 'runtime', wanted: 'gvisor', ofClass: 'kata' },
    ]);
    expect(selectorClashes(pod({ nodeSelector: { runtime: 'kata' } }), kata)).to.deep.equal([]);
  });
});

describe('runtimeClassDoubt', () => {
  it('is none about a class that was read and lets the pod in', () => {
    expect(runtimeClassDoubt(pod(), known(kata))).to.equal(undefined);
  });

  it('tells of a pod that the API server refuses for its node labels', () => {
    expect(runtimeClassDoubt(pod({ nodeSelector: { runtime: 'gvisor' } }), known(kata))).to.equal(
      'the API server refuses the pod: it wants nodes with runtime=gvisor, and RuntimeClass kata those with runtime=kata',
    );
  });
});
