import { valueOf } from '../known.ts';
import { startConditions, startKey, startKeyOfPod } from '../marbles/conditions.ts';
import { decideMarbles, type MarbleDecision, type RestartRules } from '../marbles/decision.ts';
import { looseDue } from '../marbles/left-alone.ts';
import { workloadName, type MarbleWorkload } from '../marbles/workload.ts';
import type { RolloutRecord } from '../record.ts';
import type { PodAnswer } from '../several.ts';
import { CoordinatorState } from '../states.ts';
import { speakerOf, versionIn } from '../watch/scene.ts';
import { sceneOf, type StatusFacts } from './facts.ts';
import { notKnown, plain, type Row, type Section } from './rows.ts';

/** What the release sets about restarts, as far as the record tells; else the chart's defaults. */
export interface RolloutSettings extends Pick<RestartRules, 'mode' | 'onDelete'> {
  nonce: string;
  /** Where Marbles are looked for; empty for all namespaces. */
  namespaces: string[];
}

/** Reads them from the values that the record keeps. */
export function rolloutSettings(record: RolloutRecord | undefined): RolloutSettings {
  const { restart, onDelete, nonce, namespaces } = (record?.values.rollout ?? {}) as Record<string, unknown>;
  return {
    mode: restart === 'always' || restart === 'never' ? restart : 'auto',
    onDelete: onDelete === 'evict' ? onDelete : 'report',
    nonce: typeof nonce === 'string' || typeof nonce === 'number' ? String(nonce) : '',
    namespaces: Array.isArray(namespaces) ? namespaces.map(String) : [],
  };
}

/** What a rollout with the same settings would do with each workload; undefined in any state but 3. */
export function decisionsOf(facts: StatusFacts): MarbleDecision[] | undefined {
  const speaker = speakerOf(facts);
  if (speaker?.coordinator.state !== CoordinatorState.AcceptingMarbles) return undefined;
  const record = valueOf(facts.record);
  const { mode, onDelete } = rolloutSettings(record);
  const conditions = conditionsOf(facts, speaker);
  const podUid = speaker.pod.metadata.uid ?? speaker.pod.metadata.name;
  const key = mode === 'always' ? startKeyOfPod(conditions, podUid) : startKey(conditions);
  return decideMarbles(facts.marbles.workloads, conditions, record, { mode, onDelete, key });
}

function conditionsOf(facts: StatusFacts, { coordinator }: PodAnswer): ReturnType<typeof startConditions> {
  const { nonce } = rolloutSettings(valueOf(facts.record));
  return startConditions(coordinator, versionIn(sceneOf(facts)), nonce);
}

/** Each workload with Marbles: whether it started under what is in force now, and how it runs. */
export function marblesSection(facts: StatusFacts): Section {
  const { marbles } = facts;
  const decisions = decisionsOf(facts);
  const workloads = decisions?.map(ofDecision) ?? marbles.workloads.map(withoutDecision);
  const loose = marbles.loose.map(({ subject, why }) => looseRow(facts, subject, why));
  const unknown = marbles.unknown.map((why) => notKnown('Others', why));
  const rows = [...workloads, ...loose, ...unknown];
  return { title: 'Marbles', rows: rows.length > 0 ? rows : [plain('Marbles', 'none found')] };
}

function ofDecision({ workload, action, reason, unfinished, due }: MarbleDecision): Row {
  const name = workloadName(workload);
  const { status } = workload;
  if (action === 'restart') {
    return { name, value: `would restart: ${reason}; ${status.message}`, mark: 'bad' };
  }
  if (action === 'skip') {
    return { name, value: `left alone: ${reason}; ${status.message}`, mark: due ? 'bad' : 'plain' };
  }
  if (unfinished) return { name, value: `restarting: ${status.message}`, mark: 'plain' };
  return { name, value: `up to date; ${status.message}`, mark: status.done ? 'good' : 'bad' };
}

function withoutDecision(workload: MarbleWorkload): Row {
  const { done, message } = workload.status;
  return { name: workloadName(workload), value: message, mark: done ? 'plain' : 'bad' };
}

function looseRow(facts: StatusFacts, subject: string, why: string): Row {
  const speaker = speakerOf(facts);
  const due =
    speaker?.coordinator.state === CoordinatorState.AcceptingMarbles &&
    looseDue(facts.marbles, conditionsOf(facts, speaker), valueOf(facts.record)).length > 0;
  return due
    ? {
        name: subject,
        value: `started under other conditions, and no rollout restarts it: ${why}`,
        mark: 'bad',
      }
    : plain(subject, `no rollout restarts it: ${why}`);
}
