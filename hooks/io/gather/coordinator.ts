import { known, unknown, valuesOf, type Known } from '../../core/known.ts';
import type { Pod } from '../../core/objects.ts';
import type { Settings } from '../../core/settings.ts';
import { mostTelling, type PodAnswer } from '../../core/several.ts';
import type { CoordinatorFacts } from '../../core/states.ts';
import type { Sources } from './sources.ts';

/** The client API of a pod, by its IP: this very pod is asked, whatever Services say. */
export function clientUrl(pod: Pod, clientPort: number): string | undefined {
  const ip = pod.status?.podIP;
  if (ip === undefined || ip === '') return undefined;
  return `https://${ip.includes(':') ? `[${ip}]` : ip}:${clientPort}`;
}

/** What the Coordinator's pods tell of its state, the most telling of them; undefined when there is none. */
export async function askCoordinator(
  sources: Sources,
  pods: readonly Pod[],
  settings: Settings,
): Promise<Known<CoordinatorFacts> | undefined> {
  const answers = await askPods(sources, pods, settings.coordinator.clientPort);
  const best = mostTelling(valuesOf(answers));
  if (best !== undefined) return known(best.coordinator);
  return answers.find((each) => !each.known);
}

/** What each of these pods answers, or why it does not. */
export async function askPods(
  { coordinatorAt, signal }: Pick<Sources, 'coordinatorAt' | 'signal'>,
  pods: readonly Pod[],
  clientPort: number,
): Promise<Known<PodAnswer>[]> {
  return await Promise.all(
    pods.map(async (pod): Promise<Known<PodAnswer>> => {
      const url = clientUrl(pod, clientPort);
      if (url === undefined) return unknown(`pod/${pod.metadata.name} has no address yet`);
      try {
        return known({ pod, coordinator: await coordinatorAt(url, pod).facts(signal) });
      } catch (error) {
        return unknown(`pod/${pod.metadata.name} at ${url} does not answer: ${(error as Error).message}`);
      }
    }),
  );
}
