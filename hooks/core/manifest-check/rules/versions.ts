import { isBefore } from '../../releases.ts';
import type { Decoded } from '../decode.ts';
import type { Problem } from '../findings.ts';
import { pathText } from '../path.ts';
import { doubtful } from '../problem.ts';

/** Fields that an older Coordinator ignores without a word. */
export function checkVersion({ given }: Decoded, version: string): Problem[] {
  return given.flatMap(({ path, since }) => {
    if (since === undefined || !isBefore(version, since)) return [];
    const message = `Coordinator ${version} does not know ${pathText(path)} yet, and ignores it.`;
    return [doubtful('ignored-by-version', path, message, `Take v${since} or later, or leave it out.`)];
  });
}
