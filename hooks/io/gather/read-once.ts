import type { Cluster } from '../cluster.ts';

/** The cluster with each object read once, so that facts that are gathered beside each other speak of the same. */
export function readOnce(cluster: Cluster): Cluster {
  const reads = new Map<string, Promise<unknown>>();
  return {
    get: async <T>(path: string): Promise<T | undefined> => {
      const read = reads.get(path) ?? cluster.get<T>(path);
      reads.set(path, read);
      return (await read) as T | undefined;
    },
    text: async (...call) => await cluster.text(...call),
    watch: (...call) => cluster.watch(...call),
    list: async (...call) => await cluster.list(...call),
    create: async (...call) => await cluster.create(...call),
    patch: async (...call) => await cluster.patch(...call),
    delete: async (...call) => {
      await cluster.delete(...call);
    },
  };
}
