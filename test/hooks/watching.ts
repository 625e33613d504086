import { known, unknown } from '../../hooks/core/known.ts';
import type { CoordinatorFacts } from '../../hooks/core/states.ts';
import { blank, type Limits, type Memory, type Observation } from '../../hooks/core/watch/memory.ts';
import { next, wantsLook, type Decision } from '../../hooks/core/watch/next.ts';
import type { Scene } from '../../hooks/core/watch/scene.ts';
import { coordinator, deployment, namespace, pod, record, type Change } from './builders.ts';

export const limits: Limits = { graceSeconds: 600, downSeconds: 900 };
export const start = Date.UTC(2026, 10, 24, 12);

/** What the anchor sees of a Coordinator in state 3 on sgx-1, as the record says. */
export function scene(change: Change<Scene> = () => undefined): Scene {
  const object: Scene = {
    namespace,
    clientPort: 4433,
    deployment: deployment(),
    pod: pod(),
    coordinator: coordinator(),
    record: known(record()),
    recordVersion: '77',
  };
  change(object);
  return object;
}

/** The same on another node, in this state. */
export function movedTo(node: string, facts: CoordinatorFacts): Scene {
  return scene((object) => {
    object.pod = pod(({ metadata, spec }) => {
      spec.nodeName = node;
      metadata.uid = `uid-on-${node}`;
    });
    object.coordinator = facts;
  });
}

/** One round: at a second, with the state that answers (or none), and the scene if the cluster can be looked at. */
export interface Round {
  at: number;
  state: number | undefined;
  scene?: Scene;
}

/** What the rounds led to, one decision each; the cluster is looked at where the watch wants to. */
export function rounds(given: readonly Round[], from: Memory = blank): Decision[] {
  let memory = from;
  return given.map(({ at, state, scene: there }) => {
    const now = new Date(start + at * 1000);
    const answer: Observation['answer'] =
      state === undefined ? unknown('connect ECONNREFUSED') : known(state);
    const looks = wantsLook(memory, answer, now, limits);
    const decision = next(memory, { answer, scene: looks ? there : undefined }, now, limits);
    memory = decision.memory;
    return decision;
  });
}
