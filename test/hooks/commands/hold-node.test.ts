import { expect } from 'chai';
import { holdNode } from '../../../hooks/commands/hold-node.ts';
import { paths } from '../../../hooks/io/paths.ts';
import { coordinatorName, namespace, pod } from '../builders.ts';
import type { MemoryCluster } from '../memory-cluster.ts';
import { runningCluster } from '../session.ts';
import { TestClock } from '../test-clock.ts';

const podPath = paths.pod(namespace, pod().metadata.name);

/** Holds sgx-1 for 50 s at most, and says how long it took and what was logged. */
async function held(
  cluster: MemoryCluster,
  clock: TestClock,
): Promise<{ milliseconds: number; lines: string[] }> {
  const lines: string[] = [];
  const start = clock.now();
  await holdNode({
    cluster,
    namespace,
    deployment: coordinatorName,
    node: 'sgx-1',
    wait: { clock, signal: clock.deadline.signal, progress: (line) => void lines.push(line) },
  });
  return { milliseconds: clock.now() - start, lines };
}

describe('holding the node', () => {
  it('ends at once while the Coordinator stands', async () => {
    expect(await held(runningCluster(), new TestClock(50_000))).to.deep.equal({ milliseconds: 0, lines: [] });
  });

  it('looks twice a second until the next Coordinator has a node', async () => {
    const cluster = runningCluster();
    cluster.objects.delete(podPath);
    const clock = new TestClock(50_000);
    const sleep = clock.sleep.bind(clock);
    clock.sleep = async (...given) => {
      if (clock.sleeps.length === 5) cluster.put(podPath, pod());
      await sleep(...given);
    };
    const { milliseconds, lines } = await held(cluster, clock);
    expect(milliseconds).to.equal(3000);
    expect(lines).to.deep.equal(['Holding node sgx-1: the Coordinator is between two pods']);
  });

  it('goes when its time is nearly over, and says so', async () => {
    const cluster = runningCluster();
    cluster.objects.delete(podPath);
    const { milliseconds, lines } = await held(cluster, new TestClock(50_000));
    expect(milliseconds).to.equal(50_000);
    expect(lines.at(-1)).to.equal(
      'Node sgx-1 is held no longer: Holding node sgx-1: the time is up first; the Coordinator is between two pods',
    );
  });

  it('goes at once when its rights are gone with the release', async () => {
    const cluster = runningCluster();
    cluster.objects.delete(podPath);
    const error = { kind: 'forbidden', message: 'deployments is forbidden' } as const;
    cluster.refusals.push({ verb: 'get', path: /deployments/, error });
    const { milliseconds, lines } = await held(cluster, new TestClock(50_000));
    expect(milliseconds).to.equal(0);
    expect(lines).to.deep.equal(['Node sgx-1 is held no longer: deployments is forbidden']);
  });
});
