import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lab } from './handle.ts';
import { built, registryProgram } from './programs.ts';
import { until, type Progress } from './progress.ts';

/** Where the registry listens: clients take a registry on loopback without TLS. */
const address = '127.0.0.1:5000';

/** Runs a registry in the lab and answers its address, for charts and images. Builds it if need be. */
export async function runRegistry(lab: Lab, progress: Progress): Promise<string> {
  const file = await built(registryProgram, progress);
  const home = join(lab.dir, 'registry');
  await mkdir(home);
  const config = {
    version: 0.1,
    storage: { filesystem: { rootdirectory: join(home, 'blobs') } },
    http: { addr: address },
  };
  await writeFile(join(home, 'config.yaml'), JSON.stringify(config));
  await lab.start({ name: 'registry', file, args: ['serve', join(home, 'config.yaml')] });
  const answers = async (): Promise<boolean> => {
    const { exitCode } = await lab.exec('curl', ['--fail', '--silent', `http://${address}/v2/`], {
      reject: false,
    });
    return exitCode === 0;
  };
  await until(answers, 30, () => Promise.resolve(new Error('the registry did not answer')));
  return address;
}
