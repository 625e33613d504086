import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { apiServer } from '../lab/addresses.ts';
import { credentialsOf } from '../lab/credentials.ts';
import { addFakeNodes, addNodeAt } from '../lab/kwok.ts';
import { startLab, type Lab } from '../lab/lab.ts';
import { runningLab } from '../lab/state.ts';
import { startCoordinator } from '../roll/coordinators.ts';
import { makeMesh, type Mesh } from '../roll/mesh.ts';
import { writeKubeconfig, writeOrder } from '../roll/program.ts';
import { deployments, proofLabel } from '../roll/workloads.ts';
import { median, print, seconds } from './figures.ts';
import { runInNetworkOf, type ProcessRun } from './process.ts';

const fakeNodes = 20;
const hostNode = 'bench-coordinator';
const wave = 5;
const selector = Object.entries(proofLabel).flat().join('=');

/** The most that the program may cost: against kubectl, against the waves alone, in requests a workload, in memory. */
const limits = { kubectl: 1, waves: 1.2, requests: 3, growth: 1.1 };

/** A mesh of a number of Deployments, and how often it was rolled. */
interface Field {
  readonly mesh: Mesh;
  readonly size: number;
  rolls: number;
}

/**
 * What a roll of `--size` Marbles costs, against kubectl in the same cluster and against the waves alone. The waves are
 * measured with a fifth of them, and the growth of memory from a tenth. Answers whether all limits hold.
 */
export async function benchRollout(args: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...args],
    options: { size: { type: 'string', default: '1000' }, rounds: { type: 'string', default: '3' } },
  });
  const size = Number(values.size);
  const start = Date.now();
  const note = (line: string): void => {
    console.error(`${seconds(Date.now() - start).padStart(8)}  ${line}`);
  };
  const lab = await startLab({ onProgress: note });
  try {
    const bench = await Bench.prepare(lab, size, note);
    for (let round = 1; round <= Number(values.rounds); round++) {
      note(`round ${String(round)}`);
      await bench.round(round % 2 === 1);
    }
    return bench.report();
  } finally {
    await lab.down();
  }
}

/** Everything that is measured, round by round. */
class Bench {
  readonly #lab: Lab;
  readonly #pid: number;
  readonly #fields: Readonly<Record<'large' | 'small' | 'waves', Field>>;
  readonly #times: Record<'kubectl' | 'program' | 'inWaves' | 'waves', number[]> = {
    kubectl: [],
    program: [],
    inWaves: [],
    waves: [],
  };
  readonly #memory: Record<'large' | 'small' | 'inWaves', number[]> = { large: [], small: [], inWaves: [] };
  readonly #requests: Record<'kubectl' | 'program' | 'inWaves', number[]> = {
    kubectl: [],
    program: [],
    inWaves: [],
  };

  private constructor(lab: Lab, pid: number, fields: Readonly<Record<'large' | 'small' | 'waves', Field>>) {
    this.#lab = lab;
    this.#pid = pid;
    this.#fields = fields;
  }

  static async prepare(lab: Lab, size: number, note: (line: string) => void): Promise<Bench> {
    await addFakeNodes(lab, fakeNodes, note);
    const { address } = await startCoordinator(lab);
    await addNodeAt(lab, hostNode, address, note);
    const field = async (namespace: string, count: number): Promise<Field> => {
      note(`making ${String(count)} Deployments in ${namespace}`);
      const workloads = deployments(namespace, count);
      const mesh = await makeMesh(lab, { namespace, node: hostNode, workloads });
      const authority = await readFile(credentialsOf(lab.dir).certificate, 'utf8');
      await writeKubeconfig(mesh, { server: apiServer, authority });
      await mayUseKubectl(lab, mesh);
      await lab.kubectl('-n', namespace, 'rollout', 'status', 'deployment', '-l', selector, '--timeout=10m');
      return { mesh, size: count, rolls: 0 };
    };
    const fields = {
      large: await field('bench-large', size),
      small: await field('bench-small', Math.ceil(size / 10)),
      waves: await field('bench-waves', Math.ceil(size / 5)),
    };
    const bench = new Bench(lab, (await runningLab(lab.name))?.first.pid ?? 0, fields);
    // The first roll of a mesh writes its record and restarts nothing.
    for (const each of Object.values(fields)) await bench.#roll(each, wave);
    return bench;
  }

  /** Measures all once; which of two that are compared comes first changes. */
  async round(kubectlFirst: boolean): Promise<void> {
    const { large, small, waves } = this.#fields;
    const compared = [() => this.#kubectl(large), () => this.#unlimited(large)];
    for (const each of kubectlFirst ? compared : compared.reverse()) await each();
    this.#memory.small.push((await this.#roll(small, small.size)).peakMiB);
    const pair = [() => this.#inWaves(waves), () => this.#wavesAlone(waves)];
    for (const each of kubectlFirst ? pair : pair.reverse()) await each();
  }

  async #kubectl(field: Field): Promise<void> {
    const { namespace, folder } = field.mesh;
    const options = { env: { KUBECONFIG: join(folder, 'kubectl.kubeconfig') } };
    const where = ['-n', namespace, 'rollout'];
    const requests = await this.#asked(`system:serviceaccount:${namespace}:kubectl`, async () => {
      const startedAt = Date.now();
      await this.#lab.exec('kubectl', [...where, 'restart', 'deployment', '-l', selector], options);
      await this.#lab.exec('kubectl', [...where, 'status', 'deployment', '-l', selector], options);
      this.#times.kubectl.push(Date.now() - startedAt);
    });
    this.#requests.kubectl.push(requests / field.size);
  }

  async #unlimited(field: Field): Promise<void> {
    const requests = await this.#asked(userOf(field), async () => {
      const run = await this.#roll(field, field.size);
      this.#times.program.push(run.endedAt - run.startedAt);
      this.#memory.large.push(run.peakMiB);
    });
    this.#requests.program.push(requests / field.size);
  }

  async #inWaves(field: Field): Promise<void> {
    const requests = await this.#asked(userOf(field), async () => {
      const run = await this.#roll(field, wave);
      this.#times.inWaves.push(run.endedAt - run.startedAt);
      this.#memory.inWaves.push(run.peakMiB);
    });
    this.#requests.inWaves.push(requests / field.size);
  }

  async #wavesAlone({ mesh }: Field): Promise<void> {
    const program = join(import.meta.dirname, 'waves.ts');
    const { stdout } = await this.#lab.exec(process.execPath, [program, mesh.namespace, String(wave)]);
    this.#times.waves.push(Number(stdout));
    await delay(pauseMilliseconds);
  }

  /** The program's own rollout, for a nonce that restarts everything. */
  async #roll(field: Field, maxConcurrent: number): Promise<ProcessRun> {
    const { mesh } = field;
    const revision = ++field.rolls;
    const nonce = `roll-${String(revision)}`;
    await writeOrder(mesh, {
      revision,
      nonce,
      maxConcurrent,
      deadlineSeconds: 900,
      clientPort: 4433,
    });
    const command = [process.execPath, 'dist/marblerun-hooks.mjs', 'rollout', '--config', mesh.folder];
    // The options of Node are those that the chart gives the hook.
    const options = { NODE_OPTIONS: '--max-semi-space-size=1 --expose-gc' };
    const environment = { PATH: process.env.PATH, KUBECONFIG: join(mesh.folder, 'kubeconfig'), ...options };
    const run = await runInNetworkOf(this.#pid, command, environment);
    await delay(pauseMilliseconds);
    return run;
  }

  /** How many requests a user makes while something is done. */
  async #asked(user: string, act: () => Promise<void>): Promise<number> {
    const count = async (): Promise<number> =>
      (await this.#lab.audit()).filter((each) => each.user === user).length;
    const before = await count();
    await act();
    await delay(pauseMilliseconds);
    return (await count()) - before;
  }

  /** Prints the figures and answers whether all limits hold. */
  report(): boolean {
    const { large, small, waves } = this.#fields;
    const time = (of: readonly number[]): string => `${(median(of) / 1000).toFixed(1)} s`;
    const each = (of: readonly number[]): string => `${median(of).toFixed(2)} a workload`;
    print('kubectl restart and status', `${time(this.#times.kubectl)}, ${String(large.size)} Deployments`);
    print('rollout without a limit', time(this.#times.program));
    print(`waves of ${String(wave)} alone`, `${time(this.#times.waves)}, ${String(waves.size)} Deployments`);
    print(`rollout with maxConcurrent ${String(wave)}`, time(this.#times.inWaves));
    print('requests of kubectl', each(this.#requests.kubectl));
    print('requests with maxConcurrent 5', each(this.#requests.inWaves));
    print(
      'peak memory, small and large',
      `${median(this.#memory.small).toFixed(0)} and ${median(this.#memory.large).toFixed(0)} MiB`,
    );
    print('peak memory with maxConcurrent 5', `${median(this.#memory.inWaves).toFixed(0)} MiB`);
    const checks: [string, number, number][] = [
      ['rollout without a limit / kubectl', ratio(this.#times.program, this.#times.kubectl), limits.kubectl],
      ['rollout with a limit / waves alone', ratio(this.#times.inWaves, this.#times.waves), limits.waves],
      ['requests a workload', median(this.#requests.program), limits.requests],
      [
        `memory, ${String(large.size)} / ${String(small.size)}`,
        ratio(this.#memory.large, this.#memory.small),
        limits.growth,
      ],
    ];
    return checks
      .map(([name, figure, limit]) => {
        const holds = figure <= limit;
        print(name, `${figure.toFixed(2)}, at most ${String(limit)}: ${holds ? 'holds' : 'MISSED'}`);
        return holds;
      })
      .every(Boolean);
  }
}

/** The audit log gets a request a moment after its answer, and old pods go a moment after the new ones are there. */
const pauseMilliseconds = 2000;

function ratio(one: readonly number[], other: readonly number[]): number {
  return median(one) / median(other);
}

function userOf({ mesh }: Field): string {
  return `system:serviceaccount:${mesh.namespace}:marblerun-coordinator-rollout`;
}

/** A ServiceAccount for kubectl, since the audit log notes no one else, and a kubeconfig for it. */
async function mayUseKubectl(lab: Lab, mesh: Mesh): Promise<void> {
  const { namespace, folder } = mesh;
  await lab.kubectl('-n', namespace, 'create', 'serviceaccount', 'kubectl');
  const bound = ['--clusterrole=admin', `--serviceaccount=${namespace}:kubectl`];
  await lab.kubectl('-n', namespace, 'create', 'rolebinding', 'kubectl', ...bound);
  const token = (await lab.kubectl('-n', namespace, 'create', 'token', 'kubectl', '--duration=3h')).trim();
  const own = await readFile(join(folder, 'kubeconfig'), 'utf8');
  await writeFile(join(folder, 'kubectl.kubeconfig'), own.replaceAll(mesh.token, token));
}
