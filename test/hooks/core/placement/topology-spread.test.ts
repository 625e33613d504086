import { expect } from 'chai';
import type { Node, Pod } from '../../../../hooks/core/objects.ts';
import { known } from '../../../../hooks/core/known.ts';
import { sceneOf } from '../../../../hooks/core/placement/scene.ts';
import { refusedBySpread } from '../../../../hooks/core/placement/topology-spread.ts';
import type { TopologySpreadConstraint } from '../../../../hooks/core/pod-rules.ts';
import { namespace, node } from '../../builders.ts';

const zone = 'topology.kubernetes.io/zone';
const mismatch = "node(s) didn't match pod topology spread constraints";
const selector = { labelSelector: { matchLabels: { app: 'a' } } };

function made(on: string, change: (pod: Pod) => void = () => undefined): Pod {
  const pod: Pod = {
    metadata: { name: on, namespace, labels: { app: 'a' } },
    spec: { nodeName: on, containers: [] },
  };
  change(pod);
  return pod;
}

function next(
  constraint: Partial<TopologySpreadConstraint>,
  change: (pod: Pod) => void = () => undefined,
): Pod {
  return made('', (pod) => {
    delete pod.spec.nodeName;
    const base = { maxSkew: 1, topologyKey: zone, whenUnsatisfiable: 'DoNotSchedule', ...selector };
    pod.spec.topologySpreadConstraints = [{ ...base, ...constraint }];
    change(pod);
  });
}

const other = named('sgx-2', 'westeurope-2');
const tainted = named(
  'sgx-2',
  'westeurope-2',
  ({ spec }) => (spec.taints = [{ key: 'x', effect: 'NoSchedule' }]),
);
const foreign = named(
  'sgx-2',
  'westeurope-2',
  ({ metadata }) => delete metadata.labels?.['kubernetes.io/os'],
);
const wantsLinux = (pod: Pod) => (pod.spec.nodeSelector = { 'kubernetes.io/os': 'linux' });
const here = made('sgx-1');

/** Title, the new pod, pods around, other nodes, the reason (framework/plugins/podtopologyspread/filtering.go). */
const cases: [string, Pod, Pod[], Node[], string | undefined][] = [
  ['accepts an even spread', next({}), [], [other], undefined],
  ['refuses more than the skew', next({}), [here], [other], mismatch],
  ['accepts a larger skew', next({ maxSkew: 2 }), [here], [other], undefined],
  ['accepts when the other domain has as many', next({}), [here, made('sgx-2')], [other], undefined],
  ['accepts when there is one domain only', next({}), [here, here], [], undefined],
  [
    'ignores what may be unsatisfied',
    next({ whenUnsatisfiable: 'ScheduleAnyway' }),
    [here],
    [other],
    undefined,
  ],
  ['takes too few domains for an empty one', next({ minDomains: 2 }), [here], [], mismatch],
  [
    'does not count a pod that is on its way out',
    next({}),
    [made('sgx-1', (p) => (p.metadata.deletionTimestamp = 'x'))],
    [other],
    undefined,
  ],
  [
    'does not count a pod of another namespace',
    next({}),
    [made('sgx-1', (p) => (p.metadata.namespace = 'x'))],
    [other],
    undefined,
  ],
  ['counts nobody for a selector that selects all', next({ labelSelector: {} }), [here], [other], undefined],
  [
    'does not count itself where it is not selected',
    next({}, (p) => (p.metadata.labels = {})),
    [here],
    [other],
    undefined,
  ],
  ['leaves nodes out that the pod does not want', next({}, wantsLinux), [here], [foreign], undefined],
  [
    'takes them in when told to',
    next({ nodeAffinityPolicy: 'Ignore' }, wantsLinux),
    [here],
    [foreign],
    mismatch,
  ],
  ['takes tainted nodes in', next({}), [here], [tainted], mismatch],
  [
    'leaves tainted nodes out when told to',
    next(
      { nodeTaintsPolicy: 'Honor' },
      (p) => (p.spec.tolerations = [{ key: 'sgx.intel.com/epc', operator: 'Exists' }]),
    ),
    [here],
    [tainted],
    undefined,
  ],
  [
    'counts pods with the same value under a label key only',
    next({ matchLabelKeys: ['v'] }, (p) => (p.metadata.labels = { app: 'a', v: '2' })),
    [made('sgx-1', (p) => (p.metadata.labels = { app: 'a', v: '1' }))],
    [other],
    undefined,
  ],
  [
    'refuses a node without the label',
    next({ topologyKey: 'rack' }),
    [],
    [],
    `${mismatch} (missing required label)`,
  ],
];

describe('refusedBySpread', () => {
  for (const [title, pod, pods, nodes, reason] of cases) {
    it(title, () => {
      const onNode = pods.filter(({ spec }) => spec.nodeName === 'sgx-1');
      const scene = sceneOf({ node: node(), pods: onNode, elsewhere: known({ pods, nodes }) }, new Set());
      const outcome = refusedBySpread(pod, scene);
      if (reason === undefined) expect(outcome).to.equal(undefined);
      else expect(outcome).to.deep.include({ filter: 'PodTopologySpread', reason });
    });
  }

  it('is in doubt where the nodes could not be read', () => {
    const scene = sceneOf(
      { node: node(), pods: [], elsewhere: { known: false, why: 'forbidden' } },
      new Set(),
    );
    expect(refusedBySpread(next({}), scene)).to.deep.equal({ doubt: 'forbidden' });
  });
});

function named(name: string, where: string, change: (node: Node) => unknown = () => undefined): Node {
  return node((object) => {
    object.metadata.name = name;
    object.metadata.labels = { ...object.metadata.labels, 'kubernetes.io/hostname': name, [zone]: where };
    change(object);
  });
}
