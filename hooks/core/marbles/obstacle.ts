import type { RestartRules } from './decision.ts';
import { restartAnnotation, type MarbleWorkload, type Reference } from './workload.ts';

/** Why a workload is left alone. */
export interface Obstacle {
  /** Goes on a sentence: "it needs a restart, but …". */
  reason: string;
  /** Whether the restart is still to be made: not when its user has refused it, and not where there is no pod. */
  due: boolean;
}

type Rules = Pick<RestartRules, 'mode' | 'onDelete'>;

/** What keeps a workload from being restarted; undefined when nothing does. */
export function obstacle(workload: MarbleWorkload, rules: Rules): Obstacle | undefined {
  for (const find of [ofSettings, ofItsUser, ofItsState, ofItsTemplate]) {
    const found = find(workload, rules);
    if (found !== undefined) return found;
  }
  return undefined;
}

function ofSettings({ strangeAddress }: MarbleWorkload, { mode }: Rules): Obstacle | undefined {
  if (mode === 'never') return due('rollout.restart is never');
  if (strangeAddress !== undefined) {
    return due(`it is not known whether ${strangeAddress} is this Coordinator`);
  }
  return undefined;
}

function ofItsUser({ restart = 'auto' }: MarbleWorkload): Obstacle | undefined {
  if (restart === 'never') return { reason: `its annotation ${restartAnnotation} is never`, due: false };
  if (restart !== 'auto') {
    return due(`its annotation ${restartAnnotation} is "${restart}", which is neither never nor auto`);
  }
  return undefined;
}

function ofItsState({ kind, replicas, paused }: MarbleWorkload): Obstacle | undefined {
  if (replicas === 0) {
    return { reason: kind === 'DaemonSet' ? 'it runs on no node' : 'it is scaled to zero', due: false };
  }
  if (paused) return due('it is paused');
  return undefined;
}

function ofItsTemplate(workload: MarbleWorkload, { onDelete }: Rules): Obstacle | undefined {
  const { owner, templateOf, strategy, replicas, heldBack } = workload;
  if (owner !== undefined) {
    return due(`it belongs to ${named(owner)}, whose operator would take the change back`);
  }
  if (templateOf !== undefined) {
    return due(`its pod template is that of ${named(templateOf)}, which is the one to restart`);
  }
  if (strategy === 'OnDelete' && onDelete === 'report') {
    return due('its update strategy is OnDelete: a pod starts anew only when somebody deletes it');
  }
  if (heldBack === replicas) return due(`its partition holds back all of its ${replicas} pods`);
  return undefined;
}

function due(reason: string): Obstacle {
  return { reason, due: true };
}

function named({ kind, name }: Reference): string {
  return `${kind.toLowerCase()}/${name}`;
}
