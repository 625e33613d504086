import { shortened } from '../checks/shortened.ts';
import type { Finding } from '../findings.ts';
import type { RolloutRecord } from '../record.ts';
import { isKeyOf, type StartConditions } from './conditions.ts';
import type { MarbleDecision } from './decision.ts';
import type { FoundMarbles, LooseMarble } from './found.ts';
import { waveAnnotation, workloadName, type MarbleWorkload } from './workload.ts';

/**
 * The loose Marbles that would have to start again: all, where the record says that Marbles without a key of their own
 * started under other conditions, else none.
 */
export function looseDue(
  { loose }: Pick<FoundMarbles, 'loose'>,
  now: StartConditions,
  record: Partial<RolloutRecord> | undefined,
): LooseMarble[] {
  const before = record?.startedUnder;
  return before === undefined || isKeyOf(before, now) ? [] : loose;
}

/** What runs on as it is while Marbles restart, and why: one finding for all of it, what is still due first. */
export function leftAlone(decisions: readonly MarbleDecision[], loose: readonly LooseMarble[]): Finding[] {
  const skipped = decisions.filter(({ action }) => action === 'skip');
  const told = ({ workload, reason }: MarbleDecision): string => `${workloadName(workload)}: ${reason}`;
  const list = [
    ...skipped.filter(({ due }) => due).map(told),
    ...loose.map(({ subject, why }) => `${subject}: ${why}`),
    ...skipped.filter(({ due }) => !due).map(told),
  ];
  if (list.length === 0) return [];
  const due = loose.length > 0 || skipped.some((decision) => decision.due);
  return [
    {
      code: 'marbles-left-alone',
      severity: due ? 'warn' : 'info',
      subject: 'Marbles',
      message: `${list.length} ${list.length === 1 ? 'object with Marble pods is' : 'objects with Marble pods are'} left alone: ${shortened(list)}.`,
      remedy: due ? 'Restart them when it suits; until then they run on as they started.' : '',
    },
  ];
}

/** What could not be read of the Marbles. */
export function unknownMarbles(reasons: readonly string[]): Finding[] {
  if (reasons.length === 0) return [];
  return [
    {
      code: 'marbles-unknown',
      severity: 'warn',
      subject: 'Marbles',
      message: `What the upgrade means for the Marbles is not fully known: ${shortened(reasons)}.`,
      remedy: 'Give the hooks the rights that the chart asks for.',
    },
  ];
}

/** Each workload whose wave cannot be read, so that it restarts in wave 0. */
export function waveFindings(workloads: readonly MarbleWorkload[]): Finding[] {
  return workloads.flatMap((workload): Finding[] => {
    if (workload.unreadableWave === undefined) return [];
    const { namespace, kind, name } = workload;
    return [
      {
        code: 'wave-unreadable',
        severity: 'warn',
        subject: workloadName(workload),
        message: `Its annotation ${waveAnnotation} is "${workload.unreadableWave}", which is no integer: it restarts in wave 0.`,
        remedy: `Set a wave, for example 1: kubectl -n ${namespace} annotate --overwrite ${kind.toLowerCase()} ${name} ${waveAnnotation}=1`,
      },
    ];
  });
}
