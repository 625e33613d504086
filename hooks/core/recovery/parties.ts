import type { RecoveryKeys } from '../record.ts';

/** The names of the parties by the digest of their key, as far as a record knows them. */
export function namesByDigest(keys: RecoveryKeys | undefined): Map<string, string> {
  return new Map(Object.entries(keys?.digests ?? {}).map(([name, digest]) => [digest, name]));
}

/**
 * Who could still upload: the parties that the record names, without those that are known to have. Undefined where the record
 * names none. What others uploaded before is not known by name.
 */
export function othersThan(
  uploaded: readonly (string | undefined)[],
  keys: RecoveryKeys | undefined,
): string[] | undefined {
  if (keys?.digests === undefined) return undefined;
  return Object.keys(keys.digests)
    .filter((name) => !uploaded.includes(name))
    .sort();
}
