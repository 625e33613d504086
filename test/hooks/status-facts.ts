import { known, unknown } from '../../hooks/core/known.ts';
import { marbleOf } from '../../hooks/core/marbles/read.ts';
import type { MarbleWorkload } from '../../hooks/core/marbles/workload.ts';
import type { Deployment } from '../../hooks/core/objects.ts';
import type { RolloutRecord } from '../../hooks/core/record.ts';
import type { CoordinatorFacts } from '../../hooks/core/states.ts';
import { startConditions, startKey } from '../../hooks/core/marbles/conditions.ts';
import type { SeenCopy } from '../../hooks/core/status-view/copies.ts';
import type { StatusFacts } from '../../hooks/core/status-view/facts.ts';
import type { Section } from '../../hooks/core/status-view/rows.ts';
import {
  anchorPod,
  coordinator,
  deployment,
  image,
  marble,
  namespace,
  pod,
  record,
  type Change,
} from './builders.ts';
import { coordinatorPodSpec } from './pod-spec.ts';

/** A Coordinator that runs as the last rollout left it, with an anchor beside it and two Marbles. */
export function statusFacts(change: Change<StatusFacts> = () => undefined): StatusFacts {
  const object: StatusFacts = {
    namespace,
    release: 'mesh',
    deployment: deployment(({ spec }) => (spec.template.spec = coordinatorPodSpec(`${image}:v1.9.1`))),
    clientPort: 4433,
    pods: known([pod()]),
    answers: [known({ pod: pod(), coordinator: coordinator() })],
    uploads: unknown('it was not asked'),
    record: known(recordNow()),
    anchor: known({ deployment: anchorDeployment(), pods: [anchorPod()] }),
    marbles: { workloads: [marbleWorkload('web'), marbleWorkload('api')], loose: [], unknown: [] },
    rollouts: known({ hook: undefined, roll: undefined }),
    report: known(undefined),
    copies: known([]),
  };
  change(object);
  return object;
}

/** What the rollout wrote that left it so. */
export function recordNow(change: Change<RolloutRecord> = () => undefined): RolloutRecord {
  return record((object) => {
    object.coordinator = { version: 'v1.9.1', image: `${image}:v1.9.1`, node: 'sgx-1' };
    object.startedUnder = keyNow;
    change(object);
  });
}

/** What Marbles start under at the Coordinator of `statusFacts`. */
export const keyNow = startKey(startConditions(coordinator(), 'v1.9.1', ''));

/** The same Coordinator with another answer. */
export function answering(answer: CoordinatorFacts): Change<StatusFacts> {
  return (facts) => (facts.answers = [known({ pod: pod(), coordinator: answer })]);
}

function anchorDeployment(): Deployment {
  return deployment(({ metadata }) => (metadata.name = 'marblerun-coordinator-anchor'));
}

/** A Marble's Deployment as the hooks read it. */
export function marbleWorkload(name: string, change: Change<Deployment> = () => undefined): MarbleWorkload {
  const found = marbleOf('Deployment', marble(name, change), { mesh: namespace });
  if (found === undefined) throw new Error(`${name} is no Marble`);
  return found;
}

/** A copy of the sealed state, made on that day of October. */
export function seenCopy(day: number): SeenCopy {
  const time = `2026-10-0${day}T09:30:00.000Z`;
  return { secret: `marblerun-coordinator-backup-${day}`, time, coordinatorVersion: 'v1.8.0', node: 'sgx-1' };
}

/** The rows of a section as lines, with their marks. */
export function linesOf({ rows }: Section): string[] {
  return rows.map(({ name, value, mark }) => `${mark} ${name}: ${value}`);
}
