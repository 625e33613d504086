import type { PersistentVolumeClaim } from './objects.ts';

/** What the chart tells its hooks: the file `settings.json`, rendered from the same values as the objects. */
export interface Settings {
  release: { name: string; namespace: string; revision: number };
  chart: { name: string; version: string; appVersion: string };
  coordinator: {
    deployment: string;
    container: string;
    version: string;
    simulation: boolean;
    clientPort: number;
    meshPort: number;
    persistentVolumeClaim: string;
  };
  /** `deployment` is empty when the chart renders no anchor (`placement.stickiness: none`). */
  anchor: { deployment: string };
  placement: {
    stickiness: 'required' | 'preferred' | 'none';
    avoidNodes: string[];
    groupLabel: { key: string; value: string };
  };
  hooks: { acknowledge: string[]; deadlineSeconds: number; preflight: { mode: 'enforce' | 'warn' } };
  recovery: { mode: 'manual' | 'wait' };
  /** Whether preflight copies the sealed state, and into how many Secrets in turn. */
  backup: { enabled: boolean; copies: number };
  rollout: {
    restart: 'auto' | 'always' | 'never';
    maxConcurrent: number;
    nonce: string;
    /** Whether the pods of a workload with the update strategy OnDelete are evicted, or reported. */
    onDelete: 'report' | 'evict';
    /** Where Marbles are looked for; empty for all namespaces. */
    namespaces: string[];
    /** Whether the hook hands the Marbles to a Job, and how long that may take. */
    detach: boolean;
    detachedDeadlineSeconds: number;
  };
  /** The claim that Helm is about to apply; without a name where `coordinator.pvcName` names an existing one. */
  claim: Partial<PersistentVolumeClaim>;
  /** Keys of older charts that are set, each with the key or keys that took its place. */
  oldKeys: { key: string; successor: string }[];
  /** The release's values; those that hold secrets are digests. */
  values: Record<string, unknown>;
  /** The values.yaml of the chart that rendered this, which the program may be older or newer than. */
  defaults: Record<string, unknown>;
}

/** Settings that the program cannot work with: a mistake of the caller, not of the cluster. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

type Kind =
  | 'string'
  | 'number'
  | 'positive number'
  | 'positive integer'
  | 'boolean'
  | 'list of texts'
  | 'list'
  | 'map'
  | readonly string[];

const shape: Readonly<Record<string, Kind>> = {
  'release.name': 'string',
  'release.namespace': 'string',
  'release.revision': 'number',
  'chart.name': 'string',
  'chart.version': 'string',
  'chart.appVersion': 'string',
  'coordinator.deployment': 'string',
  'coordinator.container': 'string',
  'coordinator.version': 'string',
  'coordinator.simulation': 'boolean',
  'coordinator.clientPort': 'number',
  'coordinator.meshPort': 'number',
  'coordinator.persistentVolumeClaim': 'string',
  'anchor.deployment': 'string',
  'placement.stickiness': ['required', 'preferred', 'none'],
  'placement.avoidNodes': 'list of texts',
  'placement.groupLabel.key': 'string',
  'placement.groupLabel.value': 'string',
  'hooks.acknowledge': 'list of texts',
  'hooks.deadlineSeconds': 'positive number',
  'hooks.preflight.mode': ['enforce', 'warn'],
  'recovery.mode': ['manual', 'wait'],
  'backup.enabled': 'boolean',
  'backup.copies': 'positive integer',
  'rollout.restart': ['auto', 'always', 'never'],
  'rollout.maxConcurrent': 'positive integer',
  'rollout.nonce': 'string',
  'rollout.onDelete': ['report', 'evict'],
  'rollout.namespaces': 'list of texts',
  'rollout.detach': 'boolean',
  'rollout.detachedDeadlineSeconds': 'positive number',
  claim: 'map',
  oldKeys: 'list',
  values: 'map',
  defaults: 'map',
};

/** Checks the settings as a whole and names every key that is wrong; throws a SettingsError. */
export function parseSettings(document: unknown): Settings {
  const problems = Object.entries(shape).flatMap(([path, kind]) =>
    problemWith(path, at(document, path), kind),
  );
  if (at(document, 'schemaVersion') !== 1) problems.unshift('schemaVersion must be 1');
  if (problems.length > 0) {
    throw new SettingsError(
      `settings.json does not fit this version of marblerun-hooks: ${problems.join('; ')}`,
    );
  }
  return document as Settings;
}

function at(document: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], document);
}

function problemWith(path: string, value: unknown, kind: Kind): string[] {
  if (isOfKind(value, kind)) return [];
  const expected = typeof kind === 'string' ? `a ${kind}` : `one of ${kind.join(', ')}`;
  return [`${path} must be ${expected}`];
}

function isOfKind(value: unknown, kind: Kind): boolean {
  if (typeof kind !== 'string') return typeof value === 'string' && kind.includes(value);
  if (kind === 'list') return Array.isArray(value);
  if (kind === 'list of texts')
    return Array.isArray(value) && value.every((item) => typeof item === 'string');
  if (kind === 'map') return typeof value === 'object' && value !== null && !Array.isArray(value);
  if (kind === 'positive integer') return Number.isInteger(value) && Number(value) > 0;
  if (kind === 'positive number') return typeof value === 'number' && value > 0;
  return typeof value === kind;
}
