import type { Deployment } from './objects.ts';
import type { Settings } from './settings.ts';

/** What a Deployment sets in the environment of the Coordinator's container, as text. */
export function environmentOf(
  deployment: Deployment,
  { container }: Pick<Settings['coordinator'], 'container'>,
): Readonly<Record<string, string>> {
  const found = deployment.spec.template.spec.containers.find(({ name }) => name === container);
  return Object.fromEntries((found?.env ?? []).map(({ name, value }) => [name, value ?? '']));
}
