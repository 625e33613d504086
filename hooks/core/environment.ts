import type { Deployment } from './objects.ts';
import type { Settings } from './settings.ts';

/** Whether a Coordinator keeps its state where several can share it (MarbleRun v1.9.1: cmd/coordinator/run.go). */
export function sharesState(
  deployment: Deployment,
  coordinator: Pick<Settings['coordinator'], 'container'>,
): boolean {
  const env = environmentOf(deployment, coordinator);
  const licensed = env.EDG_ENTERPRISE_LICENSED_FEATURES ?? '';
  return env.EDG_DISTRIBUTED_COORDINATOR === '1' || licensed.includes('distributedcoordinator');
}

/** What a Deployment sets in the environment of the Coordinator's container, as text. */
export function environmentOf(
  deployment: Deployment,
  { container }: Pick<Settings['coordinator'], 'container'>,
): Readonly<Record<string, string>> {
  const found = deployment.spec.template.spec.containers.find(({ name }) => name === container);
  return Object.fromEntries((found?.env ?? []).map(({ name, value }) => [name, value ?? '']));
}
