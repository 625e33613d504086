import { valueOf, type Known } from '../known.ts';
import type { RolloutRecord } from '../record.ts';
import type { Settings } from '../settings.ts';
import { isOfNoUse } from './injector-settings.ts';
import type { LostSetting } from './lost-setting.ts';
import { withoutOldKeys } from './old-keys.ts';
import {
  isBelow,
  isTree,
  leavesOf,
  nonDefault,
  sameMeaning,
  saysSomething,
  valueAt,
  type Tree,
} from './tree.ts';

/** Meant for one run, or the very thing that an upgrade changes. */
const neverLost: readonly string[] = [
  'enabled',
  'coordinator.version',
  'marbleInjector.version',
  'marbleInjector.hash',
  'placement.avoidNodes',
  'hooks.enabled',
  'hooks.acknowledge',
  'hooks.preflight',
  'hooks.rollout',
  'hooks.test',
  'hooks.image.version',
  'hooks.image.hash',
  'rollout.nonce',
];
/** Left out of the pod by the chart in simulation mode, so that a null there changes nothing. */
const onlyWithSgx: readonly string[] = ['coordinator.resources', 'tolerations', 'dcap'];

/** What the user set, for the record: the release's values that differ from the defaults of the chart. */
export function userValues({ values, defaults }: Pick<Settings, 'values' | 'defaults'>): Tree {
  return nonDefault(withoutOldKeys(values), defaults);
}

/** What the last rollout was given; undefined where no record says so, as before the first rollout. */
export function recordedValues(record: Known<RolloutRecord | undefined>): Tree | undefined {
  const last = valueOf(record);
  return last?.chartVersion === '' || !isTree(last?.values) ? undefined : last.values;
}

/**
 * The settings of the last rollout that this release would lose: they were no defaults then, and the target has its
 * default there again. One that the user changed to something else is not lost. The first records held all values; what was
 * a default then still is one, and so is not lost either.
 */
export function lostSinceRecord(recorded: Tree, version: string, settings: Settings): LostSetting[] {
  const changes = userValues(settings);
  const target = withoutOldKeys(settings.values);
  // A digest belongs to a version: with another one it has to go.
  const kept = version === settings.coordinator.version ? neverLost : [...neverLost, 'coordinator.hash'];
  const earlier = withoutOldKeys(recorded);
  return leavesOf(earlier).flatMap(([path, before]): LostSetting[] => {
    const after = valueAt(target, path);
    if (isBelow(path, kept) || sameMeaning(before, after) || saysSomething(changes, path)) return [];
    if (isOfNoUse(path, earlier, target)) return [];
    if (before === null && settings.coordinator.simulation && isBelow(path, onlyWithSgx)) return [];
    return [{ path, name: path.join('.'), before, after }];
  });
}
