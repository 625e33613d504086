import type { MarbleWorkload } from './workload.ts';

/** What a person types to start a workload's pods anew; a sentence where no command does it. */
export function restartByHand(workload: MarbleWorkload): string {
  const { kind, namespace, name, owner, templateOf, strategy } = workload;
  if (owner !== undefined) return `Restart it through ${owner.kind.toLowerCase()}/${owner.name}.`;
  const of = templateOf ?? { kind, name };
  const told = `kubectl -n ${namespace}`;
  if (strategy === 'OnDelete') return `Delete its pods one by one when it suits: ${told} delete pod NAME`;
  if (of.kind === 'Rollout')
    return `Restart it when it suits: kubectl argo rollouts -n ${namespace} restart ${of.name}`;
  return `Restart it when it suits: ${told} rollout restart ${of.kind.toLowerCase()} ${of.name}`;
}
