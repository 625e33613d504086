import { join } from 'node:path';
import type { Lab } from '../lab/lab.ts';
import { addFakeNodes, addNodeAt, removeFakeNodes } from '../lab/kwok.ts';
import { addresses } from '../lab/addresses.ts';
import type { Progress } from '../lab/progress.ts';
import { startCoordinators, type Coordinators } from '../roll/coordinators.ts';
import { makeMesh, namespacesOf, removeMesh, type Mesh } from '../roll/mesh.ts';
import { marbleNodes, mixedWorkloads } from '../roll/workloads.ts';
import type { Suffered } from './play.ts';
import type { FaultOrder } from './run.ts';

/** Kinds that the program restarts. */
const kinds = ['Deployment', 'StatefulSet', 'DaemonSet'] as const;
const workloadsEach = 4;
const hostNode = 'faults-coordinator';

/** A lab that is ready for runs with faults. */
export class FaultGround {
  readonly #lab: Lab;
  readonly #coordinators: Coordinators;
  readonly #meshes: readonly Mesh[];
  readonly #nodes: readonly string[];

  private constructor(
    lab: Lab,
    coordinators: Coordinators,
    meshes: readonly Mesh[],
    nodes: readonly string[],
  ) {
    this.#lab = lab;
    this.#coordinators = coordinators;
    this.#meshes = meshes;
    this.#nodes = nodes;
  }

  /** Makes two real Coordinators and so many meshes, in each of which one run is played at a time. */
  static async prepare(lab: Lab, meshCount: number, progress: Progress): Promise<FaultGround> {
    const nodes = await addFakeNodes(lab, marbleNodes, progress);
    await addNodeAt(lab, hostNode, addresses.host, progress);
    const coordinators = await startCoordinators(lab);
    const meshes: Mesh[] = [];
    for (let index = 0; index < meshCount; index++) {
      const namespace = `faults-${String(index)}`;
      const workloads = mixedWorkloads(namespacesOf(namespace), kinds, workloadsEach);
      meshes.push(await makeMesh(lab, { namespace, node: hostNode, workloads }));
    }
    return new FaultGround(lab, coordinators, meshes, [...nodes, hostNode]);
  }

  /** Plays the runs of these seeds and answers what became of each. */
  async play(seeds: readonly number[]): Promise<Suffered[]> {
    const { accepting, recovering } = this.#coordinators;
    const order: FaultOrder = { meshes: this.#meshes, accepting, recovering };
    const input = [JSON.stringify(order), ...seeds].join('\n');
    const program = join(import.meta.dirname, 'run.ts');
    const { stdout } = await this.#lab.exec(process.execPath, [program], { input });
    return stdout.split('\n').map((line) => JSON.parse(line) as Suffered);
  }

  /** Removes all that {@link prepare} made. */
  async remove(): Promise<void> {
    await Promise.all(this.#meshes.map((mesh) => removeMesh(this.#lab, mesh)));
    await removeFakeNodes(this.#lab, this.#nodes);
    await this.#coordinators.remove();
  }
}

/** What is wrong with a run, and how to play it again. */
export function told({ seed, plan, faults, problems, exitCode }: Suffered): string {
  return [
    `seed ${String(seed)} ended with ${String(exitCode)}; to play it again: npm run bench -- faults --runs 1 --seed ${String(seed)}`,
    ...problems.map((problem) => `  ${problem}`),
    `  plan: ${JSON.stringify(plan)}`,
    ...faults.slice(0, 40).map((fault) => `  fault at request ${fault}`),
  ].join('\n');
}

/** The share of each end, in one line. */
export function tally(runs: readonly Suffered[]): string {
  const ends = Map.groupBy(runs, ({ exitCode }) => String(exitCode));
  const befallen = runs.filter(({ faults }) => faults.length > 0).length;
  const shares = [...ends].sort().map(([code, of]) => `${String(of.length)} ended with ${code}`);
  return `${String(runs.length)} runs, faults in ${String(befallen)}: ${shares.join(', ')}`;
}
