import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { kubeconfigOf } from './credentials.ts';
import type { Lab } from './handle.ts';
import { built, kwokProgram, moduleDir } from './programs.ts';
import { until, type Progress } from './progress.ts';

/** What KWOK plays: nodes that become Ready and stay so, pods that run and end as soon as they are told to. */
const stages = [
  'node/fast/node-initialize.yaml',
  'node/heartbeat-with-lease/node-heartbeat-with-lease.yaml',
  'pod/fast/pod-ready.yaml',
  'pod/fast/pod-complete.yaml',
  'pod/fast/pod-delete.yaml',
];

/** Only pods that tolerate it, and choose the nodes with `type: kwok`, run on the fake nodes. */
export const fakeNodeTaint = { key: 'kwok.x-k8s.io/node', value: 'fake', effect: 'NoSchedule' };

/** The labs in which KWOK runs. */
const withKwok = new Map<string, Promise<void>>();

/** Adds nodes that exist in the API only, for tests of scale; answers their names. Builds KWOK if need be. */
export async function addFakeNodes(lab: Lab, count: number, progress: Progress): Promise<string[]> {
  await runKwok(lab, progress);
  const names = Array.from({ length: count }, (_, index) => `fake-${index}`);
  await lab.apply(...names.map((name) => fakeNode(name)));
  const ready = async (): Promise<boolean> => {
    const path = 'jsonpath={.items[*].status.conditions[?(@.type=="Ready")].status}';
    const states = await lab.kubectl('get', 'nodes', '-l', 'type=kwok', '-o', path);
    return states.split(' ').filter((state) => state === 'True').length === count;
  };
  await until(ready, 60, () => Promise.resolve(new Error(`KWOK's nodes did not become Ready`)));
  return names;
}

/**
 * Adds a node on which pods of the host's network have this address: what they serve is played by whatever listens
 * there. Only pods that choose it by its name, and tolerate {@link fakeNodeTaint}, run on it.
 */
export async function addNodeAt(lab: Lab, name: string, address: string, progress: Progress): Promise<void> {
  await runKwok(lab, progress);
  await lab.apply(fakeNode(name, address));
  await lab.kubectl('wait', `node/${name}`, '--for=condition=Ready', '--timeout=60s');
}

/** Removes fake nodes again; KWOK stays for the next ones. */
export async function removeFakeNodes(lab: Lab, names: readonly string[]): Promise<void> {
  await lab.kubectl('delete', 'node', '--ignore-not-found', ...names);
}

/** Several suites may share a lab, and one KWOK. */
async function runKwok(lab: Lab, progress: Progress): Promise<void> {
  const running = withKwok.get(lab.name) ?? built(kwokProgram, progress).then((file) => startKwok(lab, file));
  withKwok.set(lab.name, running);
  await running;
}

async function startKwok(lab: Lab, file: string): Promise<void> {
  const { stdout: source } = await execa('go', ['list', '-m', '-f', '{{.Dir}}', 'sigs.k8s.io/kwok'], {
    cwd: moduleDir(kwokProgram),
  });
  const configs = stages.map((stage) => join(source, 'kustomize', 'stage', stage));
  // Read once, so that a stage that moved is named here and not in KWOK's log.
  await Promise.all(configs.map((config) => readFile(config)));
  const args = [
    `--kubeconfig=${kubeconfigOf(lab.dir, 'kwok')}`,
    '--manage-all-nodes=false',
    `--manage-nodes-with-annotation-selector=${fakeNodeTaint.key}=${fakeNodeTaint.value}`,
    '--node-lease-duration-seconds=40',
    ...configs.map((config) => `--config=${config}`),
  ];
  await lab.start({ name: 'kwok', file, args });
}

function fakeNode(name: string, address?: string): object {
  const capacity = { cpu: '64', memory: '256Gi', pods: '1000' };
  const type = address === undefined ? { type: 'kwok' } : {};
  const addresses = address === undefined ? {} : { addresses: [{ type: 'InternalIP', address }] };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: { ...type, 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux' },
      annotations: { [fakeNodeTaint.key]: fakeNodeTaint.value },
    },
    spec: { taints: [fakeNodeTaint] },
    status: { capacity, allocatable: capacity, ...addresses },
  };
}
