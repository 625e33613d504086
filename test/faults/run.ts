/**
 * Plays runs with faults inside the lab's network: run.ts, with a {@link FaultOrder} as JSON on the first line of stdin
 * and one seed on each that follows. Prints a {@link Suffered} as a line of JSON for each.
 */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { addresses, apiServer } from '../lab/addresses.ts';
import { judgeDone } from '../roll/judge.ts';
import type { Mesh } from '../roll/mesh.ts';
import { writeKubeconfig, type Order } from '../roll/program.ts';
import { nextRevision } from '../roll/snapshot.ts';
import { Stage } from '../roll/stage.ts';
import { play, type Place } from './play.ts';
import { FaultProxy } from './proxy.ts';

/** Where the faults are played. */
export interface FaultOrder {
  /** Each plays one run at a time. */
  readonly meshes: readonly Mesh[];
  /** Addresses of the Coordinators, by their state. */
  readonly accepting: string;
  readonly recovering: string;
}

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const { meshes, accepting, recovering } = JSON.parse((await lines.next()).value ?? '') as FaultOrder;
const stage = await Stage.open();
const places = await Promise.all(meshes.map(prepare));
await Promise.all(
  places.map(async (place) => {
    for (let line = await lines.next(); line.done !== true; line = await lines.next()) {
      const suffered = await play(stage, place, Number(line.value));
      process.stdout.write(`${JSON.stringify(suffered)}\n`);
    }
  }),
);
process.exit(0);

/** Two proxies for a mesh, and two rolls without faults: the first writes the record, the second restarts everything. */
async function prepare(mesh: Mesh): Promise<Place> {
  const { key, certificate } = await selfSigned(mesh.folder);
  const common = { address: addresses.host, key, certificate };
  const api = await FaultProxy.start({ ...common, side: 'api', target: apiServer });
  const urls = [accepting, recovering].map((address) => `https://${address}:4433`);
  const [first = '', second = ''] = urls;
  const coordinator = await FaultProxy.start({ ...common, side: 'coordinator', target: first });
  const server = `https://${addresses.host}:${String(api.port)}`;
  await writeKubeconfig(mesh, { server, authority: certificate });
  const revision = nextRevision(await stage.snapshot(mesh));
  const order: Order = {
    revision,
    nonce: `first-${String(revision)}`,
    maxConcurrent: 5,
    deadlineSeconds: 60,
    clientPort: coordinator.port,
  };
  await stage.settle(mesh, order);
  const before = await stage.snapshot(mesh);
  await stage.settle(mesh, { ...order, revision: revision + 1, nonce: `undisturbed-${String(revision)}` });
  const now = await stage.snapshot(mesh);
  const problems = judgeDone(mesh, before, now, { record: now.record, revision: revision + 1 });
  if (problems.length > 0) throw new Error(`A rollout without faults went wrong: ${problems.join('; ')}`);
  return {
    mesh,
    api: { proxy: api, target: apiServer },
    coordinator: { proxy: coordinator, accepting: first, recovering: second },
    record: now.record,
  };
}

/** A certificate for the lab's own address, which is its own authority. */
async function selfSigned(folder: string): Promise<{ key: string; certificate: string }> {
  const [key, certificate] = [join(folder, 'proxy.key'), join(folder, 'proxy.crt')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const name = ['-subj', '/CN=fault-proxy', '-addext', `subjectAltName=IP:${addresses.host}`];
  await promisify(execFile)('openssl', [
    'req',
    '-x509',
    ...curve,
    ...name,
    '-keyout',
    key,
    '-out',
    certificate,
  ]);
  return { key: await readFile(key, 'utf8'), certificate: await readFile(certificate, 'utf8') };
}
