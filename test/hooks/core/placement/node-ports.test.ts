import { expect } from 'chai';
import type { PodSpec } from '../../../../hooks/core/objects.ts';
import { refusedByPorts } from '../../../../hooks/core/placement/node-ports.ts';
import type { ContainerPort } from '../../../../hooks/core/pod-rules.ts';
import { anchorPod } from '../../builders.ts';

const asking = (...ports: ContainerPort[]): PodSpec => ({ containers: [{ name: 'c', ports }] });
const having = (spec: PodSpec) => anchorPod((pod) => (pod.spec = { nodeName: 'sgx-1', ...spec }));

/** Title, what is wanted, what another pod has, whether the node refuses (kube-scheduler HostPortInfo CheckConflict). */
const cases: [string, ContainerPort, ContainerPort, boolean][] = [
  ['the same port', { hostPort: 4433 }, { hostPort: 4433 }, true],
  ['another port', { hostPort: 4433 }, { hostPort: 4434 }, false],
  ['a port of containers only', { containerPort: 4433 }, { containerPort: 4433 }, false],
  ['the same port of another protocol', { hostPort: 53 }, { hostPort: 53, protocol: 'UDP' }, false],
  ['TCP said and not said', { hostPort: 53, protocol: 'TCP' }, { hostPort: 53 }, true],
  ['any address and one', { hostPort: 53 }, { hostPort: 53, hostIP: '10.0.0.1' }, true],
  ['one address and any', { hostPort: 53, hostIP: '10.0.0.1' }, { hostPort: 53, hostIP: '0.0.0.0' }, true],
  ['an empty address, which is any', { hostPort: 53, hostIP: '' }, { hostPort: 53, hostIP: '::1' }, true],
  ['two addresses', { hostPort: 53, hostIP: '10.0.0.1' }, { hostPort: 53, hostIP: '10.0.0.2' }, false],
  ['one address twice', { hostPort: 53, hostIP: '10.0.0.1' }, { hostPort: 53, hostIP: '10.0.0.1' }, true],
];

describe('refusedByPorts', () => {
  for (const [title, wanted, taken, refuses] of cases) {
    it(`${refuses ? 'refuses' : 'accepts'} ${title}`, () => {
      expect(refusedByPorts(asking(wanted), [having(asking(taken))]) !== undefined).to.equal(refuses);
    });
  }

  it('says in the words of the scheduler which pod has the port', () => {
    expect(refusedByPorts(asking({ hostPort: 53 }), [having(asking({ hostPort: 53 }))])).to.deep.equal({
      filter: 'NodePorts',
      reason: "node(s) didn't have free ports for the requested pod ports",
      detail: 'pod/marblerun-coordinator-anchor-66d5b5c4f9-q8gkz has TCP 53',
    });
  });

  it('takes each port of a pod on the host’s network for one of the host', () => {
    const onHost = { ...asking({ containerPort: 4433 }), hostNetwork: true };
    expect(refusedByPorts(onHost, [having(asking({ hostPort: 4433 }))])).to.have.property('filter');
    expect(refusedByPorts(asking({ hostPort: 4433 }), [having(onHost)])).to.have.property('filter');
  });

  it('counts sidecars, and not init containers that end', () => {
    const init = { name: 'i', ports: [{ hostPort: 53 }] };
    const wanting = asking({ hostPort: 53 });
    expect(refusedByPorts(wanting, [having({ containers: [], initContainers: [init] })])).to.equal(undefined);
    const sidecar = { ...init, restartPolicy: 'Always' };
    expect(refusedByPorts(wanting, [having({ containers: [], initContainers: [sidecar] })])).to.have.property(
      'filter',
    );
  });
});
