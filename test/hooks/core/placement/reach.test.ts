import { expect } from 'chai';
import type { Pod } from '../../../../hooks/core/objects.ts';
import { nextPod } from '../../../../hooks/core/placement/candidate.ts';
import { reachOf, type Reach } from '../../../../hooks/core/placement/reach.ts';
import type { ClaimFacts } from '../../../../hooks/core/placement/scene.ts';
import type { PodAffinityTerm } from '../../../../hooks/core/pod-rules.ts';
import { deployment, facts, groupLabel, namespace, pod } from '../../builders.ts';

const zone = 'topology.kubernetes.io/zone';
const selector = { labelSelector: { matchLabels: { app: 'db' } } };
const query = { namespace, labelSelector: 'app=db' };
const everything = { namespace, labelSelector: '' };

function require(kind: 'podAffinity' | 'podAntiAffinity', term: PodAffinityTerm): (pod: Pod) => void {
  return ({ spec }) => {
    spec.affinity = { [kind]: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
  };
}

/** Title, what differs from the chart's own pod, the queries. */
const cases: [string, (pod: Pod) => unknown, Reach['queries']][] = [
  ['reads nothing for the chart’s own pod', () => undefined, []],
  [
    'reads what the pod wants to be near, and where else it is',
    require('podAffinity', { topologyKey: 'kubernetes.io/hostname', ...selector }),
    [query],
  ],
  [
    'reads nothing for what it avoids on its node',
    require('podAntiAffinity', { topologyKey: 'kubernetes.io/hostname', ...selector }),
    [],
  ],
  [
    'reads what it avoids in its zone',
    require('podAntiAffinity', { topologyKey: zone, ...selector }),
    [query],
  ],
  [
    'reads the namespaces of a rule',
    require('podAntiAffinity', { topologyKey: zone, ...selector, namespaces: ['a', 'b'] }),
    [
      { ...query, namespace: 'a' },
      { ...query, namespace: 'b' },
    ],
  ],
  [
    'reads all namespaces where labels choose them',
    require('podAntiAffinity', { topologyKey: zone, ...selector, namespaceSelector: {} }),
    [{ ...query, namespace: undefined }],
  ],
  [
    'reads the namespace where the labels change',
    ({ metadata }) => (metadata.labels = { ...metadata.labels, v: '2' }),
    [everything],
  ],
];

describe('reachOf', () => {
  const chartsPod = (change: (pod: Pod) => unknown = () => undefined): Pod => {
    const next = nextPod(facts().target, deployment(), pod()).pod;
    change(next);
    return next;
  };
  const reach = (next: Pod, old: Pod | undefined = pod(), claims: ClaimFacts[] = []): Reach =>
    reachOf({ pod: next, old, claims, group: groupLabel });

  for (const [title, change, queries] of cases) {
    it(title, () => {
      expect(reach(chartsPod(change))).to.deep.equal({ queries, everyNode: false });
    });
  }

  it('reads the namespace where no old pod has shown that the others get on with it', () => {
    expect(
      reachOf({ pod: chartsPod(), old: undefined, claims: [], group: groupLabel }).queries,
    ).to.deep.equal([everything]);
  });

  it('reads the namespace for a claim that is for one pod only', () => {
    const claim = { metadata: { name: 'c' }, spec: { accessModes: ['ReadWriteOncePod'] } };
    expect(reach(chartsPod(), pod(), [{ name: 'c', claim }]).queries).to.deep.equal([everything]);
  });

  it('reads all nodes only for a spread that keeps the pod away', () => {
    const spread = (whenUnsatisfiable: string) =>
      chartsPod(({ spec }) => {
        spec.topologySpreadConstraints = [{ maxSkew: 1, topologyKey: zone, whenUnsatisfiable, ...selector }];
      });
    expect(reach(spread('DoNotSchedule'))).to.deep.equal({ queries: [query], everyNode: true });
    expect(reach(spread('ScheduleAnyway'))).to.deep.equal({ queries: [], everyNode: false });
  });
});
