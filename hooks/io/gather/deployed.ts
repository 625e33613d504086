import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { known, unknown, type Known } from '../../core/known.ts';
import type { RenderedObject } from '../../core/plan/changes.ts';
import type { Cluster } from '../cluster.ts';
import { objectsIn } from '../helm.ts';
import { releaseStore } from './stored-releases.ts';
import { secondsBetween } from './timings.ts';
import { unlessForbidden } from './unless-forbidden.ts';

/** The release that an upgrade starts from. */
export interface DeployedRelease {
  objects: RenderedObject[];
  /** How long the Job of a hook ran, in seconds, by its name. Helm notes it, and removes Jobs that succeed. */
  hookSeconds: ReadonlyMap<string, number>;
}

interface HelmRelease {
  manifest: string;
  hooks?: { name: string; kind: string; last_run?: { started_at?: string; completed_at?: string } }[] | null;
}

/** The deployed release, or the last one that failed where none is deployed, as Helm has it; undefined where there is none. */
export async function gatherDeployed(
  cluster: Cluster,
  { namespace, name }: { namespace: string; name: string },
  driver: string,
): Promise<Known<DeployedRelease | undefined>> {
  const store = releaseStore(cluster, namespace, driver);
  if (!store.known) return store;
  const { newest, textOf } = store.value;
  return await unlessForbidden(async () => {
    const last = (await newest({ name, status: 'deployed' })) ?? (await newest({ name, status: 'failed' }));
    if (last === undefined) return known(undefined);
    const release = await releaseIn(textOf(last));
    if (release === undefined) return unknown(`${last.metadata.name} cannot be read as a release`);
    return known({ objects: objectsIn(release.manifest), hookSeconds: hookSeconds(release) });
  });
}

function hookSeconds({ hooks }: HelmRelease): Map<string, number> {
  const jobs = (hooks ?? []).filter(({ kind }) => kind === 'Job');
  return new Map(
    jobs.flatMap(({ name, last_run }) => {
      const seconds = secondsBetween(last_run?.started_at, last_run?.completed_at);
      return seconds === undefined ? [] : [[name, seconds] as const];
    }),
  );
}

/** Helm keeps a release as JSON, zipped, in base64 (Helm 3 and 4: pkg/storage/driver/util.go). */
async function releaseIn(encoded: string): Promise<HelmRelease | undefined> {
  try {
    const text = await promisify(gunzip)(Buffer.from(encoded, 'base64'));
    const release = JSON.parse(text.toString('utf8')) as Partial<HelmRelease>;
    return typeof release.manifest === 'string' ? { ...release, manifest: release.manifest } : undefined;
  } catch {
    return undefined;
  }
}
