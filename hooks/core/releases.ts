import coerce from 'semver/functions/coerce.js';
import compare from 'semver/functions/compare.js';
import table from '../../schemas/releases.json' with { type: 'json' };

/** How a Coordinator takes recovery secrets: raw bytes, JSON on API v2, or JSON with a signature. */
export type RecoveryApi = 'raw' | 'v2' | 'v2-signed';

/** What is known of a Coordinator release (schemas/releases.json). */
export interface Release {
  recoveryApi: RecoveryApi;
  /** Marbles that started under another epoch have to be restarted. */
  bootstrapping: number;
}

/** The facts about a Coordinator version; a newer or unreadable one (`latest`) behaves as the newest known. */
export function releaseOf(version: string): Release {
  const wanted = coerce(version);
  const rows = table.releases as (Release & { from: string })[];
  const row = rows.findLast(({ from }) => wanted === null || compare(from, wanted) <= 0) ?? rows[0];
  if (row === undefined) throw new Error('schemas/releases.json has no releases');
  return { recoveryApi: row.recoveryApi, bootstrapping: row.bootstrapping };
}
