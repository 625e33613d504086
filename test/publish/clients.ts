import { join } from 'node:path';
import { execa } from 'execa';
import type { Client } from '../chart/render.ts';
import { clients } from '../support/helm.ts';
import { temporary } from './release.ts';

/** Helm as a user has it, with repositories of its own. */
export async function helmOf(client: Client): Promise<(...args: string[]) => Promise<string>> {
  const home = await temporary();
  const env = {
    HELM_CACHE_HOME: join(home, 'cache'),
    HELM_CONFIG_HOME: join(home, 'config'),
    HELM_DATA_HOME: join(home, 'data'),
  };
  const { [client]: helm } = await clients();
  return async (...args) => (await execa(helm, args, { env })).stdout;
}
