import { expect } from 'chai';
import { judgeDone, judgeStopped } from './judge.ts';
import type { SeenPod } from './ledger.ts';
import type { Mesh } from './mesh.ts';
import type { Snapshot, WorkloadState } from './snapshot.ts';
import type { WorkloadKind } from './workloads.ts';

function meshOf(kind: WorkloadKind): Mesh {
  const workload = { kind, namespace: 'a', name: 'web', pods: 2 };
  return { namespace: 'a', folder: '', token: '', workloads: [workload] };
}

function pods(...names: readonly `${string}/${string}`[]): SeenPod[] {
  return names.map((each, index) => {
    const [revision = '', name = ''] = each.split('/');
    return { namespace: 'a', workload: 'web', name, uid: `${each}-${index}`, revision };
  });
}

const old = pods('1/x', '1/y');

function at(
  state: Partial<WorkloadState>,
  record: Snapshot['record'] = { revision: 2, startedUnder: 'key' },
): Snapshot {
  const whole = { generation: 1, startedUnder: 'key', settled: true, pods: old, ...state };
  return { workloads: new Map([['a/web', whole]]), record };
}

const before = at({});
const once = { generation: 2, pods: [...old, ...pods('2/x', '2/y')] };

describe('judgeStopped', () => {
  const cases: [string, WorkloadKind, Partial<WorkloadState>, number][] = [
    ['nothing was restarted', 'Deployment', {}, 0],
    ['it was restarted once', 'Deployment', once, 0],
    ['it was restarted twice', 'Deployment', { ...once, generation: 3 }, 1],
    ['it has pods of two new templates', 'Deployment', { generation: 2, pods: pods('1/x', '2/x', '3/x') }, 2],
    ['it had a pod more than it should', 'Deployment', { generation: 2, pods: pods('2/x', '2/y', '2/z') }, 1],
    [
      'a pod of a StatefulSet was made anew',
      'StatefulSet',
      { generation: 2, pods: pods('2/x', '2/x', '2/y') },
      0,
    ],
  ];
  for (const [title, kind, state, problems] of cases) {
    it(`finds ${problems} problems when ${title}`, () => {
      expect(judgeStopped(meshOf(kind), before, at(state), 1)).to.have.length(problems);
    });
  }

  it('allows no restart where none is allowed', () => {
    expect(judgeStopped(meshOf('Deployment'), before, at(once), 0)).to.have.length(1);
  });
});

describe('judgeDone', () => {
  const undisturbed = { record: { revision: 1, startedUnder: 'other' }, revision: 2 };
  const cases: [string, Snapshot, number][] = [
    ['all is done', at(once), 0],
    ['nothing was restarted', at({}), 1],
    ['it is not settled', at({ ...once, settled: false }), 1],
    ['it carries another key', at({ ...once, startedUnder: 'other' }), 1],
    ['there is no record', at({ ...once, startedUnder: undefined }, undefined), 1],
    ['the record counts another revision', at(once, { revision: 3, startedUnder: 'key' }), 1],
    ['the record says something else', at(once, { revision: 2, startedUnder: 'key', node: 'b' }), 1],
  ];
  for (const [title, now, problems] of cases) {
    it(`finds ${problems} problems when ${title}`, () => {
      const found = judgeDone(meshOf('Deployment'), before, now, undisturbed);
      expect(found, found.join('; ')).to.have.length(problems);
    });
  }
});
