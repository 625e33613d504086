import { acknowledgementToken } from '../acknowledge.ts';
import type { PreflightFacts } from '../facts.ts';
import type { Finding } from '../findings.ts';
import { startsInjector } from '../injector.ts';
import { liveVersion } from '../image.ts';
import { valueOf } from '../known.ts';
import type { MarbleDecision } from '../marbles/decision.ts';
import { leftAlone, unknownMarbles, waveFindings } from '../marbles/left-alone.ts';
import { previewMarbles } from '../marbles/preview.ts';
import { workloadName } from '../marbles/workload.ts';
import { releaseOf } from '../releases.ts';
import { shortened } from './shortened.ts';

/** What the upgrade means for the Marbles (S6, S7, S9). */
export function checkMarbles(facts: PreflightFacts): Finding[] {
  const { decisions, loose } = previewMarbles(facts) ?? { decisions: [], loose: [] };
  const restarts = decisions.filter(({ action }) => action === 'restart');
  return [
    ...unknownMarbles(unknownIn(facts)),
    ...restarting(restarts),
    ...leftAlone(decisions, loose),
    ...waveFindings(facts.marbles?.workloads ?? []),
    ...rebuild(facts),
    ...activations(facts, restarts),
    ...injector(facts, restarts),
  ];
}

function unknownIn({ marbles, injector: asked }: PreflightFacts): string[] {
  return [...(marbles?.unknown ?? []), ...(asked?.known === false ? [asked.why] : [])];
}

function restarting(restarts: readonly MarbleDecision[]): Finding[] {
  if (restarts.length === 0) return [];
  const list = restarts.map((restart) => `${nameOf(restart)}: ${restart.reason}`);
  return [
    {
      code: 'marbles-restart',
      severity: 'info',
      subject: 'Marbles',
      message: `${count(restarts.length, 'workload')} will be restarted once the Coordinator accepts Marbles: ${shortened(list)}.`,
      remedy: '',
    },
  ];
}

/** What is built into a Marble has to fit the Coordinator that starts it (MarbleRun docs, workflows/updates). */
function rebuild({ settings, live, marbles }: PreflightFacts): Finding[] {
  const from = liveVersion(live, settings.coordinator);
  if (from === undefined || live === undefined) return [];
  const { version } = settings.coordinator;
  if (releaseOf(from).dataPlane === releaseOf(version).dataPlane) return [];
  const { workloads = [], loose = [], unknown = [] } = marbles ?? {};
  const list = [...workloads.map(workloadName), ...loose.map(({ subject }) => subject)];
  if (list.length === 0 && unknown.length === 0) return [];
  return [
    {
      code: 'marble-rebuild-needed',
      severity: 'block',
      subject: 'Marbles',
      message: `From ${from} to ${version} the data plane changes, which is built into the Marbles: they cannot start under ${version} until they are built anew${list.length === 0 ? '' : `: ${shortened(list)}`}.`,
      remedy: `Build the applications with MarbleRun ${version} and have the images at hand, then acknowledge this. A Package that is given by UniqueID needs a new Manifest, too.`,
      token: acknowledgementToken('marble-rebuild-needed', [from, version]),
    },
  ];
}

/**
 * MaxActivations counts every start of a Marble and never goes down (v1.9.1: coordinator/core/marbleapi.go). What is used
 * up cannot be read, but each running pod has used one.
 */
function activations(facts: PreflightFacts, restarts: readonly MarbleDecision[]): Finding[] {
  const manifest = valueOf(facts.coordinator)?.manifest;
  return Object.entries(manifest?.maxActivations ?? {}).flatMap(([type, most]): Finding[] => {
    const pods = (workloads: readonly { type: string; replicas: number }[]) =>
      workloads.filter((each) => each.type === type).reduce((sum, { replicas }) => sum + replicas, 0);
    const wanted = pods(restarts.map(({ workload }) => workload));
    if (wanted === 0) return [];
    const left = most - pods(facts.marbles?.workloads ?? []);
    const subject = `Marble type ${type}`;
    const message = `The Manifest allows ${count(most, 'activation')}, of which at most ${Math.max(left, 0)} are left, and the restart needs ${wanted}.`;
    if (wanted <= left) {
      const remedy =
        'How many were used cannot be read. Raise MaxActivations with a Manifest update if in doubt.';
      return [{ code: 'activations-bounded', severity: 'warn', subject, message, remedy }];
    }
    return [
      {
        code: 'activations-bounded',
        severity: 'block',
        subject,
        message: `${message} Its pods could not start again.`,
        remedy:
          'Raise MaxActivations with a Manifest update (from v1.9), or set rollout.restart to never and let them run.',
        token: acknowledgementToken('activations-bounded', [type, `${most}`, `${wanted}`]),
      },
    ];
  });
}

/** What new Marble pods need of the injector, where they need it. */
function injector(facts: PreflightFacts, restarts: readonly MarbleDecision[]): Finding[] {
  const asked = valueOf(facts.injector);
  if (asked === undefined || asked.available > 0) return [];
  // The first one comes with this upgrade, and the rollout waits for it.
  if (!asked.webhook && startsInjector(facts.settings.values)) return [];
  const { namespace } = facts.settings.release;
  const found = {
    code: 'injector-down' as const,
    subject: 'deployment/marble-injector',
    remedy: `Look at it with: kubectl -n ${namespace} get deployment,pods -l app.kubernetes.io/name=marble-injector`,
  };
  if (asked.webhook) {
    const message =
      'No pod of the injector is available, and the API server asks it about each new Marble pod: none can be created.';
    if (restarts.length === 0) return [{ ...found, severity: 'warn', message }];
    const token = acknowledgementToken('injector-down', [namespace, startsOf(restarts)]);
    return [{ ...found, severity: 'block', message: `${message} This upgrade restarts Marbles.`, token }];
  }
  const inject = restarts.filter(({ workload }) => workload.injected).map(nameOf);
  if (inject.length === 0) return [];
  const message = `There is no injector in ${namespace}, and the pod templates of these Marbles do not say where the Coordinator is: ${shortened(inject)}.`;
  return [{ ...found, severity: 'warn', message }];
}

function startsOf(restarts: readonly MarbleDecision[]): string {
  return restarts.map(nameOf).join();
}

function nameOf({ workload }: MarbleDecision): string {
  return workloadName(workload);
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
