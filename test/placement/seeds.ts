import type { Lab } from '../lab/lab.ts';
import { rendered } from '../chart/render.ts';
import type { Played } from './play.ts';

/** The chart's own files for its preflight hook, as it mounts them. */
export async function chartFiles(): Promise<string> {
  const { data } = await rendered('ConfigMap', 'marblerun-coordinator-preflight');
  const {
    'settings.json': settings,
    'deployment.json': deployment,
    'pin.json': pin,
  } = data as Record<string, string>;
  return `{"settings":${settings ?? ''},"deployment":${deployment ?? ''},"pin":${pin ?? ''}}`.replaceAll(
    '\n',
    '',
  );
}

/** Plays the scenarios of these seeds on a lab, some at a time, and answers what became of each. */
export async function playSeeds(lab: Lab, seeds: readonly number[], workers = 12): Promise<Played[]> {
  const input = [await chartFiles(), ...seeds].join('\n');
  const program = ['test/placement/run.ts', String(workers)];
  const { stdout } = await lab.exec(process.execPath, program, { input });
  return stdout.split('\n').map((line) => JSON.parse(line) as Played);
}
