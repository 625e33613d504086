import { expect } from 'chai';
import type { Container, PodSpec } from '../../../../hooks/core/objects.ts';
import { podRequests, refusedByResources } from '../../../../hooks/core/placement/resources.ts';
import { anchorPod, node, pod } from '../../builders.ts';

const cpu = (amount: string, more: Partial<Container> = {}): Container => ({
  name: 'c',
  resources: { requests: { cpu: amount } },
  ...more,
});
const sidecar = (amount: string): Container => cpu(amount, { restartPolicy: 'Always' });

/** Title, pod, its CPU in thousandths (k8s.io/component-helpers/resource PodRequests). */
const sums: [string, PodSpec, number][] = [
  ['adds up its containers', { containers: [cpu('100m'), cpu('250m')] }, 350],
  ['takes the largest init container when it is more', spec([cpu('1')], [cpu('100m')]), 1000],
  ['takes the containers when they are more', spec([cpu('100m')], [cpu('300m')]), 300],
  ['does not add up init containers', spec([cpu('200m'), cpu('200m')], [cpu('100m')]), 200],
  ['adds a sidecar to the containers', spec([sidecar('50m')], [cpu('100m')]), 150],
  ['adds an earlier sidecar to an init container', spec([sidecar('50m'), cpu('200m')], [cpu('100m')]), 250],
  ['leaves a later sidecar out of an init container', spec([cpu('200m'), sidecar('50m')], []), 200],
  ['adds up sidecars', spec([sidecar('50m'), sidecar('60m')], [cpu('10m')]), 120],
  ['adds the overhead of its runtime class', { containers: [cpu('100m')], overhead: { cpu: '250m' } }, 350],
  [
    'adds the overhead to the init phase, too',
    { ...spec([cpu('1')], [cpu('100m')]), overhead: { cpu: '250m' } },
    1250,
  ],
  [
    'takes what the pod asks for as a whole instead of its containers',
    { ...spec([cpu('3')], [cpu('100m')]), resources: { requests: { cpu: '2' } } },
    2000,
  ],
  [
    'adds the overhead to what the pod asks for as a whole',
    { containers: [{ name: 'c' }], resources: { requests: { cpu: '2' } }, overhead: { cpu: '250m' } },
    2250,
  ],
  [
    'takes the limit of the pod as a whole where nobody asks for any',
    { containers: [{ name: 'c' }], resources: { limits: { cpu: '2' } } },
    2000,
  ],
  [
    'takes the containers where the pod as a whole has a limit only',
    { containers: [cpu('100m')], resources: { limits: { cpu: '2' } } },
    100,
  ],
  [
    'takes the containers for what the pod as a whole does not name',
    { containers: [cpu('100m')], resources: { requests: { memory: '1Gi' } } },
    100,
  ],
  ['takes a limit as the request where there is none', onlyLimit(), 400],
  ['asks for nothing when nothing is said', { containers: [{ name: 'c' }] }, 0],
];

describe('podRequests', () => {
  for (const [title, podSpec, expected] of sums) {
    it(title, () => {
      expect(podRequests(podSpec).cpu ?? 0).to.equal(expected);
    });
  }

  it('knows no devices of the pod as a whole', () => {
    const whole = { requests: { 'sgx.intel.com/epc': '1Gi' } };
    expect(podRequests({ containers: [], resources: whole })).to.deep.equal({});
  });

  it('keeps the requests where a limit says something else', () => {
    const container = {
      name: 'c',
      resources: { requests: { cpu: '1' }, limits: { cpu: '2', memory: '1Ki' } },
    };
    expect(podRequests({ containers: [container] })).to.deep.equal({ cpu: 1000, memory: 1024e3 });
  });
});

describe('refusedByResources', () => {
  const small = node(({ status = {} }) => {
    status.allocatable = { cpu: '1', memory: '1Gi', pods: '3', 'sgx.intel.com/epc': '15Mi' };
  });
  const coordinator = (epc: string): PodSpec => ({
    containers: [{ name: 'coordinator', resources: { limits: { 'sgx.intel.com/epc': epc } } }],
  });
  const running = pod(({ spec: podSpec }) => {
    podSpec.containers = coordinator('10Mi').containers;
  });

  it('refuses when the old pod still holds the scarce resource', () => {
    expect(refusedByResources(small, coordinator('10Mi'), [running])).to.deep.equal({
      filter: 'NodeResourcesFit',
      reason: 'Insufficient sgx.intel.com/epc',
      detail: '10Mi asked, 5Mi of 15Mi free',
    });
  });

  it('refuses a resource that the node does not have', () => {
    const wanting = { containers: [{ name: 'c', resources: { limits: { 'sgx.intel.com/enclave': 1 } } }] };
    expect(refusedByResources(small, wanting, [])?.reason).to.equal('Insufficient sgx.intel.com/enclave');
  });

  it('ignores a request of zero for a resource that the node does not have', () => {
    const wanting = { containers: [{ name: 'c', resources: { requests: { 'nvidia.com/gpu': '0' } } }] };
    expect(refusedByResources(small, wanting, [])).to.equal(undefined);
  });

  it('refuses what the pod asks for as a whole when it is more than there is', () => {
    const large: PodSpec = { containers: [{ name: 'c' }], resources: { requests: { cpu: '64' } } };
    expect(refusedByResources(small, large, [])?.reason).to.equal('Insufficient cpu');
  });

  it('accepts what fits exactly', () => {
    const other = anchorPod(({ spec: podSpec }) => {
      podSpec.containers = [cpu('600m')];
    });
    expect(refusedByResources(small, { containers: [cpu('400m')] }, [other])).to.equal(undefined);
    expect(refusedByResources(small, { containers: [cpu('401m')] }, [other])?.reason).to.equal(
      'Insufficient cpu',
    );
  });

  it('counts pods', () => {
    const crowd = ['a', 'b', 'c'].map((uid) => anchorPod(({ metadata }) => (metadata.uid = uid)));
    const idle: PodSpec = { containers: [{ name: 'c' }] };
    expect(refusedByResources(small, idle, crowd)).to.deep.equal({
      filter: 'NodeResourcesFit',
      reason: 'Too many pods',
      detail: '3 of 3 places are taken',
    });
    expect(refusedByResources(small, idle, crowd.slice(1))).to.equal(undefined);
  });

  it('takes the node at its word about the room for pods, and none for none', () => {
    const silent = node(({ status = {} }) => (status.allocatable = { cpu: '4' }));
    expect(refusedByResources(silent, { containers: [] }, [])?.reason).to.equal('Too many pods');
  });

  it('counts a container that shrinks with what it still has', () => {
    const shrinking = pod((p) => {
      p.spec.containers = [cpu('100m')];
      const has = { requests: { cpu: '700m' } };
      p.status = { containerStatuses: [{ name: 'c', ready: true, restartCount: 0, resources: has }] };
    });
    expect(refusedByResources(small, { containers: [cpu('300m')] }, [shrinking])).to.equal(undefined);
    expect(refusedByResources(small, { containers: [cpu('301m')] }, [shrinking])?.detail).to.equal(
      '301m asked, 300m of 1 free',
    );
  });

  it('counts a container whose growth is infeasible without it', () => {
    const growing = pod((p) => {
      p.spec.containers = [cpu('4')];
      const has = { requests: { cpu: '500m' } };
      const conditions = [{ type: 'PodResizePending', status: 'True', reason: 'Infeasible' }];
      p.status = {
        conditions,
        containerStatuses: [{ name: 'c', ready: true, restartCount: 0, resources: has }],
      };
    });
    expect(refusedByResources(small, { containers: [cpu('500m')] }, [growing])).to.equal(undefined);
  });

  it('refuses everything that is asked for on a node that reports nothing', () => {
    const silent = node((object) => {
      delete object.status;
    });
    expect(refusedByResources(silent, coordinator('1'), [])).to.have.property('reason');
  });
});

function spec(initContainers: Container[], containers: Container[]): PodSpec {
  return { initContainers, containers };
}

function onlyLimit(): PodSpec {
  return { containers: [{ name: 'c', resources: { limits: { cpu: '400m' } } }] };
}
