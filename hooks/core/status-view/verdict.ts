import { valueOf, valuesOf } from '../known.ts';
import { podTrouble } from '../pod-trouble.ts';
import { recoverySteps } from '../recovery/steps.ts';
import type { Outcome } from '../report.ts';
import { interrupted } from '../restore/note.ts';
import { disagreement } from '../several.ts';
import { CoordinatorState, stateName } from '../states.ts';
import { deploymentStatus } from '../status/deployment.ts';
import { blank, type Situation } from '../watch/memory.ts';
import { recoveryTargetIn, speakerOf } from '../watch/scene.ts';
import { situationOf } from '../watch/situation.ts';
import { sceneOf, type StatusFacts } from './facts.ts';
import { restoreCommand, restoreStep } from './copies.ts';
import { failedRollout } from './roll.ts';

/** What it all comes to. */
export interface Verdict {
  outcome: Outcome;
  verdict: string;
  next: string[];
}

/** What the Coordinator is in and what a person does about it: the same judgement as the anchor's and the rollout's. */
export function verdictOf(facts: StatusFacts): Verdict {
  const speaker = speakerOf(facts);
  if (speaker === undefined) return withoutAnswer(facts);
  const difference = disagreement(valuesOf(facts.answers));
  const { state } = speaker.coordinator;
  const someAccept = valuesOf(facts.answers).some(
    ({ coordinator }) => coordinator.state === CoordinatorState.AcceptingMarbles,
  );
  if (difference !== undefined && someAccept) return disagreeing(facts, difference);
  const situation = situationOf(
    { ...blank, answer: { known: true, value: state }, scene: sceneOf(facts) },
    0,
    { downSeconds: Infinity },
  );
  if (situation === undefined || situation === 'down') return strange(facts, state);
  return verdicts[situation](facts);
}

const verdicts: Readonly<Record<Exclude<Situation, 'down'>, (facts: StatusFacts) => Verdict>> = {
  'needs-recovery': (facts) => ({
    outcome: 'blocked',
    verdict: `The Coordinator needs recovery (state 1): it cannot unseal its state on ${nodeOf(facts)}. Marbles that run go on, and none can start. Do not set a Manifest: that destroys the sealed state.`,
    next: recoverySteps(recoveryTargetIn(sceneOf(facts)), '').split('\n'),
  }),
  'lost-state': (facts) => ({
    outcome: 'blocked',
    verdict: `The Coordinator has no Manifest (state 2), but it had one before (${(valueOf(facts.record)?.manifestFingerprint ?? '').slice(0, 12)}): it started with an empty store. Marbles that run go on, and none can start.`,
    next: [
      'Find the volume with the sealed state before you set any Manifest; a new Manifest starts a new mesh:',
      `kubectl -n ${facts.namespace} get pvc,pv`,
      ...orRestore(facts),
    ],
  }),
  replaced: () => ({
    outcome: 'blocked',
    verdict:
      "The Coordinator accepts Marbles (state 3), but its root certificate is not the record's: this is another mesh than before, and Marbles of both do not trust each other.",
    next: [
      'If that was done on purpose, run your last helm upgrade again: it takes the new state up and restarts the Marbles.',
    ],
  }),
  'accepting-manifest': ({ namespace, clientPort, record }) => ({
    outcome: record.known ? 'passed' : 'unknown',
    verdict: record.known
      ? 'The Coordinator waits for a Manifest (state 2).'
      : `The Coordinator has no Manifest (state 2), and whether it had one before is not known: ${record.why}.`,
    next: [
      ...(record.known
        ? []
        : ['If it had one, its state is lost: find its volume before you set any Manifest. If not:']),
      `kubectl -n ${namespace} port-forward svc/coordinator-client-api ${clientPort}:${clientPort}`,
      `marblerun manifest set manifest.json localhost:${clientPort} --recoverydata recovery.json`,
    ],
  }),
  'accepting-marbles': (facts) =>
    failedRollout(facts) ?? {
      outcome: 'passed',
      verdict: 'The Coordinator accepts Marbles (state 3): a Manifest is in force, and Marbles can start.',
      next: [],
    },
};

function orRestore(facts: StatusFacts): string[] {
  const step = restoreStep(facts);
  return step === undefined ? [] : ['If it is lost, put the newest copy of the state back:', step];
}

function withoutAnswer(facts: StatusFacts): Verdict {
  const { namespace, deployment, pods, answers } = facts;
  const subject = `deployment/${deployment.metadata.name}`;
  const describe = `kubectl -n ${namespace} describe ${subject}`;
  if (!pods.known) {
    return { outcome: 'unknown', verdict: `What the Coordinator is in is not known: ${pods.why}.`, next: [] };
  }
  if (interrupted(deployment) !== undefined) {
    return {
      outcome: 'blocked',
      verdict:
        'The Coordinator is stopped for a restore of its state, which goes on or was interrupted. Marbles that run go on, and none can start.',
      next: ['If it was interrupted, this finishes it:', restoreCommand(facts)],
    };
  }
  if (deployment.spec.replicas === 0) {
    return {
      outcome: 'blocked',
      verdict: 'The Coordinator is scaled to zero. Marbles that run go on, and none can start.',
      next: [`kubectl -n ${namespace} scale ${subject} --replicas=1`],
    };
  }
  const trouble = pods.value.map(podTrouble).find((found) => found !== undefined);
  if (trouble !== undefined) {
    const verdict = `The Coordinator does not run: ${trouble}. Marbles that run go on, and none can start.`;
    return { outcome: 'blocked', verdict, next: [describe.replace(subject, 'pods')] };
  }
  const silent = answers.find((answer) => !answer.known);
  const why = silent?.why ?? deploymentStatus(deployment).message;
  return {
    outcome: 'unknown',
    verdict: `What the Coordinator is in is not known: ${why}.`,
    next: [describe],
  };
}

function disagreeing({ namespace }: StatusFacts, difference: string): Verdict {
  return {
    outcome: 'unknown',
    verdict: `The Coordinators do not agree: ${difference}. One that has just started is in state 1 until it has the key from another.`,
    next: [`kubectl -n ${namespace} get pods -w`],
  };
}

function strange(facts: StatusFacts, state: number): Verdict {
  const { name = '' } = speakerOf(facts)?.pod.metadata ?? {};
  return {
    outcome: 'unknown',
    verdict: `The Coordinator is in state ${stateName(state)}, in which no Marble can start.`,
    next: [`kubectl -n ${facts.namespace} logs pod/${name}`],
  };
}

function nodeOf(facts: StatusFacts): string {
  return speakerOf(facts)?.pod.spec.nodeName ?? 'its node';
}
