import { restoreName, type RestoreCronJob, type RestoreJobSpec } from '../backup/restore-job.ts';
import type { Condition, Container, ObjectMeta, Pod } from '../objects.ts';
import { podTrouble } from '../pod-trouble.ts';
import type { RestoreNote } from './note.ts';

/** Name of the Job that a person's command makes. */
export const restoreJobName = `${restoreName}-by-hand`;

/** A Job as it is made here, and what it says of its end. */
export interface RestoreJob {
  metadata: ObjectMeta;
  spec: RestoreJobSpec;
  status?: { conditions?: Condition[] };
}

/** A Job of the chart's CronJob, as `kubectl create job --from` makes it, told what to restore. */
export function restoreJob({ metadata, spec }: RestoreCronJob, { copy, replace }: RestoreNote): RestoreJob {
  const { template, ...rest } = spec.jobTemplate.spec;
  const told = { COPY: copy, REPLACE: replace ? 'yes' : 'no' };
  const owner = { apiVersion: 'batch/v1', kind: 'CronJob', name: restoreName, uid: metadata.uid ?? '' };
  const containers = template.spec.containers.map((container) => withEnvironment(container, told));
  return {
    metadata: {
      name: restoreJobName,
      annotations: { 'cronjob.kubernetes.io/instantiate': 'manual' },
      ownerReferences: [owner],
      ...(spec.jobTemplate.metadata?.labels === undefined
        ? {}
        : { labels: spec.jobTemplate.metadata.labels }),
    },
    spec: { ...rest, template: { ...template, spec: { ...template.spec, containers } } },
  };
}

function withEnvironment(container: Container, told: Readonly<Record<string, string>>): Container {
  const others = (container.env ?? []).filter(({ name }) => !(name in told));
  return {
    ...container,
    env: [...others, ...Object.entries(told).map(([name, value]) => ({ name, value }))],
  };
}

/** How the Job ended: it put the copy back, it changed nothing, or it is not known what it did. */
export interface JobEnd {
  kind: 'restored' | 'refused' | 'unknown';
  text: string;
}

/** What exit codes of the Job's pod mean; another is that of a pod that was ended. */
const kinds: Readonly<Record<number, JobEnd['kind']>> = { 0: 'restored', 1: 'refused' };

/** The end of the Job as its pod and its conditions tell it; a text while it goes on. */
export function jobEnd(job: RestoreJob | undefined, pod: Pod | undefined): JobEnd | string {
  const ofPod = podEnd(pod);
  if (ofPod !== undefined) return ofPod;
  if (job === undefined) return { kind: 'unknown', text: 'somebody deleted the Job' };
  const failed = job.status?.conditions?.find(({ type, status }) => type === 'Failed' && status === 'True');
  if (failed !== undefined) return { kind: 'unknown', text: failed.message ?? 'it says no more than that' };
  return (pod === undefined ? undefined : podTrouble(pod)) ?? 'starting';
}

function podEnd(pod: Pod | undefined): JobEnd | undefined {
  const terminated = pod?.status?.containerStatuses?.[0]?.state?.terminated;
  if (terminated === undefined) return undefined;
  const { exitCode = -1, message, reason = 'it did not say why' } = terminated;
  return { kind: kinds[exitCode] ?? 'unknown', text: message ?? reason };
}

/** What the Job said, for whoever ran this program: that starts the Coordinator itself, and has an option for REPLACE. */
export function saidByJob(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => !line.includes('Start the Coordinator:'))
    .map((line) => line.replace('run the Job with REPLACE=yes', 'give --replace'));
}
