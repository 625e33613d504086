import type { Deployment } from './objects.ts';
import type { Settings } from './settings.ts';

/** The image of the Coordinator's container; undefined when there is no such container. */
export function coordinatorImage(
  deployment: Deployment,
  { container }: Settings['coordinator'],
): string | undefined {
  return deployment.spec.template.spec.containers.find(({ name }) => name === container)?.image;
}

const versionLabel = 'app.kubernetes.io/version';

/** The version that a Deployment runs: its image's tag, else the label that charts set; undefined when neither tells. */
export function liveVersion(
  deployment: Deployment | undefined,
  coordinator: Settings['coordinator'],
): string | undefined {
  if (deployment === undefined) return undefined;
  const image = coordinatorImage(deployment, coordinator)?.replace(/@.*/, '') ?? '';
  const tag = /:([^:/]+)$/.exec(image)?.[1];
  return tag ?? deployment.spec.template.metadata?.labels?.[versionLabel];
}

/** The version that a Deployment runs; the one that the chart sets when the Deployment tells none. */
export function runningVersion(
  deployment: Deployment | undefined,
  coordinator: Settings['coordinator'],
): string {
  return liveVersion(deployment, coordinator) ?? coordinator.version;
}

/** Whether a Deployment runs the Coordinator without SGX, as its environment says. */
export function runsInSimulation({ spec }: Deployment, { container }: Settings['coordinator']): boolean {
  const { env = [] } = spec.template.spec.containers.find(({ name }) => name === container) ?? {};
  return env.find(({ name }) => name === 'OE_SIMULATION')?.value === '1';
}
