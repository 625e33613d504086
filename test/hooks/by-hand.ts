import { restoreName, type RestoreCronJob } from '../../hooks/core/backup/restore-job.ts';
import { noteFile, type SealedCopy } from '../../hooks/core/backup/copy.ts';
import type { Pod } from '../../hooks/core/objects.ts';
import type { CoordinatorFacts } from '../../hooks/core/states.ts';
import type { Output } from '../../hooks/io/output.ts';
import { paths } from '../../hooks/io/paths.ts';
import { sealingSpec } from './backups.ts';
import { coordinator, namespace, pod } from './builders.ts';
import { look, type TestLook } from './look.ts';
import type { MemoryCluster } from './memory-cluster.ts';

/** What a person's command works with, on an in-memory cluster, and what it said. */
export interface ByHand extends TestLook {
  output: Output;
  lastCluster: () => MemoryCluster;
  /** What the Coordinator answers; undefined when it does not. */
  answer: CoordinatorFacts | undefined;
  results: string[];
  progress: string[];
}

/** A mesh whose chart makes copies, and a Coordinator in state 3 with its state on a claim. */
export function byHand(): ByHand {
  const answer = (): CoordinatorFacts => {
    if (made.answer === undefined) throw new Error('connect ECONNREFUSED');
    return made.answer;
  };
  const tools = look(answer, { spec: sealingSpec(), milliseconds: 1_000_000 });
  tools.cluster
    .put(
      paths.pod(namespace, pod().metadata.name),
      pod((object) => (object.spec = { nodeName: 'sgx-1', ...sealingSpec() })),
    )
    .put(paths.cronJob(namespace, restoreName), cronJob());
  const results: string[] = [];
  const progress: string[] = [];
  const made: ByHand = {
    ...{ ...tools, results, progress, answer: coordinator() },
    lastCluster: tools.connect,
    output: {
      progress: (line) => void progress.push(line),
      result: (text) => void results.push(text),
      terminationMessage: () => undefined,
    },
  };
  return made;
}

/** The chart's CronJob for restores, with a ring of three. */
export function cronJob(): RestoreCronJob {
  const sources = [1, 2, 3].map((number) => ({ secret: { name: `marblerun-coordinator-backup-${number}` } }));
  const volumes = [
    { name: 'backups', projected: { sources } },
    { name: 'coordinator-pv-storage', persistentVolumeClaim: { claimName: 'coordinator-pv-claim' } },
  ];
  const labels = { 'edgeless.systems/control-plane-component': 'coordinator-restore', team: 'mesh' };
  const env = [
    { name: 'COPY', value: '' },
    { name: 'REPLACE', value: 'no' },
  ];
  const container = {
    ...{ name: 'marblerun-hooks', image: 'registry.example/marblerun-hooks:0.1.0' },
    ...{ args: ['put-sealed-state'], env },
  };
  const tolerations = [{ key: 'sgx.intel.com/epc', operator: 'Exists' }];
  const spec = { tolerations, containers: [container], volumes };
  return {
    metadata: { name: restoreName, namespace, uid: 'c0de' },
    spec: { jobTemplate: { spec: { template: { metadata: { labels }, spec } } } },
  };
}

/** A pod's status at its end, with its termination message. */
export function endedWith(message: string, exitCode = 0): NonNullable<Pod['status']> {
  const terminated = { exitCode, reason: exitCode === 0 ? 'Completed' : 'Error', message };
  return {
    phase: exitCode === 0 ? 'Succeeded' : 'Failed',
    containerStatuses: [{ name: 'marblerun-hooks', ready: false, restartCount: 0, state: { terminated } }],
  };
}

/** Puts a Secret of the ring. */
export function putCopy(cluster: MemoryCluster, number: number, { note, data, key }: SealedCopy): void {
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
  const name = `marblerun-coordinator-backup-${number}`;
  cluster.put(paths.secret(namespace, name), {
    metadata: { name, namespace, labels: { 'app.kubernetes.io/component': 'coordinator-backup' } },
    data: {
      [noteFile]: base64(Buffer.from(JSON.stringify(note))),
      sealed_data: base64(data),
      ...(key === undefined ? {} : { sealed_key: base64(key) }),
    },
  });
}
