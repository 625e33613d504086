import { expect } from 'chai';
import { watch } from '../../../hooks/commands/watch.ts';
import { paths } from '../../../hooks/io/paths.ts';
import { coordinator, coordinatorName, namespace, pod } from '../builders.ts';
import type { MemoryCluster } from '../memory-cluster.ts';
import { recorded, recordPath } from '../record.ts';
import { runningCluster, session } from '../session.ts';
import { TestClock } from '../test-clock.ts';
import { limits } from '../watching.ts';

interface Watched {
  lines: string[];
  reasons: string[];
  /** Whether the port was open after each round. */
  open: boolean[];
  cluster: MemoryCluster;
}

/** The cluster after a move to sgx-2 that no hook saw. */
function movedCluster(): MemoryCluster {
  const moved = pod(({ spec }) => (spec.nodeName = 'sgx-2'));
  return runningCluster().put(paths.pod(namespace, moved.metadata.name), moved);
}

/** The anchor watches a Coordinator that answers with these states, one each 60 s. */
async function watched(states: (number | undefined)[], cluster: MemoryCluster): Promise<Watched> {
  const clock = new TestClock(states.length * 60_000);
  const { output, progress } = session();
  const open: boolean[] = [];
  let present: number | undefined;
  let port = false;
  const answer = async () => {
    await Promise.resolve();
    if (present === undefined) throw new Error('connect ECONNREFUSED');
    return present === 3 ? coordinator() : { state: present };
  };
  const left = [...states];
  const api = {
    facts: answer,
    state: async () => {
      present = left.shift();
      return (await answer()).state;
    },
  };
  const sleep = clock.sleep.bind(clock);
  clock.sleep = async (...given) => {
    open.push(port);
    await sleep(...given);
  };
  await watch({
    coordinator: api,
    intervalMilliseconds: 60_000,
    limits,
    clock,
    output,
    signal: clock.deadline.signal,
    anchor: {
      place: { namespace, deployment: coordinatorName, clientPort: 4433 },
      connect: async () => await Promise.resolve(cluster),
      coordinatorAt: () => api,
      listener: {
        set: async (value) => {
          await Promise.resolve();
          port = value;
        },
      },
      clock,
      signal: clock.deadline.signal,
    },
  });
  const events = cluster.writes.filter(({ path }) => path.endsWith('/events'));
  return {
    lines: progress,
    reasons: events.map(({ body }) => (body as { reason: string }).reason),
    open,
    cluster,
  };
}

describe('the watch of the anchor', () => {
  it('tells of a recovery and of its end, notes the node, and shows it by its port', async () => {
    const { reasons, open, cluster } = await watched(
      [...Array.from({ length: 12 }, () => 1), 3, 3],
      movedCluster(),
    );
    expect(reasons).to.deep.equal(['CoordinatorNeedsRecovery', 'CoordinatorRecovered']);
    expect(open).to.deep.equal([...Array.from({ length: 10 }, () => true), false, false, true, true]);
    expect(recorded(cluster).coordinator.node).to.equal('sgx-2');
  });

  it('leaves the record alone in recovery', async () => {
    const { cluster } = await watched([1, 1, 1], movedCluster());
    expect(cluster.changes()).to.deep.equal([]);
  });

  it('logs what it tells in full, and why it is not Ready', async () => {
    const { lines } = await watched(
      Array.from({ length: 12 }, () => 1),
      movedCluster(),
    );
    expect(lines.filter((line) => line.includes('moved from sgx-1 to sgx-2'))).to.have.length(1);
    expect(lines.at(-1)).to.match(/ Not Ready: the Coordinator has needed recovery for more than 600 s/);
  });

  it('tells nothing again that the anchor before it told', async () => {
    const cluster = movedCluster();
    await watched([1, 1], cluster);
    expect((await watched([1, 1], cluster)).reasons).to.deep.equal(['CoordinatorNeedsRecovery']);
  });

  it('tells a later occasion in the same pod all the same', async () => {
    const { reasons } = await watched([3, 1, 3, 1, 3], runningCluster());
    expect(reasons).to.deep.equal([
      'CoordinatorNeedsRecovery',
      'CoordinatorRecovered',
      'CoordinatorNeedsRecovery',
      'CoordinatorRecovered',
    ]);
  });

  it('goes on without a right, and says once which one', async () => {
    const cluster = movedCluster();
    const error = { kind: 'forbidden', message: 'events is forbidden' } as const;
    cluster.refusals.push({ verb: 'create', path: /events/, error });
    const { lines, open } = await watched(
      Array.from({ length: 12 }, () => 1),
      cluster,
    );
    expect(lines.filter((line) => line.includes('events is forbidden'))).to.have.length(1);
    expect(open.at(-1)).to.equal(false);
  });

  it('tells later what it could not tell, and looks again when the cluster cannot be looked at', async () => {
    const cluster = movedCluster();
    const error = { kind: 'unreachable', message: 'the API server cannot be reached' } as const;
    cluster.refusals.push({ verb: 'list', path: /pods/, error });
    let writes = 0;
    cluster.beforeGet = () => {
      if (++writes === 2) cluster.refusals.splice(0, 1, { verb: 'create', path: /events/, error });
      if (writes === 5) cluster.refusals.length = 0;
    };
    const { reasons, lines } = await watched([1, 1, 1, 1], cluster);
    expect(reasons).to.deep.equal(['CoordinatorNeedsRecovery']);
    expect(lines.some((line) => line.includes('The cluster cannot be looked at'))).to.equal(true);
  });

  it('leaves a record that a hook writes at the same moment, and notes the node the next time', async () => {
    const cluster = movedCluster();
    const error = { kind: 'conflict', message: 'the object has been modified' } as const;
    cluster.refusals.push({ verb: 'patch', path: /configmaps/, error });
    let reads = 0;
    cluster.beforeGet = (path) => {
      if (path === recordPath && ++reads === 3) cluster.refusals.length = 0;
    };
    const { lines } = await watched([3, 3, 3, 3], cluster);
    expect(lines.some((line) => line.includes('The record was not changed'))).to.equal(true);
    expect(recorded(cluster).coordinator.node).to.equal('sgx-2');
  });
});
