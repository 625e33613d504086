import type { Finding } from '../../core/findings.ts';
import { injectorName, injectorSecret, startsInjector } from '../../core/injector.ts';
import { DeadlineError } from '../../io/wait.ts';
import { deploymentRolledOut, RolloutFailure } from '../deployment-wait.ts';
import type { Session } from '../session.ts';

/**
 * Waits until the injector of the release has rolled out: until then no pod of a Marble can be created, or it would be told
 * what was true before. Answers a finding where it does not come up.
 */
export async function awaitInjector(session: Session): Promise<Finding[]> {
  const { release, values } = session.files.settings;
  if (!startsInjector(values)) return [];
  const { namespace } = release;
  try {
    await deploymentRolledOut(session, namespace, injectorName);
    return [];
  } catch (error) {
    if (!(error instanceof DeadlineError || error instanceof RolloutFailure)) throw error;
    return [
      {
        code: 'injector-down',
        severity: 'block',
        subject: `deployment/${injectorName}`,
        message: `The injector does not come up. ${error.message}. No pod of a Marble can be created until it does, so no Marble was restarted; those that run go on.`,
        remedy: [
          `See why: kubectl -n ${namespace} describe pods -l app.kubernetes.io/name=${injectorName}`,
          `It mounts its certificate from secret/${injectorSecret}, which cert-manager, MarbleRun's CLI or you have to make (docs/injector.md).`,
          'Then run the same helm command again.',
        ].join('\n'),
      },
    ];
  }
}
