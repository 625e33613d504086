import type { LostSetting } from './lost-setting.ts';
import { isBelow, isNothing, type Path } from './tree.ts';

/** Without these the sealed state is not found or cannot be unsealed, or what selects the pods breaks. */
const stateDependsOn: readonly string[] = [
  'coordinator.pvcName',
  'coordinator.storageClass',
  'coordinator.storageSize',
  'coordinator.sealDir',
  'coordinator.simulation',
  'coordinator.distributedDeployment',
  'coordinator.azureCredentials',
  'coordinator.azureHSM',
  'global.coordinatorComponentLabel',
  'global.coordinatorNamespaceLabel',
  // Without the injector, or one that asks for another cluster's SGX, no Marble starts again.
  'marbleInjector.start',
  'marbleInjector.CABundle',
  'marbleInjector.useCertManager',
  'marbleInjector.resourceKey',
];
/** Read by a distributed Coordinator only. */
const whenDistributed: readonly string[] = [
  'coordinator.storeBackend',
  'coordinator.stateSecretName',
  'coordinator.kekConfigMap',
  'coordinator.keyAPIName',
];

/** What the rest of the release says about how much a loss matters. */
export interface Surroundings {
  /** The target runs without SGX. */
  simulation: boolean;
  /** The Coordinator is a distributed one now. */
  distributed: boolean;
}

/** Whether losing a setting can cost the mesh its state, or keep the Coordinator or the Marbles from starting. */
export function endangersState(
  { path, before, after }: LostSetting,
  { simulation, distributed }: Surroundings,
): boolean {
  if (path === undefined) return false;
  if (isBelow(path, stateDependsOn)) return true;
  if (isBelow(path, whenDistributed)) return distributed;
  if (isBelow(path, ['coordinator.replicas'])) return Number(before) > Number(after);
  return !simulation && isBelow(path, ['coordinator.resources']) && changesDevices(path, before, after);
}

/**
 * Whether another SGX device is asked for, since each device plugin has names of its own (MarbleRun's CLI: `sgx.intel.com/epc`,
 * `kubernetes.azure.com/sgx_epc_mem_in_MiB`, `alibabacloud.com/sgx_epc_MiB`). Another amount of the same is no other device.
 */
function changesDevices(path: Path, before: unknown, after: unknown): boolean {
  const [, , , resource] = path;
  return (resource?.includes('sgx') ?? true) && isNothing(before) !== isNothing(after);
}
