import type { PreflightFacts } from '../facts.ts';
import type { Deployment } from '../objects.ts';
import type { Settings } from '../settings.ts';
import { isOfNoUse } from './injector-settings.ts';
import { readDeployment, type Reading } from './live-deployment.ts';
import { lostServiceTypes, readObjects, type ReleaseObjects } from './live-objects.ts';
import type { LostSetting } from './lost-setting.ts';
import { withoutOldKeys } from './old-keys.ts';
import { userValues } from './recorded.ts';
import { isBelow, isNothing, sameMeaning, saysSomething, valueAt, type Path, type Tree } from './tree.ts';
import { wasDefault } from './upstream-defaults.ts';

/**
 * The settings of a release without a record that the upgrade would lose, from its objects: fields that differ from what is
 * about to be applied, that no chart had by default, and about which the values say nothing.
 */
export function lostFromObjects(
  live: Deployment,
  objects: ReleaseObjects,
  { settings, target, pods }: Pick<PreflightFacts, 'settings' | 'target' | 'pods'>,
): LostSetting[] {
  const { container } = settings.coordinator;
  const { namespace } = settings.release;
  const values = withoutOldKeys(settings.values);
  const now = readDeployment(live, container, namespace);
  const then = readDeployment(target, container, namespace);
  const changes = userValues(settings);
  const withInjector = { marbleInjector: { start: true } };
  const isLost = ([path, before]: Reading[number], after: unknown) =>
    !sameMeaning(before, after) &&
    !wasDefault(path, before) &&
    !saysSomething(changes, path) &&
    !isOfNoUse(path, withInjector, values);
  const fromDeployment = [...now, ...nulledDevices(now, then)].flatMap((entry) =>
    lost(entry, afterOf(then, entry[0]), isLost),
  );
  const secrets = pods[0]?.spec.imagePullSecrets ?? [];
  const fromRest = [...readObjects(objects, settings), ...readPullSecrets(secrets, values)]
    .filter(([path]) => !leftOut(path, settings))
    .flatMap((entry) => lost(entry, valueAt(values, entry[0]), isLost));
  return [...fromDeployment, ...fromRest, ...lostServiceTypes(objects, namespace)];
}

type IsLost = (entry: Reading[number], after: unknown) => boolean;

function lost(entry: Reading[number], after: unknown, isLost: IsLost): LostSetting[] {
  const [path, before] = entry;
  return isLost(entry, after) ? [{ path, name: path.join('.'), before, after }] : [];
}

function afterOf(reading: Reading, path: Path): unknown {
  return reading.find(([other]) => other.join('\n') === path.join('\n'))?.[1];
}

/**
 * SGX resources that the target asks for and the live pod does not, though it has none of Intel's: they were taken away on
 * purpose. Charts before 1.1.0 asked for less, but always for EPC.
 */
function nulledDevices(now: Reading, then: Reading): Reading {
  const intel = ([path]: Reading[number]) =>
    isBelow(path, ['coordinator.resources.limits']) && path[3]?.startsWith('sgx.intel.com/') === true;
  return now.some(intel) ? [] : then.filter(intel).map(([path]): Reading[number] => [path, null]);
}

/** The Secrets that the pod's ServiceAccount brought; nothing where the values name any. */
function readPullSecrets(secrets: readonly { name: string }[], values: Tree): Reading {
  const keys = [
    ['global', 'pullSecret'],
    ['global', 'imagePullSecrets'],
  ];
  const [first] = secrets;
  if (first === undefined || keys.some((key) => !isNothing(valueAt(values, key)))) return [];
  return secrets.length === 1
    ? [[['global', 'pullSecret'], first.name]]
    : [[['global', 'imagePullSecrets'], secrets.map(({ name }) => name)]];
}

/** What the target does not have at all: the chart's claim beside a claim of the user's, and DCAP in simulation mode. */
function leftOut(path: Path, { coordinator, values }: Settings): boolean {
  if (isBelow(path, ['coordinator.storageSize', 'coordinator.storageClass'])) {
    return !isNothing(valueAt(values, ['coordinator', 'pvcName']));
  }
  return isBelow(path, ['dcap']) && coordinator.simulation;
}
