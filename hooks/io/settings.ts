import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Job } from '../core/detach.ts';
import type { Deployment, Pod } from '../core/objects.ts';
import { parseSettings, SettingsError, type Settings } from '../core/settings.ts';

/** The files that the chart mounts into its hooks. JSON, since loading a YAML parser is a tenth of a hook's start. */
export interface HookFiles {
  settings: Settings;
  /** The Deployment that Helm applies. */
  deployment: Deployment;
  /** The pod that holds a node while there is no anchor. */
  pin: Pod;
  /** The pod that copies the sealed state; undefined with `backup.enabled: false`. */
  backup?: Pod | undefined;
  /** The Job that rolls the Marbles with `rollout.detach`; undefined without it. */
  roll?: Job | undefined;
}

/** Reads the hooks' folder; throws a SettingsError that names the file. */
export async function readHookFiles(folder: string): Promise<HookFiles> {
  const settings = parseSettings(await document(join(folder, 'settings.json')));
  const backup = settings.backup.enabled ? await document(join(folder, 'backup.json')) : undefined;
  const roll = settings.rollout.detach ? await document(join(folder, 'roll.json')) : undefined;
  return {
    settings,
    deployment: (await document(join(folder, 'deployment.json'))) as Deployment,
    pin: (await document(join(folder, 'pin.json'))) as Pod,
    backup: backup as Pod | undefined,
    roll: roll as Job | undefined,
  };
}

async function document(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new SettingsError(`${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
}
