import { known, unknown, type Known } from '../../core/known.ts';
import type { Pod } from '../../core/objects.ts';
import type { Settings } from '../../core/settings.ts';
import type { CoordinatorFacts } from '../../core/states.ts';
import type { Sources } from './sources.ts';

/** The client API of a pod, by its IP: this very pod is asked, whatever Services say. */
export function clientUrl(pod: Pod, clientPort: number): string | undefined {
  const ip = pod.status?.podIP;
  if (ip === undefined || ip === '') return undefined;
  return `https://${ip.includes(':') ? `[${ip}]` : ip}:${clientPort}`;
}

/** What the first of the Coordinator's pods tells; undefined when there is none. */
export async function askCoordinator(
  { coordinatorAt, signal }: Sources,
  pods: readonly Pod[],
  settings: Settings,
): Promise<Known<CoordinatorFacts> | undefined> {
  const [pod] = pods;
  if (pod === undefined) return undefined;
  const url = clientUrl(pod, settings.coordinator.clientPort);
  if (url === undefined) return unknown(`pod/${pod.metadata.name} has no address yet`);
  try {
    return known(await coordinatorAt(url).facts(signal));
  } catch (error) {
    return unknown(`pod/${pod.metadata.name} at ${url} does not answer: ${(error as Error).message}`);
  }
}
