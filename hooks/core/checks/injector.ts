import { acknowledgementToken } from '../acknowledge.ts';
import type { PreflightFacts } from '../facts.ts';
import type { Finding } from '../findings.ts';
import { injectorName, injectorSelector, startsInjector } from '../injector.ts';
import { valueOf } from '../known.ts';
import { sameMeaning } from '../lost/tree.ts';

/** An injector of an old chart that Helm cannot change, since charts up to 1.2.0 had the version in its selector. */
export function checkInjector({ settings, objects }: PreflightFacts): Finding[] {
  const injector = objects && valueOf(objects.injector);
  if (injector === undefined || !startsInjector(settings.values)) return [];
  const { matchLabels = {} } = injector.spec.selector;
  if (sameMeaning(matchLabels, injectorSelector)) return [];
  const { namespace } = settings.release;
  const labels = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`);
  return [
    {
      code: 'injector-outdated',
      severity: 'block',
      subject: `deployment/${injectorName}`,
      message: `Its selector is ${labels.join()}, as in charts up to 1.2.0. A selector cannot be changed, so that Helm could not apply the new injector.`,
      remedy: `Delete it right before you run the same helm command again: kubectl -n ${namespace} delete deployment ${injectorName}\nMarbles that run go on; no pod of a Marble can be created until the upgrade has brought the new one.`,
      token: acknowledgementToken('injector-outdated', [namespace, ...labels]),
    },
  ];
}
