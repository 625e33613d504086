import { join } from 'node:path';
import { expect } from 'chai';
import { afterwards, useLab } from '../cluster/shared-lab.ts';
import { addFakeNodes, addNodeAt, removeFakeNodes } from '../lab/kwok.ts';
import { startCoordinator } from '../roll/coordinators.ts';
import { makeMesh, namespacesOf, removeMesh, type Mesh } from '../roll/mesh.ts';
import { marbleNodes, mixedWorkloads } from '../roll/workloads.ts';
import type { Crash, CrashOrder } from './run.ts';

/** Kinds that the program restarts. */
const kinds = ['Deployment', 'StatefulSet', 'DaemonSet'] as const;
const meshCount = 6;
const hostNode = 'crash-coordinator';

describe('a rollout of 12 workloads that is killed right before or after any of its calls, and run again', function () {
  this.timeout('25m');
  const lab = useLab();
  const meshes: Mesh[] = [];
  let coordinator: Awaited<ReturnType<typeof startCoordinator>> | undefined;
  let nodes: string[] = [];
  let crashes: Crash[] = [];

  before(async () => {
    nodes = await addFakeNodes(lab(), marbleNodes, console.log);
    coordinator = await startCoordinator(lab());
    await addNodeAt(lab(), hostNode, coordinator.address, console.log);
    for (let index = 0; index < meshCount; index++) {
      const namespace = `crash-${String(index)}`;
      const workloads = mixedWorkloads(namespacesOf(namespace), kinds);
      meshes.push(await makeMesh(lab(), { namespace, node: hostNode, workloads }));
    }
    const call = process.env.CRASH_CALL;
    const order: CrashOrder = { meshes, ...(call === undefined ? {} : { call: Number(call) }) };
    const input = JSON.stringify(order);
    const { stdout } = await lab().exec(process.execPath, [join(import.meta.dirname, 'run.ts')], { input });
    crashes = stdout.split('\n').map((line) => JSON.parse(line) as Crash);
    const killed = crashes.filter((crash) => crash.killed).length;
    console.log(`      ${String(crashes.length)} moments, killed at ${String(killed)} of them`);
  });
  afterwards(async () => {
    await Promise.all(meshes.map((mesh) => removeMesh(lab(), mesh)));
    await removeFakeNodes(lab(), [...nodes, hostNode]);
    await coordinator?.remove();
  });

  it('makes at least two calls for each workload, at nearly all of which it is killed', () => {
    const moments = 2 * 2 * 12;
    expect(crashes.filter(({ killed }) => killed)).to.have.length.of.at.least(moments);
  });

  it('restarts every workload exactly once, and ends as if nothing had happened', () => {
    const wrong = crashes.filter(({ problems }) => problems.length > 0);
    const told = wrong.map(
      (crash) =>
        `killed ${crash.when} call ${String(crash.call)} (${crash.request}); to play it again: CRASH_CALL=${String(crash.call)} npx mocha test/crash/crash.test.ts\n${crash.problems.join('\n')}`,
    );
    expect(wrong, told.join('\n')).to.deep.equal([]);
  });
});
