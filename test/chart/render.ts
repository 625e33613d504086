import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { parseAllDocuments } from 'yaml';
import { clients } from '../support/helm.ts';

export const chart = fileURLToPath(new URL('../../charts/marblerun-coordinator', import.meta.url));
export const namespace = 'marblerun';

export type Client = 'helm3' | 'helm4';
export const bothClients: readonly Client[] = ['helm3', 'helm4'];

/** A part of a values file, or of a rendered object. */
export type Tree = Record<string, unknown>;

/** A rendered object, as Helm would send it. */
export interface Manifest extends Tree {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
}

/** What Helm answered: the objects, or why it refused. */
export interface Answer {
  manifests: Manifest[];
  refusal: string | undefined;
}

const answers = new Map<string, Promise<Answer>>();

/** The objects that the chart renders for these values. The same question is asked of Helm once. */
export async function render(values: Tree = {}, client: Client = 'helm4'): Promise<Manifest[]> {
  const { manifests, refusal } = await ask(values, client);
  if (refusal !== undefined) throw new Error(`${client} refused ${JSON.stringify(values)}: ${refusal}`);
  return manifests;
}

/** What Helm prints when it refuses these values. */
export async function refusal(values: Tree, client: Client = 'helm4'): Promise<string> {
  const answer = await ask(values, client);
  if (answer.refusal === undefined) throw new Error(`${client} rendered ${JSON.stringify(values)}`);
  return answer.refusal;
}

/** The one object of that kind and name. */
export function find(manifests: readonly Manifest[], kind: string, name: string): Manifest {
  const found = manifests.filter((manifest) => manifest.kind === kind && manifest.metadata.name === name);
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`${found.length} objects are ${kind} ${name}`);
  return only;
}

/** The rendered object of that kind and name. */
export async function rendered(kind: string, name: string, values: Tree = {}): Promise<Manifest> {
  return find(await render(values), kind, name);
}

/** Not of a custom resource, which the API server knows only once somebody has told it. */
export function isBuiltIn({ apiVersion }: Manifest): boolean {
  return !apiVersion.includes('.') || apiVersion.includes('.k8s.io/');
}

/** What stands at a dotted path, where numbers count list items; undefined where the path ends early. */
export function at(tree: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((node, key) => (node as Tree | null | undefined)?.[key], tree);
}

/** Values with one of them set, by dotted path. Keys with dots in them are written as they are in `value`. */
export function setting(path: string, value: unknown): Tree {
  return path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Tree;
}

/** One values tree with all of these set, since each question to Helm takes its time. */
export function together(settings: readonly [string, unknown][]): Tree {
  const values: Tree = {};
  for (const [path, value] of settings) merge(values, setting(path, value));
  return values;
}

function merge(into: Tree, values: Tree): void {
  for (const [key, value] of Object.entries(values)) {
    const inner = into[key];
    if (typeof inner === 'object' && inner !== null) merge(inner as Tree, value as Tree);
    else into[key] = value;
  }
}

/** Renders one more template with the chart's helpers, for what Helm does not print, and returns its text. */
export async function renderText(template: string, values: Tree = {}, flags: string[] = []): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'chart-'));
  try {
    await cp(chart, folder, { recursive: true });
    await writeFile(join(folder, 'templates', 'probe.yaml'), `text: {{ ${template} | toJson }}`);
    const { helm4 } = await clients();
    const { stdout } = await execa(
      helm4,
      ['template', 'release', folder, '-n', namespace, '-f', '-', '-s', 'templates/probe.yaml', ...flags],
      { input: JSON.stringify(values) },
    );
    return at(documents(stdout)[0], 'text') as string;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Helm's answer, whichever it is. `flags` are added to the command. */
export async function ask(values: Tree, client: Client, flags: readonly string[] = []): Promise<Answer> {
  const question = JSON.stringify([client, values, flags]);
  const answer = answers.get(question) ?? template(values, client, flags);
  answers.set(question, answer);
  return answer;
}

async function template(values: Tree, client: Client, flags: readonly string[]): Promise<Answer> {
  const { [client]: helm } = await clients();
  const { stdout, stderr, failed } = await execa(
    helm,
    ['template', 'marblerun-coordinator', chart, '-n', namespace, '-f', '-', ...flags],
    // Helm ends before its garbage collector pays off.
    { input: JSON.stringify(values), reject: false, env: { GOGC: 'off' } },
  );
  if (failed) return { manifests: [], refusal: stderr };
  return { manifests: documents(stdout) as Manifest[], refusal: undefined };
}

function documents(text: string): unknown[] {
  return parseAllDocuments(text)
    .map((document) => {
      if (document.errors[0] !== undefined) throw document.errors[0];
      return document.toJS() as unknown;
    })
    .filter((document) => document !== null);
}
