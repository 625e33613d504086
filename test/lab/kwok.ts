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

/** Adds nodes that exist in the API only, for tests of scale; answers their names. Builds KWOK if need be. */
export async function addFakeNodes(lab: Lab, count: number, progress: Progress): Promise<string[]> {
  await startKwok(lab, await built(kwokProgram, progress));
  const names = Array.from({ length: count }, (_, index) => `fake-${index}`);
  await lab.apply(...names.map(fakeNode));
  const ready = async (): Promise<boolean> => {
    const path = 'jsonpath={.items[*].status.conditions[?(@.type=="Ready")].status}';
    const states = await lab.kubectl('get', 'nodes', '-l', 'type=kwok', '-o', path);
    return states.split(' ').filter((state) => state === 'True').length === count;
  };
  await until(ready, 60, () => Promise.resolve(new Error(`KWOK's nodes did not become Ready`)));
  return names;
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

function fakeNode(name: string): object {
  const capacity = { cpu: '64', memory: '256Gi', pods: '1000' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: { type: 'kwok', 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux' },
      annotations: { [fakeNodeTaint.key]: fakeNodeTaint.value },
    },
    spec: { taints: [fakeNodeTaint] },
    status: { capacity, allocatable: capacity },
  };
}
