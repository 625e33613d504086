import type { InjectorFacts } from '../../core/facts.ts';
import { injectorName, injectorWebhook } from '../../core/injector.ts';
import { known, type Known } from '../../core/known.ts';
import type { Deployment, MutatingWebhookConfiguration } from '../../core/objects.ts';
import type { Cluster } from '../cluster.ts';
import { paths } from '../paths.ts';
import { unlessForbidden } from './unless-forbidden.ts';

/** Whether new Marble pods go through an injector, and whether it can answer. */
export async function gatherInjector(cluster: Cluster, namespace: string): Promise<Known<InjectorFacts>> {
  return await unlessForbidden(async () => {
    const [webhook, deployment] = await Promise.all([
      cluster.get<MutatingWebhookConfiguration>(paths.webhook(injectorWebhook(namespace))),
      cluster.get<Deployment>(paths.deployment(namespace, injectorName)),
    ]);
    const available = deployment?.status?.availableReplicas ?? 0;
    const insists = webhook?.webhooks?.some(({ failurePolicy }) => failurePolicy !== 'Ignore') === true;
    return known({ webhook: insists, available });
  });
}
