import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { chartFolder } from '../../release/chart.ts';
import type { Tree } from '../chart/render.ts';
import type { Release } from '../cluster/release.ts';
import type { Lab } from '../lab/lab.ts';
import { marbleDeployment } from '../lab/mesh.ts';
import { packaged } from '../publish/release.ts';
import { labValues } from '../support/lab-values.ts';
import type { ApplicationObject } from './application.ts';

const server = join(import.meta.dirname, '..', 'demo', 'serve.ts');
const port = 8879;
const chartRepository = `http://127.0.0.1:${port}`;

/** Serves the chart, as it is published, inside the lab. */
export async function serveChart(lab: Lab): Promise<void> {
  const folder = await packaged(['--url', chartRepository]);
  await lab.start({ name: 'chart-repository', file: process.execPath, args: [server, folder, String(port)] });
}

/** What the lab needs, as parameters: the nodes have no SGX, so a default goes by null. */
export const labParameters: readonly { name: string; value: string }[] = flat(labValues('none', true)).map(
  ([name, value]) => ({ name, value }),
);

/** The two example Applications. */
async function examples(): Promise<[coordinator: ApplicationObject, marbles: ApplicationObject]> {
  const text = await readFile(join(chartFolder, 'examples', 'argocd-application.yaml'), 'utf8');
  const [coordinator, marbles] = parseAllDocuments(text).map((document) => document.toJS() as unknown);
  return [coordinator as ApplicationObject, marbles as ApplicationObject];
}

/**
 * The example for the Coordinator, with the address of the lab's repository and another namespace. What the lab needs
 * comes as parameters, so that the example's values stay as they are.
 */
export async function coordinatorApplication({ namespace }: Release): Promise<ApplicationObject> {
  const [{ spec, ...rest }] = await examples();
  const { helm, ...source } = spec.source as { helm: object };
  return {
    ...rest,
    spec: {
      ...spec,
      destination: { server: 'https://kubernetes.default.svc', namespace },
      source: { ...source, repoURL: chartRepository, helm: { ...helm, parameters: labParameters } },
    },
  } as ApplicationObject;
}

/** An Application with other values than it has, in the sections that are given. */
export function withValues(
  application: ApplicationObject,
  values: Record<string, Tree | null>,
): ApplicationObject {
  const { helm, ...source } = application.spec.source as { helm: { valuesObject: Tree } };
  const merged = { ...helm.valuesObject };
  for (const [section, its] of Object.entries(values)) {
    merged[section] = its === null ? null : { ...(merged[section] as Tree | undefined), ...its };
  }
  return {
    ...application,
    spec: { ...application.spec, source: { ...source, helm: { ...helm, valuesObject: merged } } },
  };
}

/**
 * The example for Marbles, with the address of a Git repository in the lab that holds some, and another namespace. They are replaced
 * instead of changed, which is the hardest on what the hooks wrote.
 */
export async function marblesApplication(release: Release, ...names: string[]): Promise<ApplicationObject> {
  const [, { spec, ...rest }] = await examples();
  const { namespace } = release;
  return {
    ...rest,
    spec: {
      ...spec,
      destination: { server: 'https://kubernetes.default.svc', namespace },
      source: { ...spec.source, repoURL: await gitRepository(release, names) },
      syncPolicy: { syncOptions: [...(spec.syncPolicy?.syncOptions ?? []), 'Replace=true'] },
    },
  } as ApplicationObject;
}

/** A repository of Marbles, with the manifests of these. */
async function gitRepository({ lab, namespace }: Release, names: readonly string[]): Promise<string> {
  const folder = join(lab.dir, `${namespace}-marbles`);
  await mkdir(join(folder, 'deploy'), { recursive: true });
  for (const name of names) {
    const deployment = marbleDeployment(name, { namespace, mesh: namespace });
    await writeFile(join(folder, 'deploy', `${name}.json`), JSON.stringify(deployment));
  }
  const author = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com'];
  await lab.exec('git', ['init', '--quiet', '--initial-branch=main', folder]);
  await lab.exec('git', ['-C', folder, 'add', '.']);
  await lab.exec('git', ['-C', folder, ...author, 'commit', '--quiet', '--message=Marbles']);
  return `file://${folder}`;
}

/** Values by their paths, as Helm's `--set` and Argo CD's parameters take them. */
function flat(values: object, path = ''): [name: string, value: string][] {
  return Object.entries(values).flatMap(([key, value]: [string, unknown]) => {
    const name = path === '' ? key : `${path}.${key}`;
    if (typeof value === 'object' && value !== null) return flat(value, name);
    return [[name, String(value)] satisfies [string, string]];
  });
}
