import { valueOf, type Known } from '../known.ts';
import type { Job } from '../detach.ts';
import type { FoundMarbles } from '../marbles/found.ts';
import type { Deployment, Pod } from '../objects.ts';
import type { RolloutRecord } from '../record.ts';
import type { Uploads } from '../recovery/uploads.ts';
import type { Report } from '../report.ts';
import type { PodAnswer } from '../several.ts';
import type { SeenCopy } from './copies.ts';
import { sceneWith, type Scene } from '../watch/scene.ts';

/** The anchor's Deployment and its pods. */
export interface Anchor {
  deployment: Deployment;
  pods: readonly Pod[];
}

/** Each is there from its rollout on until the next one, except a hook that ended well: Helm removes that. */
export interface RolloutJobs {
  /** The rollout hook. */
  hook: Job | undefined;
  /** The one that rolls the Marbles where the hook does not. */
  roll: Job | undefined;
}

/** What a person's credentials let be seen of a release. A right that is missing makes its part unknown. */
export interface StatusFacts {
  namespace: string;
  release: string;
  /** The Coordinator's. */
  deployment: Deployment;
  clientPort: number;
  pods: Known<Pod[]>;
  /** What each of the pods says, in their order. */
  answers: readonly Known<PodAnswer>[];
  /** In state 1, what was uploaded by now; unknown also where it was not asked. */
  uploads: Known<Uploads>;
  record: Known<RolloutRecord | undefined>;
  /** Undefined where there is none. */
  anchor: Known<Anchor | undefined>;
  marbles: FoundMarbles;
  /** The Jobs of rollouts that are there. */
  rollouts: Known<RolloutJobs>;
  /** The report of the Job that rolls the Marbles, or that of the hook that started it. */
  report: Known<Report | undefined>;
  /** Copies of the sealed state. */
  copies: Known<SeenCopy[]>;
}

/** The same facts as the anchor has them, whose judgement is shared. */
export function sceneOf(facts: StatusFacts): Scene {
  const { namespace, clientPort, deployment, record } = facts;
  const pods = valueOf(facts.pods) ?? [];
  return sceneWith(
    { namespace, clientPort, deployment, pods, record, recordVersion: undefined },
    facts.answers,
  );
}
