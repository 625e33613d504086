import type { InjectorFacts } from '../../core/facts.ts';
import { known, type Known } from '../../core/known.ts';
import type { Deployment } from '../../core/objects.ts';
import type { Cluster } from '../cluster.ts';
import { paths } from '../paths.ts';
import { unlessForbidden } from './unless-forbidden.ts';

const injectorName = 'marble-injector';

interface Webhooks {
  webhooks?: { failurePolicy?: string }[];
}

/** Whether new Marble pods go through an injector, and whether it can answer. Names as in upstream's chart from 1.1 on. */
export async function gatherInjector(cluster: Cluster, namespace: string): Promise<Known<InjectorFacts>> {
  return await unlessForbidden(async () => {
    const [webhook, deployment] = await Promise.all([
      cluster.get<Webhooks>(paths.webhook(`${injectorName}-${namespace}`)),
      cluster.get<Deployment>(paths.deployment(namespace, injectorName)),
    ]);
    const available = deployment?.status?.availableReplicas ?? 0;
    const insists = webhook?.webhooks?.some(({ failurePolicy }) => failurePolicy !== 'Ignore') === true;
    return known({ webhook: insists, available });
  });
}
