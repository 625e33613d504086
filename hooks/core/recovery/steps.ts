import type { RolloutRecord } from '../record.ts';
import type { Settings } from '../settings.ts';
import { recoveryCommands, whoRecovers, type RecoveryTarget } from './commands.ts';
import { recoveryObstacle } from './missing.ts';

/** The recovery of a pod of the release's Coordinator, with what the record knows of the parties. */
export function recoveryTarget(
  { release, coordinator }: Settings,
  pod: string,
  record: RolloutRecord | undefined,
  version = coordinator.version,
): RecoveryTarget {
  const { clientPort, simulation } = coordinator;
  const keys = record?.recoveryKeys;
  return { namespace: release.namespace, pod, clientPort, version, simulation, keys };
}

/**
 * What a person does about a Coordinator in state 1: who has to, what follows (`afterwards`), then the commands; or why
 * nobody can.
 */
export function recoverySteps(target: RecoveryTarget, afterwards: string): string {
  const obstacle = recoveryObstacle(target.version, target.keys);
  if (obstacle !== undefined) return obstacle;
  const sentence = `Recover it with the recovery secret of ${whoRecovers(target.keys)}${afterwards}:`;
  return [sentence, ...recoveryCommands(target)].join('\n');
}
