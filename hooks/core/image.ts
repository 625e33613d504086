import type { Deployment } from './objects.ts';
import type { Settings } from './settings.ts';

/** The image of the Coordinator's container; undefined when there is no such container. */
export function coordinatorImage(
  deployment: Deployment,
  { container }: Pick<Settings['coordinator'], 'container'>,
): string | undefined {
  return deployment.spec.template.spec.containers.find(({ name }) => name === container)?.image;
}

const versionLabel = 'app.kubernetes.io/version';

/** The version that a Deployment runs: its image's tag, else the label that charts set; undefined when neither tells. */
export function liveVersion(
  deployment: Deployment | undefined,
  coordinator: Pick<Settings['coordinator'], 'container'>,
): string | undefined {
  if (deployment === undefined) return undefined;
  const image = coordinatorImage(deployment, coordinator)?.replace(/@.*/, '') ?? '';
  const tag = /:([^:/]+)$/.exec(image)?.[1];
  return tag ?? deployment.spec.template.metadata?.labels?.[versionLabel];
}

/** The version that a Deployment runs; the one that the chart sets when the Deployment tells none. */
export function runningVersion(
  deployment: Deployment | undefined,
  coordinator: Pick<Settings['coordinator'], 'container' | 'version'>,
): string {
  return liveVersion(deployment, coordinator) ?? coordinator.version;
}

/** The digest in an image's name, with its algorithm; undefined when it has none. */
export function imageDigest(image: string | undefined): string | undefined {
  return /@([a-z0-9]+:[0-9a-f]+)$/.exec(image ?? '')?.[1];
}
