import { known, valuesOf } from '../../core/known.ts';
import { blocks, type Finding } from '../../core/findings.ts';
import { identity } from '../../core/baseline.ts';
import type { StartConditions } from '../../core/marbles/conditions.ts';
import type { RolloutRecord } from '../../core/record.ts';
import { rolloutFindings } from '../../core/rollout.ts';
import { disagreement, type PodAnswer } from '../../core/several.ts';
import { CoordinatorState, stateName, type CoordinatorFacts } from '../../core/states.ts';
import type { Deployment, Pod } from '../../core/objects.ts';
import { askPods } from '../../io/gather/coordinator.ts';
import { paths } from '../../io/paths.ts';
import { podsOf } from '../../io/pods.ts';
import type { Session } from '../session.ts';
import { despite } from './despite.ts';

/** Whether Marbles may be restarted at this moment; `stop` when they may not any more in this run. */
export type GateAnswer =
  { is: 'open' } | { is: 'closed'; reason: string } | { is: 'stop'; findings: Finding[] };

/** An answer of the Coordinator is good for so long. */
const freshMilliseconds = 1000;

type Look = PodAnswer | { reason: string };

/** For the identity of the Coordinator alone; the rest of a record is of no use here. */
const emptyRecord: RolloutRecord = {
  schemaVersion: 1,
  time: '',
  chartVersion: '',
  coordinator: { version: '', image: '', node: '' },
  values: {},
};

/**
 * Asks the Coordinator before Marbles are restarted, for the whole length of a roll: it must be in state 3, and be the one
 * under whose certificates the Marbles are to start. One that does not answer keeps the gate closed until it does.
 */
export class Gate {
  readonly #session: Session;
  readonly #conditions: StartConditions;
  /** The Coordinator as it was when the roll began. */
  #first: CoordinatorFacts | undefined;
  #openUntil = -Infinity;
  /** The pods that answered last: the API server is asked for others only when one of them answers no more. */
  #pods: readonly Pod[] = [];

  constructor(session: Session, conditions: StartConditions) {
    this.#session = session;
    this.#conditions = conditions;
  }

  async ask(): Promise<GateAnswer> {
    const { clock } = this.#session;
    const askedAt = clock.now();
    if (askedAt < this.#openUntil) return { is: 'open' };
    const look = await this.#look();
    if ('reason' in look) return { is: 'closed', reason: look.reason };
    const answer = this.#judge(look.pod, look.coordinator);
    if (answer.is === 'open') this.#openUntil = askedAt + freshMilliseconds;
    return answer;
  }

  async #look(): Promise<Look> {
    const { files } = this.#session;
    let pods = this.#pods;
    this.#pods = [];
    const failure = await despite(async () => {
      if (pods.length === 0) pods = await this.#findPods();
    });
    if (failure !== undefined) return { reason: failure };
    const answers = await askPods(this.#session, pods, files.settings.coordinator.clientPort);
    const silent = answers.find((each) => !each.known);
    if (silent !== undefined) return { reason: `the Coordinator does not answer: ${silent.why}` };
    const given = valuesOf(answers);
    const [first] = given;
    if (first === undefined) return { reason: 'the Coordinator has no pod with an address' };
    this.#pods = pods;
    const difference = disagreement(given);
    return difference === undefined ? first : { reason: `the Coordinator is not ready: ${difference}` };
  }

  async #findPods(): Promise<Pod[]> {
    const { cluster, files } = this.#session;
    const { release, coordinator } = files.settings;
    const path = paths.deployment(release.namespace, coordinator.deployment);
    const deployment = await cluster.get<Deployment>(path);
    return deployment === undefined ? [] : await podsOf(cluster, deployment);
  }

  #judge(pod: Pod, coordinator: CoordinatorFacts): GateAnswer {
    const { settings } = this.#session.files;
    if (coordinator.state === CoordinatorState.Recovery && settings.recovery.mode !== 'manual') {
      return { is: 'closed', reason: `the Coordinator is in state ${stateName(coordinator.state)}` };
    }
    const { rootCertificate, intermediateCertificate } = this.#conditions;
    this.#first ??= { ...coordinator, rootCertificate };
    const facts = {
      settings,
      coordinator,
      pod: { name: pod.metadata.name, node: pod.spec.nodeName ?? '' },
      record: known({ ...emptyRecord, ...identity(this.#first) }),
    };
    const findings = rolloutFindings(facts).filter(blocks).map(inMidRoll);
    if (findings.length > 0) return { is: 'stop', findings };
    if (coordinator.state !== CoordinatorState.AcceptingMarbles) {
      return { is: 'closed', reason: `the Coordinator is in state ${stateName(coordinator.state)}` };
    }
    if ((coordinator.intermediateCertificate ?? '') === intermediateCertificate) return { is: 'open' };
    return { is: 'stop', findings: [updated(pod)] };
  }
}

/** What is said of a Coordinator that was met before the first restart holds for all that follow. */
function inMidRoll(finding: Finding): Finding {
  return { ...finding, message: finding.message.replace('No Marble was', 'No further Marble was') };
}

/** A Manifest update in mid-roll: what was restarted before it has to start once more. */
function updated(pod: Pod): Finding {
  return {
    code: 'rollout-incomplete',
    severity: 'block',
    subject: `pod/${pod.metadata.name}`,
    message:
      'The Manifest was updated while the Marbles were being restarted, and the intermediate certificate changed with it. No further Marble was restarted.',
    remedy: 'Run the same helm command again: it restarts the Marbles under the new certificate.',
  };
}
