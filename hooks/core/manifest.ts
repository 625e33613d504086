import { createHash } from 'node:crypto';
import { firstBlock } from './manifest-check/pem.ts';
import type { ManifestFacts, SealMode } from './states.ts';

type Section = Record<string, unknown>;

/** Template prefix that a Manifest had before v0.5.0; `.MarbleRun.` since (MarbleRun 5def8528f). */
const oldTemplates = /\{\{[^}]*\.Marblerun\./;

/**
 * What a Manifest says about recovery, sealing and activations. Keys are matched as the Coordinator matches them, which
 * is without regard to case (Go's encoding/json). Throws a SyntaxError on text that is no JSON.
 */
export function readManifest(text: string): Omit<ManifestFacts, 'fingerprint'> {
  const manifest = sectionOf(text === '' ? {} : JSON.parse(text));
  const config = sectionOf(field(manifest, 'Config'));
  const keys = sectionOf(field(manifest, 'RecoveryKeys'));
  const recoveryKeys = Object.keys(keys);
  const threshold = numberOf(field(config, 'RecoveryThreshold'));
  return {
    recoveryKeys,
    recoveryKeyDigests: digests(keys),
    recoveryThreshold: threshold === 0 ? recoveryKeys.length : threshold,
    sealMode: sealModeOf(field(config, 'SealMode')),
    maxActivations: bounds(manifest),
    oldTemplates: oldTemplates.test(text),
    unlistedHardening: packagesWithoutHardening(manifest),
    bindsSecrets: bindsSecrets(manifest),
  };
}

function field(section: Section, name: string): unknown {
  if (name in section) return section[name];
  const key = Object.keys(section).find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : section[key];
}

function sectionOf(value: unknown): Section {
  return typeof value === 'object' && value !== null ? (value as Section) : {};
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function digests(keys: Section): Record<string, string> {
  const found = Object.entries(keys).flatMap(([name, pem]) => {
    const block = typeof pem === 'string' ? firstBlock(pem) : undefined;
    return block === undefined ? [] : [[name, createHash('sha256').update(block.der).digest('hex')]];
  });
  return Object.fromEntries(found) as Record<string, string>;
}

/** An empty mode is ProductKey (MarbleRun docs, define-manifest). */
function sealModeOf(value: unknown): SealMode {
  return value === 'UniqueKey' || value === 'Disabled' ? value : 'ProductKey';
}

/** MaxActivations 0 means without bound (v1.9.1: coordinator/core/marbleapi.go). */
function bounds(manifest: Section): Record<string, number> {
  const marbles = Object.entries(sectionOf(field(manifest, 'Marbles')));
  const limits = marbles.map(([type, marble]): [string, number] => [
    type,
    numberOf(field(sectionOf(marble), 'MaxActivations')),
  ]);
  return Object.fromEntries(limits.filter(([, most]) => most > 0));
}

function packagesWithoutHardening(manifest: Section): string[] {
  return Object.entries(sectionOf(field(manifest, 'Packages')))
    .filter(([, content]) => {
      const statuses = field(sectionOf(content), 'AcceptedTCBStatuses');
      return Array.isArray(statuses) && statuses.length > 0 && !statuses.includes('SWHardeningNeeded');
    })
    .map(([name]) => name);
}

/** Whether symmetric keys of single Marbles are derived with the Marble's name, from v1.6.0 on (MarbleRun 961b68b17). */
function bindsSecrets(manifest: Section): boolean {
  const secrets = Object.values(sectionOf(field(manifest, 'Secrets'))).map(sectionOf);
  const ofOneMarble = secrets.some(
    (secret) => field(secret, 'Type') === 'symmetric-key' && field(secret, 'Shared') !== true,
  );
  const marbles = Object.values(sectionOf(field(manifest, 'Marbles'))).map(sectionOf);
  return ofOneMarble && marbles.some((marble) => field(marble, 'DisableSecretBinding') !== true);
}
