import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { ConfigMap } from '../../hooks/core/objects.ts';
import type { Manifest } from '../chart/render.ts';
import { chart } from '../cluster/charts.ts';
import { fakeNodeTaint } from '../lab/kwok.ts';
import { coordinatorImage } from '../lab/images/names.ts';
import type { Lab } from '../lab/lab.ts';
import { labValues } from '../support/lab-values.ts';
import { manifestOf, onFakeNodes, type Workload } from './workloads.ts';

/**
 * A mesh of which only the API server knows: Deployments of a Coordinator and its anchor and Marble workloads, all on
 * fake nodes. Its Coordinator is whatever serves at the address of its node.
 */
export interface Mesh {
  readonly namespace: string;
  /** The folder with the files that the chart gives its rollout hook. */
  readonly folder: string;
  /** Of the rollout hook's own ServiceAccount, with the rights that the chart gives it and no others. */
  readonly token: string;
  readonly workloads: readonly Workload[];
}

const coordinator = 'marblerun-coordinator';
const account = 'marblerun-coordinator-rollout';

/** Both namespaces of a mesh: the Coordinator's, and one for Marbles alone. */
export function namespacesOf(namespace: string): readonly [string, string] {
  return [namespace, `${namespace}-apps`];
}

/** Makes a mesh; its Coordinator and anchor run on this node. */
export async function makeMesh(
  lab: Lab,
  { namespace, node, workloads }: { namespace: string; node: string; workloads: readonly Workload[] },
): Promise<Mesh> {
  const folder = join(lab.dir, 'meshes', namespace);
  await mkdir(folder, { recursive: true });
  for (const each of new Set([namespace, ...workloads.map((workload) => workload.namespace)])) {
    await lab.kubectl('create', 'namespace', each);
  }
  const objects = await renderedIn(lab, namespace);
  const files = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === account);
  for (const [name, text] of Object.entries((files as ConfigMap | undefined)?.data ?? {})) {
    await writeFile(join(folder, name), text);
  }
  await lab.apply(
    ...objects.filter(({ kind, metadata }) => rightsKinds.has(kind) && metadata.name.startsWith(account)),
    ...[coordinator, `${coordinator}-anchor`].map((name) => onNode(name, namespace, node)),
    ...workloads.map((workload) => manifestOf(workload, namespace)),
  );
  await lab.kubectl('-n', namespace, 'rollout', 'status', `deployment/${coordinator}`, '--timeout=60s');
  const token = (await lab.kubectl('-n', namespace, 'create', 'token', account, '--duration=3h')).trim();
  return { namespace, folder, token, workloads };
}

/** Removes what {@link makeMesh} made in the cluster. */
export async function removeMesh(lab: Lab, { namespace, workloads }: Mesh): Promise<void> {
  const namespaces = new Set([namespace, ...workloads.map((workload) => workload.namespace)]);
  const objects = await renderedIn(lab, namespace);
  const roles = objects.filter(
    ({ kind, metadata }) => kind.startsWith('ClusterRole') && metadata.name.startsWith(account),
  );
  for (const { kind, metadata } of roles)
    await lab.kubectl('delete', kind, metadata.name, '--ignore-not-found');
  await lab.kubectl('delete', 'namespace', ...namespaces, '--timeout=120s');
}

const rightsKinds = new Set(['ServiceAccount', 'Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding']);

async function renderedIn(lab: Lab, namespace: string): Promise<Manifest[]> {
  const input = JSON.stringify(labValues('none'));
  const { stdout, stderr, exitCode } = await lab.helm(
    4,
    ['template', coordinator, chart, '-n', namespace, '--is-upgrade', '-f', '-'],
    { input },
  );
  if (exitCode !== 0) throw new Error(stderr);
  return parseAllDocuments(stdout).map((document) => document.toJS() as Manifest);
}

function onNode(name: string, namespace: string, node: string): object {
  const labels = { app: name };
  const spec = {
    ...onFakeNodes,
    hostNetwork: true,
    nodeSelector: { 'kubernetes.io/hostname': node },
    tolerations: [{ ...fakeNodeTaint, operator: 'Equal' }],
    containers: [{ name: 'coordinator', image: coordinatorImage('v1.9.1') }],
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  };
}
