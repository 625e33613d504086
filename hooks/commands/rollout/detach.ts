import { handedOver, ownedBy, rollJobName } from '../../core/detach.ts';
import type { Finding } from '../../core/findings.ts';
import type { Deployment } from '../../core/objects.ts';
import type { ReportFact } from '../../core/report.ts';
import { SettingsError } from '../../core/settings.ts';
import { ClusterError } from '../../io/cluster-error.ts';
import { paths } from '../../io/paths.ts';
import { endRoll } from '../end-roll.ts';
import type { Session } from '../session.ts';

/** What the hook reports of a roll that goes on without it. */
export interface Detached {
  /** What the Marbles started under is for the Job to say. */
  started: undefined;
  findings: Finding[];
  actions: string[];
  lines: ReportFact[];
  /** Told by the report of the Job. */
  workloads: [];
}

/**
 * Hands the Marbles to the chart's Job, which takes the place of one of an earlier rollout. The Job decides by itself which
 * of them need a restart, so that a repeated call restarts nothing twice. What is stored before it starts tells of the
 * Coordinator alone: what the Marbles started under is for the Job to write.
 */
export async function handMarblesOver(
  session: Session,
  deployment: Deployment,
  storeBefore: () => Promise<void>,
): Promise<Detached> {
  const { cluster, files } = session;
  const { settings, roll } = files;
  if (roll === undefined) throw new SettingsError('rollout.detach is on, but the chart gave no roll.json');
  await endRoll(session);
  await storeBefore();
  const job = ownedBy(roll, deployment);
  await cluster.create(paths.jobs(settings.release.namespace), job).catch((error: unknown) => {
    // A second pod of the same hook was faster; its Job does the same.
    if (!(error instanceof ClusterError && error.kind === 'conflict')) throw error;
  });
  const { finding, line } = handedOver(settings);
  return {
    started: undefined,
    findings: [finding],
    actions: [`started job/${rollJobName} for the Marbles`],
    lines: [line],
    workloads: [],
  };
}
