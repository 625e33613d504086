import { expect } from 'chai';
import type { Node, Pod } from '../../../../hooks/core/objects.ts';
import { known } from '../../../../hooks/core/known.ts';
import { refusedByPodAffinity } from '../../../../hooks/core/placement/pod-affinity.ts';
import type { Outcome } from '../../../../hooks/core/placement/refusal.ts';
import { sceneOf } from '../../../../hooks/core/placement/scene.ts';
import type { PodAffinityTerm } from '../../../../hooks/core/pod-rules.ts';
import { namespace, node } from '../../builders.ts';

const hostname = 'kubernetes.io/hostname';
const zone = 'topology.kubernetes.io/zone';
const noAffinity = "node(s) didn't match pod affinity rules";
const noAnti = "node(s) didn't match pod anti-affinity rules";
const existing = "node(s) didn't satisfy existing pods anti-affinity rules";

interface Rules {
  near?: PodAffinityTerm[];
  far?: PodAffinityTerm[];
}

function made(
  labels: Record<string, string>,
  on = 'sgx-1',
  { near, far }: Rules = {},
  where = namespace,
): Pod {
  const required = (terms: PodAffinityTerm[] | undefined) =>
    terms === undefined ? {} : { requiredDuringSchedulingIgnoredDuringExecution: terms };
  return {
    metadata: { name: `${Object.values(labels).join('-')}-${on}`, namespace: where, labels },
    spec: {
      nodeName: on,
      containers: [],
      affinity: { podAffinity: required(near), podAntiAffinity: required(far) },
    },
  };
}

const next = (rules: Rules, labels: Record<string, string> = { app: 'me' }): Pod =>
  made(labels, undefined, rules);
const by = (app: string, topologyKey = hostname, more: Partial<PodAffinityTerm> = {}): PodAffinityTerm => ({
  topologyKey,
  labelSelector: { matchLabels: { app } },
  ...more,
});

/** A node of the same zone, and one of another. */
const neighbour = named('sgx-2', 'westeurope-1');
const distant = named('sgx-3', 'westeurope-2');

function outcome(pod: Pod, around: Pod[]): Outcome {
  const here = around.filter(({ spec }) => spec.nodeName === 'sgx-1');
  const elsewhere = known({ pods: around, nodes: [neighbour, distant] });
  return refusedByPodAffinity(pod, sceneOf({ node: node(), pods: here, elsewhere }, new Set()));
}

/** Title, the new pod, the pods around, what the scheduler says (framework/plugins/interpodaffinity/filtering.go). */
const cases: [string, Pod, Pod[], string | undefined][] = [
  ['accepts a pod without rules', next({}), [made({ app: 'db' })], undefined],
  ['accepts what it wants on the node', next({ near: [by('db')] }), [made({ app: 'db' })], undefined],
  [
    'refuses what it wants on another node',
    next({ near: [by('db')] }),
    [made({ app: 'db' }, 'sgx-2')],
    noAffinity,
  ],
  [
    'accepts what it wants in the zone',
    next({ near: [by('db', zone)] }),
    [made({ app: 'db' }, 'sgx-2')],
    undefined,
  ],
  [
    'refuses what it wants in another zone',
    next({ near: [by('db', zone)] }),
    [made({ app: 'db' }, 'sgx-3')],
    noAffinity,
  ],
  ['refuses what it wants nowhere', next({ near: [by('db')] }), [], noAffinity],
  ['accepts the first of a group', next({ near: [by('me')] }), [], undefined],
  ['accepts the first of a group by zone', next({ near: [by('me', zone)] }), [made({ app: 'x' })], undefined],
  [
    'refuses the second away from the first',
    next({ near: [by('me')] }),
    [made({ app: 'me' }, 'sgx-3')],
    noAffinity,
  ],
  [
    'refuses a node without the label of the topology, even the first of a group',
    next({ near: [by('me', 'rack')] }),
    [],
    noAffinity,
  ],
  [
    'counts only pods that all rules want',
    next({ near: [by('db'), { topologyKey: hostname, labelSelector: { matchLabels: { tier: '1' } } }] }),
    [made({ app: 'db' }), made({ tier: '1' })],
    noAffinity,
  ],
  [
    'counts a pod that all rules want',
    next({ near: [by('db'), { topologyKey: zone, labelSelector: { matchLabels: { tier: '1' } } }] }),
    [made({ app: 'db', tier: '1' })],
    undefined,
  ],
  [
    'does not look into another namespace',
    next({ near: [by('db')] }),
    [made({ app: 'db' }, 'sgx-1', {}, 'x')],
    noAffinity,
  ],
  [
    'looks into a namespace by name',
    next({ near: [by('db', hostname, { namespaces: ['x'] })] }),
    [made({ app: 'db' }, 'sgx-1', {}, 'x')],
    undefined,
  ],
  [
    'looks into the named namespaces only, not its own',
    next({ near: [by('db', hostname, { namespaces: ['x'] })] }),
    [made({ app: 'db' })],
    noAffinity,
  ],
  ['refuses what it avoids on the node', next({ far: [by('db')] }), [made({ app: 'db' })], noAnti],
  [
    'accepts what it avoids on another node',
    next({ far: [by('db')] }),
    [made({ app: 'db' }, 'sgx-2')],
    undefined,
  ],
  [
    'refuses what it avoids in the zone',
    next({ far: [by('db', zone)] }),
    [made({ app: 'db' }, 'sgx-2')],
    noAnti,
  ],
  [
    'accepts what it avoids in another zone',
    next({ far: [by('db', zone)] }),
    [made({ app: 'db' }, 'sgx-3')],
    undefined,
  ],
  [
    'accepts what it avoids by a topology that the node is not in',
    next({ far: [by('db', 'rack')] }),
    [made({ app: 'db' })],
    undefined,
  ],
  [
    'looks into all namespaces for an empty namespace selector',
    next({ far: [by('db', hostname, { namespaceSelector: {} })] }),
    [made({ app: 'db' }, 'sgx-1', {}, 'x')],
    noAnti,
  ],
  [
    'looks into a namespace that is selected by its name',
    next({
      far: [
        by('db', hostname, { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'x' } } }),
      ],
    }),
    [made({ app: 'db' }, 'sgx-1', {}, 'x')],
    noAnti,
  ],
  [
    'takes a rule without a selector to be about nobody',
    next({ far: [{ topologyKey: hostname }] }),
    [made({ app: 'db' })],
    undefined,
  ],
  [
    'reads the label keys of a rule from the pod',
    next({ far: [by('db', hostname, { matchLabelKeys: ['v'] })] }, { app: 'me', v: '2' }),
    [made({ app: 'db', v: '1' })],
    undefined,
  ],
  [
    'reads the label keys that must differ, too',
    next({ far: [by('db', hostname, { mismatchLabelKeys: ['v'] })] }, { app: 'me', v: '2' }),
    [made({ app: 'db', v: '1' })],
    noAnti,
  ],
  [
    'refuses where a pod on the node avoids it',
    next({}),
    [made({ app: 'db' }, 'sgx-1', { far: [by('me')] })],
    existing,
  ],
  [
    'refuses where a pod in the zone avoids it in its zone',
    next({}),
    [made({ app: 'db' }, 'sgx-2', { far: [by('me', zone)] })],
    existing,
  ],
  [
    'accepts where a pod on another node avoids it on its node',
    next({}),
    [made({ app: 'db' }, 'sgx-2', { far: [by('me')] })],
    undefined,
  ],
  [
    'accepts where a pod of another namespace avoids its own neighbours',
    next({}),
    [made({ app: 'db' }, 'sgx-1', { far: [by('me')] }, 'x')],
    undefined,
  ],
  [
    'refuses where a pod of another namespace avoids it',
    next({}),
    [made({ app: 'db' }, 'sgx-1', { far: [by('me', hostname, { namespaces: [namespace] })] }, 'x')],
    existing,
  ],
];

describe('refusedByPodAffinity', () => {
  for (const [title, pod, around, reason] of cases) {
    it(title, () => {
      const found = outcome(pod, around);
      if (reason === undefined) expect(found).to.equal(undefined);
      else expect(found).to.deep.include({ filter: 'InterPodAffinity', reason });
    });
  }

  it('names the pod that stands against it', () => {
    expect(outcome(next({ near: [by('me')] }), [made({ app: 'me' }, 'sgx-3')])).to.have.property(
      'detail',
      'pod/me-sgx-3 is on sgx-3',
    );
    expect(outcome(next({ far: [by('db')] }), [made({ app: 'db' })])).to.have.property(
      'detail',
      'pod/db-sgx-1',
    );
  });

  it('is in doubt where only the labels of a namespace would tell', () => {
    const paid = { namespaceSelector: { matchLabels: { plan: 'paid' } } };
    const foreign = made({ app: 'db' }, 'sgx-1', {}, 'x');
    expect(outcome(next({ far: [by('db', hostname, paid)] }), [foreign])).to.have.property('doubt');
    expect(outcome(next({ near: [by('db', hostname, paid)] }), [foreign])).to.have.property('doubt');
    const theirs = made({ app: 'db' }, 'sgx-1', { far: [by('me', hostname, paid)] }, 'x');
    expect(outcome(next({}), [theirs])).to.have.property('doubt');
  });

  it('is in doubt where its surroundings could not be read and matter', () => {
    const blind = (pod: Pod, here: Pod[] = []) =>
      refusedByPodAffinity(
        pod,
        sceneOf({ node: node(), pods: here, elsewhere: { known: false, why: 'forbidden' } }, new Set()),
      );
    expect(blind(next({ near: [by('me')] }))).to.deep.equal({ doubt: 'forbidden' });
    expect(blind(next({ near: [by('me')] }), [made({ app: 'me' })])).to.equal(undefined);
    expect(blind(next({ far: [by('db', zone)] }))).to.deep.equal({ doubt: 'forbidden' });
    expect(blind(next({ far: [by('db')] }))).to.equal(undefined);
  });
});

function named(name: string, where: string): Node {
  return node(({ metadata }) => {
    metadata.name = name;
    metadata.labels = { ...metadata.labels, [hostname]: name, [zone]: where };
  });
}
