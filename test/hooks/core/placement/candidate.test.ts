import { expect } from 'chai';
import { known, unknown } from '../../../../hooks/core/known.ts';
import type { Container, PodSpec } from '../../../../hooks/core/objects.ts';
import { nextPod } from '../../../../hooks/core/placement/candidate.ts';
import { deployment, pod } from '../../builders.ts';

const container = (more: Partial<Container> = {}): Container => ({
  name: 'coordinator',
  image: 'i:1',
  ...more,
});
const made = (spec: Partial<PodSpec>) =>
  deployment((object) => (object.spec.template.spec = { containers: [container()], ...spec }));
const ran = (spec: Partial<PodSpec>) =>
  pod((object) => (object.spec = { nodeName: 'sgx-1', containers: [container()], ...spec }));

/** What becomes of a target when the live template and the pod that came of it are these. */
function next(target: Partial<PodSpec>, live: Partial<PodSpec>, running?: Partial<PodSpec>): PodSpec {
  return nextPod(made(target), made(live), running === undefined ? undefined : ran(running)).pod.spec;
}

describe('nextPod', () => {
  it('has the labels of the template and a hash that no pod has', () => {
    const { metadata } = nextPod(made({}), made({}), undefined).pod;
    expect(metadata.labels).to.deep.include({ 'edgeless.systems/control-plane-component': 'coordinator' });
    expect(metadata.labels).to.have.property('pod-template-hash', 'new');
    expect(metadata.namespace).to.equal('marblerun');
  });

  it('gets the tolerations again that admission gave the running pod', () => {
    const own = { key: 'a', operator: 'Exists' };
    const given = { key: 'sgx.intel.com/epc', operator: 'Exists' };
    expect(next({ tolerations: [own] }, {}, { tolerations: [given] }).tolerations).to.deep.equal([
      own,
      given,
    ]);
  });

  it('does not keep a toleration that was the template’s own', () => {
    const dropped = { key: 'a', operator: 'Exists' };
    expect(next({}, { tolerations: [dropped] }, { tolerations: [dropped] }).tolerations).to.deep.equal([]);
  });

  it('gets the node labels again that admission gave the running pod, not its own', () => {
    const spec = next(
      { nodeSelector: { disk: 'b' } },
      { nodeSelector: { rack: '1' } },
      { nodeSelector: { rack: '1', pool: 'x', disk: 'a' } },
    );
    expect(spec.nodeSelector).to.deep.equal({ pool: 'x', disk: 'b' });
  });

  it('gets default requests again, unless it says something itself', () => {
    const given = { containers: [container({ resources: { requests: { cpu: '500m', memory: '64Mi' } } })] };
    expect(next({}, {}, given).containers[0]?.resources).to.deep.equal({
      requests: { cpu: '500m', memory: '64Mi' },
    });
    const says = { containers: [container({ resources: { limits: { cpu: '1' } } })] };
    expect(next(says, {}, given).containers[0]?.resources).to.deep.equal({
      limits: { cpu: '1' },
      requests: { memory: '64Mi' },
    });
    expect(next({}, says, given).containers[0]?.resources).to.deep.equal({ requests: { memory: '64Mi' } });
  });

  it('learns nothing from a pod of another template', () => {
    const other = {
      containers: [container({ image: 'i:0' })],
      tolerations: [{ operator: 'Exists' }],
      priority: 7,
    };
    const spec = next({}, {}, other);
    expect(spec).to.not.have.property('priority');
    expect(spec).to.not.have.property('tolerations');
  });

  const kata = { runtimeClassName: 'kata' };
  const overhead = { cpu: '250m' };
  const found = known({ metadata: { name: 'kata' }, overhead: { podFixed: overhead } });

  it('has the overhead of its RuntimeClass as that is now, whatever the running pod has', () => {
    for (const running of [undefined, ran(kata), ran({ ...kata, overhead: { cpu: '100m' } })]) {
      const { pod: next, doubt } = nextPod(made(kata), made(kata), running, found);
      expect(next.spec.overhead).to.deep.equal(overhead);
      expect(doubt).to.equal(undefined);
    }
    const without = nextPod(
      made(kata),
      made(kata),
      ran({ ...kata, overhead }),
      known({ metadata: { name: 'kata' } }),
    );
    expect(without.pod.spec).not.to.have.property('overhead');
  });

  it('has the overhead again that a webhook gave the running pod with a class', () => {
    expect(next({}, {}, { ...kata, overhead }).overhead).to.deep.equal(overhead);
  });

  it('is in doubt where its RuntimeClass could not be read, or does not let it in', () => {
    const doubt = (given: Parameters<typeof nextPod>[3]) =>
      nextPod(made(kata), made(kata), ran(kata), given).doubt;
    expect(doubt(undefined)).to.contain('RuntimeClass kata are not known: it was not read');
    expect(doubt(unknown('it is forbidden'))).to.contain('RuntimeClass kata are not known: it is forbidden');
    expect(doubt(known(undefined))).to.contain('there is no RuntimeClass kata');
  });

  it('is in doubt where the running pod had another RuntimeClass, which may have given it something', () => {
    const after = (running: Partial<PodSpec>) =>
      nextPod(made({}), made(kata), ran({ ...kata, ...running })).doubt;
    expect(after({ tolerations: [{ key: 'sandbox', operator: 'Exists' }] })).to.contain(
      'RuntimeClass kata gave',
    );
    expect(after({ nodeSelector: { runtime: 'kata' } })).to.contain('RuntimeClass kata gave');
    const everybodys = { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' };
    const device = { key: 'sgx.intel.com/epc', operator: 'Exists' };
    const containers = [container({ resources: { limits: { 'sgx.intel.com/epc': '10Mi' } } })];
    expect(after({ tolerations: [everybodys, device], containers })).to.equal(undefined);
    expect(nextPod(made(kata), made({}), ran({}), found).doubt).to.equal(undefined);
    expect(nextPod(made({}), made(kata), undefined).doubt).to.equal(undefined);
  });

  it('goes to the scheduler that a webhook gave the running pod', () => {
    expect(next({}, {}, { schedulerName: 'volcano' }).schedulerName).to.equal('volcano');
    expect(next({}, {}, { schedulerName: 'default-scheduler' })).to.not.have.property('schedulerName');
  });

  /** Title, class in the target, class in the live template, priority of the running pod, priority of the next. */
  const priorities: [
    string,
    string | undefined,
    string | undefined,
    number | undefined,
    number | undefined,
  ][] = [
    ['has the priority of the running pod while the class stays', 'a', 'a', 500, 500],
    ['has priority 0 where the running pod has none', undefined, undefined, undefined, 0],
    ['does not know the priority of another class', 'b', 'a', 500, undefined],
    ['does not know the priority where the class is dropped', undefined, 'a', 500, undefined],
    ['knows the classes that every cluster has', 'system-node-critical', 'a', 500, 2_000_001_000],
  ];
  for (const [title, target, live, priority, expected] of priorities) {
    it(title, () => {
      const named = (name: string | undefined) => (name === undefined ? {} : { priorityClassName: name });
      const spec = next(named(target), named(live), priority === undefined ? {} : { priority });
      expect(spec.priority).to.equal(expected);
    });
  }
});
