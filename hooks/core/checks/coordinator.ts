import type { PreflightFacts } from '../facts.ts';
import type { Finding } from '../findings.ts';
import { runningVersion } from '../image.ts';
import { valueOf } from '../known.ts';
import { recoverySteps, recoveryTarget } from '../recovery/steps.ts';
import { CoordinatorState } from '../states.ts';

/** What the Coordinator's own state means for the upgrade. */
export function checkCoordinator({ settings, live, pods, coordinator, record }: PreflightFacts): Finding[] {
  const subject = `deployment/${settings.coordinator.deployment}`;
  if (live === undefined) {
    const message = 'There is no Coordinator in this namespace yet.';
    return [{ code: 'first-install', severity: 'info', subject, message, remedy: '' }];
  }
  if (coordinator?.known !== true) {
    const why = coordinator?.why ?? 'no pod of it is running';
    return [
      {
        code: 'coordinator-unreachable',
        severity: 'warn',
        subject,
        message: `The Coordinator could not be asked for its state: ${why}. It is taken to hold sealed state.`,
        remedy: `Look at it with: kubectl -n ${settings.release.namespace} describe ${subject}`,
      },
    ];
  }
  if (coordinator.value.state !== CoordinatorState.Recovery) return [];
  const pod = pods[0]?.metadata.name ?? 'POD';
  return [
    {
      code: 'coordinator-needs-recovery',
      severity: 'warn',
      subject,
      message:
        'The Coordinator is in state 1 (Recovery) already: it cannot read its sealed state, and no Marble can start.',
      remedy: [
        'Going back to the version or node that sealed the state may open it again.',
        recoverySteps(
          recoveryTarget(settings, pod, valueOf(record), runningVersion(live, settings.coordinator)),
          '',
        ),
      ].join('\n'),
    },
  ];
}
