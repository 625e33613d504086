import type { ChartValues } from './values/generated/chart-values.ts';

/** MarbleRun's injector: a webhook that tells new pods of Marbles where the Coordinator is. Names as in upstream's chart from 1.1 on. */
export const injectorName = 'marble-injector';

/** The Secret with the webhook's certificate, which the chart does not make. */
export const injectorSecret = 'marble-injector-webhook-certs';

/** What the Deployment selects; the chart's helper `marblerun.injector.selector` has the same. */
export const injectorSelector: Readonly<Record<string, string>> = {
  'app.kubernetes.io/name': injectorName,
  'app.kubernetes.io/part-of': 'marblerun',
};

/** The name of its webhook, which is for the whole cluster. */
export function injectorWebhook(namespace: string): string {
  return `${injectorName}-${namespace}`;
}

/** Whether the chart renders an injector for these values. */
export function startsInjector(values: Readonly<Record<string, unknown>>): boolean {
  const { marbleInjector } = values as ChartValues;
  return String(marbleInjector?.start) === 'true';
}
