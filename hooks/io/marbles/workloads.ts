import { marbleOf } from '../../core/marbles/read.ts';
import {
  workloadKey,
  workloadKinds,
  type MarbleWorkload,
  type WorkloadKind,
} from '../../core/marbles/workload.ts';
import type { WorkloadObject } from '../../core/objects/workloads.ts';
import { atMost } from '../at-most.ts';
import type { Cluster } from '../cluster.ts';
import { paths } from '../paths.ts';
import { pageOfObjects } from './labelled.ts';
import type { Lead } from './leads.ts';
import { unlessRefused } from './unless-refused.ts';

/**
 * Up to so many workloads of a kind are read one by one. More are read by listing their namespaces, or the whole scope
 * when they lie in as many: Marbles stand together, so that a list holds little else, and a thousand of them take the
 * requests of a few pages.
 */
const few = 20;

/** Whose Coordinator it is, and where it may be looked. */
interface Where {
  mesh: string;
  /** Whether all namespaces may be listed in one. */
  everywhere: boolean;
  /** Told why a part could not be read. */
  unknown: Set<string>;
}

/** Reads the workloads behind leads, and leaves out what is no Marble of this Coordinator. */
export async function readWorkloads(
  cluster: Cluster,
  leads: readonly Lead[],
  where: Where,
): Promise<MarbleWorkload[]> {
  const found = await Promise.all(
    workloadKinds.map(
      async (kind) =>
        await readKind(
          cluster,
          kind,
          leads.filter((lead) => lead.kind === kind),
          where,
        ),
    ),
  );
  return found.flat();
}

async function readKind(
  cluster: Cluster,
  kind: WorkloadKind,
  leads: readonly Lead[],
  { mesh, everywhere, unknown }: Where,
): Promise<MarbleWorkload[]> {
  const wanted = new Map(leads.map((lead) => [workloadKey(lead), lead]));
  const read = (object: WorkloadObject): MarbleWorkload | undefined => {
    const { name, namespace = '' } = object.metadata;
    const lead = wanted.get(workloadKey({ kind, namespace, name }));
    return lead === undefined ? undefined : marbleOf(kind, object, { ...lead, mesh });
  };
  const one = async (lead: Lead): Promise<MarbleWorkload | undefined> => {
    const object = await cluster.get<WorkloadObject>(paths.workload(lead));
    return object === undefined ? undefined : read(object);
  };
  const all = async (namespace?: string): Promise<(MarbleWorkload | undefined)[]> =>
    await cluster.list(paths.workloads(kind, namespace), { limit: pageOfObjects }, false, read);
  const guarded = async <T>(work: Promise<T>): Promise<T | undefined> => await unlessRefused(work, unknown);
  const namespaces = [...new Set(leads.map(({ namespace }) => namespace))];
  const byName = leads.length <= few;
  const inOne = !byName && everywhere && namespaces.length > few;
  const found = byName
    ? await atMost(few, leads, async (lead) => await guarded(one(lead)))
    : await atMost(few, inOne ? [undefined] : namespaces, async (namespace) => await guarded(all(namespace)));
  return found.flat().filter((workload) => workload !== undefined);
}
