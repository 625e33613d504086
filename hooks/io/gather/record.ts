import type { Known } from '../../core/known.ts';
import type { ConfigMap } from '../../core/objects.ts';
import { readRecord, recordKey, recordName, type RolloutRecord } from '../../core/record.ts';
import type { Cluster } from '../cluster.ts';
import { paths } from '../paths.ts';
import { unlessForbidden } from './unless-forbidden.ts';

/** The record, or why it cannot be read. */
export async function gatherRecord(
  cluster: Cluster,
  namespace: string,
): Promise<Known<RolloutRecord | undefined>> {
  return await unlessForbidden(async () => {
    const configMap = await cluster.get<ConfigMap>(paths.configMap(namespace, recordName));
    return readRecord(configMap?.data?.[recordKey]);
  });
}
