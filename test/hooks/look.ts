import type { LookTools } from '../../hooks/commands/look.ts';
import type { PodSpec } from '../../hooks/core/objects.ts';
import type { CoordinatorFacts } from '../../hooks/core/states.ts';
import { paths } from '../../hooks/io/paths.ts';
import { coordinatorName, deployment, namespace } from './builders.ts';
import type { MemoryCluster } from './memory-cluster.ts';
import { runningCluster } from './session.ts';
import { TestClock } from './test-clock.ts';

/** What a person's command looks with, on an in-memory cluster. */
export interface TestLook extends LookTools {
  cluster: MemoryCluster;
  clock: TestClock;
  connect: () => MemoryCluster;
}

/** A mesh with a Coordinator that answers so; a call that throws is one that gets no answer. */
export function look(
  answer: () => CoordinatorFacts,
  { spec, milliseconds = Infinity }: { spec?: PodSpec; milliseconds?: number } = {},
): TestLook {
  const cluster = runningCluster().put(
    paths.deployment(namespace, coordinatorName),
    deployment((object) => {
      object.metadata.labels = { 'app.kubernetes.io/part-of': 'marblerun' };
      if (spec !== undefined) object.spec.template.spec = spec;
    }),
  );
  const clock = new TestClock(milliseconds);
  const facts = async (): Promise<CoordinatorFacts> => await Promise.resolve().then(answer);
  return {
    ...{ cluster, clock, signal: clock.deadline.signal },
    place: { namespace, release: '' },
    connect: () => cluster,
    reach: () => ({
      coordinatorAt: () => ({ facts, state: async () => (await facts()).state }),
      close: () => undefined,
    }),
  };
}
