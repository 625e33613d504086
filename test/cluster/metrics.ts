import { at, rendered, type Tree } from '../chart/render.ts';
import { documentedCommands, runDocumented } from './documented-commands.ts';
import type { Release } from './release.ts';

/** The metrics of the Coordinator's own that the chart's alerts name; another program serves the rest. */
export async function alertedMetrics(): Promise<string[]> {
  const metrics = { enabled: true, prometheusRule: { enabled: true } };
  const rule = await rendered('PrometheusRule', 'marblerun-coordinator', { metrics });
  const expressions = (at(rule, 'spec.groups.0.rules') as Tree[]).map(({ expr }) => String(expr));
  const names = expressions.flatMap((expression) => expression.match(/\b[a-z_]+(?=\{)/g) ?? []);
  const own = names.filter((name) => !name.startsWith('kube_'));
  if (own.length < 2) throw new Error(`the alerts name ${names.join(', ')}`);
  return [...new Set(own)];
}

/** The metrics that the Coordinator serves through its Service, by the documented command, with the value of the last series. */
export async function servedMetrics(release: Release): Promise<Map<string, number>> {
  const [command = ''] = await documentedCommands('docs/observability.md', 'Metrics', release);
  const text = await runDocumented(
    release,
    command.replace('namespaces/marblerun/', `namespaces/${release.namespace}/`),
  );
  const series = text.matchAll(/^([a-z_]+)(?:\{.*\})? (\S+)$/gm);
  return new Map([...series].map(([, name = '', value]) => [name, Number(value)]));
}
