import type { Deployment } from './objects.ts';
import type { Settings } from './settings.ts';

/** The image of the Coordinator's container; undefined when there is no such container. */
export function coordinatorImage(
  deployment: Deployment,
  { container }: Settings['coordinator'],
): string | undefined {
  return deployment.spec.template.spec.containers.find(({ name }) => name === container)?.image;
}

/** The version that a Deployment runs, from its image's tag; the chart's version when the tag tells none. */
export function runningVersion(
  deployment: Deployment | undefined,
  coordinator: Settings['coordinator'],
): string {
  const image = deployment === undefined ? undefined : coordinatorImage(deployment, coordinator);
  return /:([^:/]+)$/.exec(image?.replace(/@.*/, '') ?? '')?.[1] ?? coordinator.version;
}
