import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { known, unknown, type Known } from '../../core/known.ts';
import type { ObjectMeta } from '../../core/objects.ts';
import type { RenderedObject } from '../../core/plan/changes.ts';
import type { Cluster } from '../cluster.ts';
import { objectsIn } from '../helm.ts';
import { paths } from '../paths.ts';
import { secondsBetween } from './timings.ts';
import { unlessForbidden } from './unless-forbidden.ts';

/** A Secret or ConfigMap in which Helm keeps a release. */
interface Stored {
  metadata: ObjectMeta;
  data?: { release?: string };
}

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

/** Where Helm keeps releases, by HELM_DRIVER (Helm 3 and 4: pkg/action/action.go). */
const secretDrivers = ['', 'secret', 'secrets'];
const configMapDrivers = ['configmap', 'configmaps'];

/** The deployed release, or the last one that failed where none is deployed, as Helm has it; undefined where there is none. */
export async function gatherDeployed(
  cluster: Cluster,
  { namespace, name }: { namespace: string; name: string },
  driver: string,
): Promise<Known<DeployedRelease | undefined>> {
  const inSecrets = secretDrivers.includes(driver);
  if (!inSecrets && !configMapDrivers.includes(driver)) {
    return unknown(`Helm keeps its releases elsewhere (HELM_DRIVER is ${driver})`);
  }
  const path = inSecrets ? paths.secrets(namespace) : paths.configMaps(namespace);
  const newest = async (status: string): Promise<Stored | undefined> =>
    await newestStored(cluster, path, { name, status });
  return await unlessForbidden(async () => {
    const last = (await newest('deployed')) ?? (await newest('failed'));
    if (last === undefined) return known(undefined);
    const text = last.data?.release ?? '';
    const release = await releaseIn(inSecrets ? Buffer.from(text, 'base64').toString('utf8') : text);
    if (release === undefined) return unknown(`${last.metadata.name} cannot be read as a release`);
    return known({ objects: objectsIn(release.manifest), hookSeconds: hookSeconds(release) });
  });
}

/** The newest of what Helm keeps at a path of a release, in any status unless one is named; of all, or its metadata alone. */
export async function newestStored(
  cluster: Cluster,
  path: string,
  release: { name: string; status?: string },
  metadataOnly = false,
): Promise<Stored | undefined> {
  const labelSelector = Object.entries({ owner: 'helm', ...release })
    .map(([label, value]) => `${label}=${value}`)
    .join(',');
  const stored = await cluster.list<Stored>(path, { labelSelector }, metadataOnly);
  return stored.toSorted((a, b) => revisionOf(b) - revisionOf(a))[0];
}

/** Which revision of its release is stored there. */
export function revisionOf({ metadata: { labels } }: Stored): number {
  return Number(labels?.version ?? 0);
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
