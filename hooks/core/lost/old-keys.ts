import { startsInjector } from '../injector.ts';
import { isNothing, isTree, valueAt, type Tree } from './tree.ts';

/**
 * Settings of the Coordinator that had other keys in older charts, as the chart's helper `marblerun.oldKeys` has them: new
 * name under `coordinator`, then the old keys.
 */
export const oldKeys: Readonly<Record<string, readonly string[]>> = {
  repository: ['global.image.repository'],
  version: ['coordinator.coordinatorImageVersion', 'global.image.version'],
  pullPolicy: ['global.image.pullPolicy'],
  replicas: ['coordinator.coordinatorReplicas'],
};

/** Settings below `global.image` that were the injector's as well (the chart's helper `marblerun.injector.setting`). */
const sharedWithInjector = ['repository', 'version', 'pullPolicy'];

/** The values with every old key under its new name, so that the two spellings of a setting compare as equal. */
export function withoutOldKeys(values: Tree): Tree {
  const renamed = Object.entries(oldKeys).flatMap(([name, old]) => {
    const said = old.map((key) => valueAt(values, key.split('.'))).find((value) => !isNothing(value));
    return said === undefined ? [] : [[name, said] as const];
  });
  const shared = Object.fromEntries(
    sharedWithInjector.flatMap((name) => {
      const said = valueAt(values, ['global', 'image', name]);
      return isNothing(said) ? [] : [[name, said]];
    }),
  );
  const image = valueAt(values, ['coordinator', 'coordinatorImage']);
  const coordinator = {
    ...without(values.coordinator, 'coordinatorImage', 'coordinatorImageVersion', 'coordinatorReplicas'),
    ...Object.fromEntries(renamed),
    ...(typeof image === 'string' ? imagePath(image) : {}),
  };
  return {
    ...values,
    ...(startsInjector(values) ? { marbleInjector: { ...(values.marbleInjector as Tree), ...shared } } : {}),
    ...(isTree(values.global) ? { global: without(values.global, 'image') } : {}),
    ...(Object.keys(coordinator).length > 0 ? { coordinator } : {}),
  };
}

function without(tree: unknown, ...keys: string[]): Tree {
  return Object.fromEntries(Object.entries(isTree(tree) ? tree : {}).filter(([key]) => !keys.includes(key)));
}

/** An image's path, as `coordinator.repository` and `coordinator.image` hold it; nothing for an empty one. */
export function imagePath(path: string): { repository?: string; image?: string } {
  if (path === '') return {};
  const end = path.lastIndexOf('/');
  return { repository: path.slice(0, Math.max(end, 0)), image: path.slice(end + 1) };
}
