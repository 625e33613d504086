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
  return await hookFiles(async (name) => await document(join(folder, name)));
}

/** The same files as Helm renders them, before they are in any folder: the content by name. */
export async function renderedHookFiles(data: Readonly<Record<string, string>>): Promise<HookFiles> {
  return await hookFiles((name) => parsed(name, data[name] ?? ''));
}

async function hookFiles(read: (name: string) => unknown): Promise<HookFiles> {
  const settings = parseSettings(await read('settings.json'));
  const backup = settings.backup.enabled ? await read('backup.json') : undefined;
  const roll = settings.rollout.detach ? await read('roll.json') : undefined;
  return {
    settings,
    deployment: (await read('deployment.json')) as Deployment,
    pin: (await read('pin.json')) as Pod,
    backup: backup as Pod | undefined,
    roll: roll as Job | undefined,
  };
}

async function document(path: string): Promise<unknown> {
  try {
    return parsed(path, await readFile(path, 'utf8'));
  } catch (cause) {
    if (cause instanceof SettingsError) throw cause;
    throw unreadable(path, cause);
  }
}

function parsed(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unreadable(name, cause);
  }
}

function unreadable(name: string, cause: unknown): SettingsError {
  return new SettingsError(`${name} cannot be read: ${(cause as Error).message}`, { cause });
}
