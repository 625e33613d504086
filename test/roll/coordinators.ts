import { glob, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { giveManifest, meshFacts } from '../cluster/mesh-facts.ts';
import { Release } from '../cluster/release.ts';
import type { Lab } from '../lab/lab.ts';

/** Two real Coordinators that many meshes of a proof share; each is an address of the lab's network. */
export interface Coordinators {
  /** In state 3, with a Manifest in force. */
  readonly accepting: string;
  /** In state 1, with sealed state of which the key is lost. */
  readonly recovering: string;
  remove(): Promise<void>;
}

/** Installs both. The second one loses its sealing key, as on a node with another CPU. */
export async function startCoordinators(lab: Lab): Promise<Coordinators> {
  const releases = [await Release.prepare(lab, 4), await Release.prepare(lab, 4)] as const;
  const [accepting, recovering] = releases;
  await Promise.all(releases.map(install));
  await Promise.all(releases.map((release) => giveManifest(release)));
  await loseKey(recovering);
  await expectState(accepting, 3);
  await expectState(recovering, 1);
  return {
    accepting: await addressOf(accepting),
    recovering: await addressOf(recovering),
    remove: async () => {
      await Promise.all(releases.map((release) => release.remove()));
    },
  };
}

/** One real Coordinator in state 3. */
export async function startCoordinator(lab: Lab): Promise<{ address: string; remove(): Promise<void> }> {
  const release = await Release.prepare(lab, 4);
  await install(release);
  await giveManifest(release);
  return { address: await addressOf(release), remove: () => release.remove() };
}

async function install(release: Release): Promise<void> {
  const { exitCode, all } = await release.install({}, '--no-hooks', '--wait');
  if (exitCode !== 0) throw new Error(all);
}

async function loseKey(release: Release): Promise<void> {
  const volume = join(release.lab.dir, 'volumes', release.namespace);
  for await (const key of glob(join(volume, '**', 'sealed_key*'))) await rm(key);
  const old = await release.coordinatorPod();
  await release.kubectl('delete', 'pod', old.metadata.name, '--grace-period=1');
  await release.kubectl('rollout', 'status', 'deployment/marblerun-coordinator', '--timeout=90s');
}

async function expectState(release: Release, expected: number): Promise<void> {
  const { state } = await meshFacts(release);
  if (state !== expected) {
    throw new Error(
      `the Coordinator in ${release.namespace} is in state ${state ?? 'unknown'}, not ${expected}`,
    );
  }
}

async function addressOf(release: Release): Promise<string> {
  return (await release.coordinatorPod()).status?.podIP ?? '';
}
