import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { credentialsOf } from '../lab/credentials.ts';
import { apiServer } from '../lab/addresses.ts';
import type { RecordedRequest } from './record-requests.ts';

/** Two ways to make recorded requests again, one after the other. */
export interface Curls {
  /** A shell script that starts a curl for each request. */
  readonly each: string;
  /** The command of one curl that makes them all. */
  readonly one: readonly string[];
}

/**
 * Writes what curl needs to make the requests again into a lab's folder. Not found is an answer, too; a request
 * without one makes curl fail.
 */
export async function writeCurls(folder: string, requests: readonly RecordedRequest[]): Promise<Curls> {
  const configs: string[] = [];
  const lines: string[] = ['set -e'];
  for (const [index, request] of requests.entries()) {
    const file = join(folder, `curl-${index}`);
    await writeFile(`${file}.body`, request.body);
    configs.push(config(folder, request, `${file}.body`));
    await writeFile(`${file}.conf`, configs.at(-1) ?? '');
    lines.push(`curl --config ${file}.conf`);
  }
  const each = join(folder, 'curls.sh');
  const all = join(folder, 'curl-all.conf');
  await writeFile(each, `${lines.join('\n')}\n`);
  await writeFile(all, configs.join('next\n'));
  return { each, one: ['curl', '--config', all] };
}

function config(folder: string, { method, url, headers, body }: RecordedRequest, bodyFile: string): string {
  // A Coordinator's certificate is its own.
  const trust = url.startsWith(apiServer) ? `cacert = "${credentialsOf(folder).certificate}"` : 'insecure';
  const sent = Object.entries(headers).map(
    ([name, value]) => `header = "${name}: ${value.replaceAll('"', '\\"')}"`,
  );
  const options = [
    `url = "${url}"`,
    `request = "${method}"`,
    trust,
    'output = "/dev/null"',
    'silent',
    'show-error',
    ...sent,
    ...(body === '' ? [] : [`data-binary = "@${bodyFile}"`]),
  ];
  return `${options.join('\n')}\n`;
}
