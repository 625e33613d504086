import type { Pod } from '../../hooks/core/objects.ts';
import type { Report } from '../../hooks/core/report.ts';
import type { CoordinatorFacts } from '../../hooks/core/states.ts';
import type { Session } from '../../hooks/commands/session.ts';
import type { Settings } from '../../hooks/core/settings.ts';
import { paths } from '../../hooks/io/paths.ts';
import {
  anchorPod,
  coordinator,
  coordinatorName,
  deployment,
  facts,
  groupLabel,
  namespace,
  node,
  pod,
  record,
  rolledOut,
  settings,
} from './builders.ts';
import { claim } from './claims.ts';
import { MemoryCluster } from './memory-cluster.ts';
import { TestClock } from './test-clock.ts';

/** A session on an in-memory cluster, with what was said in it. */
export interface TestSession extends Session {
  cluster: MemoryCluster;
  clock: TestClock;
  progress: string[];
  results: string[];
  terminations: string[];
  /** The last report, as data. */
  report(): Report;
  /** What a Coordinator answers; undefined when it does not. */
  answer: CoordinatorFacts | undefined;
}

export interface SessionOptions {
  settings?: (settings: Settings) => void;
  cluster?: MemoryCluster;
  answer?: CoordinatorFacts | undefined;
  deadlineSeconds?: number;
  detached?: boolean;
}

/** A session as main.ts makes it, in JSON. */
export function session(options: SessionOptions = {}): TestSession {
  const clock = new TestClock((options.deadlineSeconds ?? 200) * 1000);
  const progress: string[] = [];
  const results: string[] = [];
  const terminations: string[] = [];
  const made: TestSession = {
    files: { settings: settings(options.settings), deployment: facts().target, pin: pinTemplate() },
    cluster: options.cluster ?? runningCluster(),
    answer: 'answer' in options ? options.answer : coordinator(),
    coordinatorAt: () => ({
      facts: async () => await answerOf(made),
      state: async () => (await answerOf(made)).state,
    }),
    reportingCluster: () => made.cluster,
    clock,
    output: {
      progress: (line) => void progress.push(line),
      result: (text) => void results.push(text),
      terminationMessage: (text) => void terminations.push(text),
    },
    format: 'json',
    programVersion: '0.1.0',
    job: 'marblerun-coordinator-rollout',
    detached: options.detached ?? false,
    done: [],
    signal: clock.deadline.signal,
    progress,
    results,
    terminations,
    report: () => JSON.parse(results.at(-1) ?? '') as Report,
  };
  return made;
}

/** The namespace after an upgrade or before the next: Coordinator and anchor on sgx-1, and a record. */
export function runningCluster(): MemoryCluster {
  const anchor = anchorPod();
  return new MemoryCluster()
    .put(paths.deployment(namespace, coordinatorName), deployment())
    .put(paths.deployment(namespace, 'marblerun-coordinator-anchor'), anchorDeployment())
    .put(paths.pod(namespace, pod().metadata.name), pod())
    .put(paths.pod(namespace, anchor.metadata.name), anchor)
    .put(paths.node('sgx-1'), node())
    .put(paths.claim(namespace, 'coordinator-pv-claim'), claim())
    .put(paths.volume('pvc-2a6b'), { metadata: { name: 'pvc-2a6b' }, spec: {} })
    .put(paths.configMap(namespace, 'marblerun-coordinator-record'), {
      metadata: { name: 'marblerun-coordinator-record', namespace },
      data: { 'record.json': JSON.stringify(record()) },
    });
}

function anchorDeployment(): object {
  return deployment((object) => {
    object.metadata.name = 'marblerun-coordinator-anchor';
    object.spec.selector = { matchLabels: { 'edgeless.systems/control-plane-component': 'anchor' } };
    object.status = rolledOut(3, 1);
  });
}

function pinTemplate(): Pod {
  return {
    metadata: {
      name: 'marblerun-coordinator-pin',
      namespace,
      labels: { [groupLabel.key]: groupLabel.value },
    },
    spec: {
      tolerations: [{ key: 'sgx.intel.com/epc', operator: 'Exists', effect: 'NoSchedule' }],
      containers: [{ name: 'marblerun-hooks', image: 'registry.example/marblerun-hooks:0.1.0' }],
    },
  };
}

async function answerOf({ answer }: TestSession): Promise<CoordinatorFacts> {
  await Promise.resolve();
  if (answer === undefined) throw new Error('connect ECONNREFUSED 10.244.1.7:4433');
  return structuredClone(answer);
}
