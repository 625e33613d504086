import type { Condition, Deployment, ObjectMeta } from './objects.ts';
import type { Finding } from './findings.ts';
import type { ReportFact } from './report.ts';
import type { Settings } from './settings.ts';

/** Name of the Job of the rollout hook (charts: templates/_helpers/_hooks.tpl). */
export const rolloutJobName = 'marblerun-coordinator-rollout';
/** Name of the Job that rolls the Marbles when the hook does not (charts: templates/_helpers/_roll.tpl). */
export const rollJobName = 'marblerun-coordinator-roll';
/** Name of the ConfigMap with the newest report of a rollout that may go on in a Job. The program makes it. */
export const reportName = 'marblerun-coordinator-report';
/** Its keys: the report as data (schemas/report.schema.json), and as it was printed. */
export const reportKeys = { json: 'report.json', text: 'report.txt' } as const;

/** A Job as far as the hooks read it; the chart renders the rest. */
export interface Job {
  metadata: ObjectMeta;
  status?: { conditions?: (Condition & { lastTransitionTime?: string })[] };
}

/** The chart's Job as it is made: it goes with the Coordinator's Deployment, and so with the release. */
export function ownedBy<Kind extends { metadata: ObjectMeta }>(object: Kind, { metadata }: Deployment): Kind {
  const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name: metadata.name, uid: metadata.uid ?? '' };
  return { ...object, metadata: { ...object.metadata, ownerReferences: [owner] } };
}

/** Whether a Job still has something to do. */
export function isGoingOn({ status }: Job): boolean {
  const ends = (status?.conditions ?? []).filter(({ type }) => type === 'Complete' || type === 'Failed');
  return !ends.some(({ status: holds }) => holds === 'True');
}

/** What the hook says of the Marbles that it has handed over: that they are not restarted yet, and how to follow it. */
export function handedOver({ release, rollout }: Settings): { finding: Finding; line: ReportFact } {
  const subject = `job/${rollJobName}`;
  const kubectl = `kubectl -n ${release.namespace}`;
  const seconds = rollout.detachedDeadlineSeconds;
  return {
    finding: {
      code: 'roll-detached',
      severity: 'info',
      subject,
      message: `The Coordinator is verified. Its Marbles are not restarted yet: ${subject} does that now, as far as they need it, and takes up to ${seconds} s.`,
      remedy: [
        'Follow it, wait for its end, and read what came of it:',
        `${kubectl} logs -f ${subject}`,
        `${kubectl} wait ${subject} --for=condition=complete --timeout=${seconds}s`,
        `${kubectl} get configmap ${reportName} -o 'jsonpath={.data.report\\.txt}'`,
      ].join('\n'),
    },
    line: { name: 'Marbles', value: `not restarted yet, that goes on in ${subject}` },
  };
}
