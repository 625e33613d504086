import { reportKeys, reportName } from '../../core/detach.ts';
import { known, unknown, type Known } from '../../core/known.ts';
import type { ConfigMap } from '../../core/objects.ts';
import type { Report } from '../../core/report.ts';
import type { Cluster } from '../cluster.ts';
import { paths } from '../paths.ts';
import { unlessForbidden } from './unless-forbidden.ts';

/** The report of the last rollout that may have gone on in a Job, which alone is kept; or why it cannot be read. */
export async function gatherReport(cluster: Cluster, namespace: string): Promise<Known<Report | undefined>> {
  return await unlessForbidden(async () =>
    reportIn(await cluster.get<ConfigMap>(paths.configMap(namespace, reportName))),
  );
}

function reportIn(configMap: ConfigMap | undefined): Known<Report | undefined> {
  const text = configMap?.data?.[reportKeys.json];
  if (text === undefined) return known(undefined);
  try {
    const report = JSON.parse(text) as Partial<Report> | null;
    const whole = Array.isArray(report?.facts) && Array.isArray(report.findings);
    return whole ? known(report as Report) : unknown('it is no report');
  } catch {
    return unknown('it is not JSON');
  }
}
