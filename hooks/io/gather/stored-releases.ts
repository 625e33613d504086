import { known, unknown, type Known } from '../../core/known.ts';
import type { ObjectMeta } from '../../core/objects.ts';
import type { Cluster } from '../cluster.ts';
import { paths } from '../paths.ts';

/** A Secret or ConfigMap in which Helm keeps one revision of a release (Helm 3 and 4: pkg/storage/driver). */
export interface StoredRelease {
  metadata: ObjectMeta;
  data?: { release?: string };
}

/** Where Helm keeps the releases of a namespace. */
export interface ReleaseStore {
  /** The newest revision of a release, in any status unless one is named; whole, or its metadata alone. */
  newest: (
    release: { name: string; status?: string },
    metadataOnly?: boolean,
  ) => Promise<StoredRelease | undefined>;
  /** What Helm has written there, as it encodes it itself. */
  textOf: (stored: StoredRelease) => string;
}

/** By HELM_DRIVER (Helm 3 and 4: pkg/action/action.go). */
const secretDrivers = ['', 'secret', 'secrets'];
const configMapDrivers = ['configmap', 'configmaps'];

/** The store that Helm uses with this HELM_DRIVER; unknown where it is none of the cluster's. */
export function releaseStore(cluster: Cluster, namespace: string, driver: string): Known<ReleaseStore> {
  const inSecrets = secretDrivers.includes(driver);
  if (!inSecrets && !configMapDrivers.includes(driver)) {
    return unknown(`Helm keeps its releases elsewhere (HELM_DRIVER is ${driver})`);
  }
  const path = inSecrets ? paths.secrets(namespace) : paths.configMaps(namespace);
  return known({
    newest: async (release, metadataOnly) => {
      const labelSelector = Object.entries({ owner: 'helm', ...release })
        .map(([label, value]) => `${label}=${value}`)
        .join(',');
      const stored = await cluster.list<StoredRelease>(path, { labelSelector }, metadataOnly);
      return stored.toSorted((a, b) => revisionOf(b) - revisionOf(a))[0];
    },
    textOf: ({ data: { release = '' } = {} }) =>
      inSecrets ? Buffer.from(release, 'base64').toString('utf8') : release,
  });
}

/** Which revision of its release is stored there. */
export function revisionOf({ metadata: { labels } }: StoredRelease): number {
  return Number(labels?.version ?? 0);
}
