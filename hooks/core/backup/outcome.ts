import type { Finding } from '../findings.ts';
import { backupName } from './copy.ts';

/** What the pod that copies the sealed state says at its end: its termination message, and nothing secret (schemas/backup.schema.json). */
export interface BackupOutcome {
  schemaVersion: 1;
  /** `nothing`: there is no sealed state. `failed`: there may be one, but it was not copied, for the reason `why`. */
  result: 'made' | 'unchanged' | 'nothing' | 'failed';
  /** The Secret that holds the state. */
  secret?: string;
  dataBytes?: number;
  /** SHA-256 of `sealed_data`, in hex. */
  dataSha256?: string;
  /** Whether the sealed key is in the copy, was left out since it is no sealed one, or is not there. */
  key?: 'copied' | 'left-out' | 'missing';
  why?: string;
  /** Secrets with a name of the ring that hold no copy of ours. */
  foreign: string[];
}

const results: readonly unknown[] = ['made', 'unchanged', 'nothing', 'failed'];

/** What came of the key. */
const keyWords = {
  copied: 'with its sealed key',
  'left-out': 'without its key, which is not sealed to a CPU and so is no safer than its Secret',
  missing: 'without a key, since there is none',
} as const;

/** Reads a termination message; undefined when it is no outcome. */
export function readOutcome(text: string): BackupOutcome | undefined {
  let outcome: Partial<BackupOutcome> | null;
  try {
    outcome = JSON.parse(text) as Partial<BackupOutcome> | null;
  } catch {
    return undefined;
  }
  if (outcome?.schemaVersion !== 1 || !Array.isArray(outcome.foreign)) return undefined;
  return results.includes(outcome.result) ? (outcome as BackupOutcome) : undefined;
}

/** What an outcome comes to in the report of preflight. */
export function outcomeFindings(outcome: BackupOutcome, namespace: string): Finding[] {
  const { result, why, foreign } = outcome;
  const findings = foreign.map((name) => foreignSlot(name, namespace));
  if (result === 'made') return [made(outcome), ...findings];
  return result === 'failed'
    ? [backupSkipped(why ?? 'it is not said why', namespace), ...findings]
    : findings;
}

/** One sentence for the report; undefined when nothing was done. */
export function outcomeSentence({ result, secret = '' }: BackupOutcome): string | undefined {
  if (result === 'made') return `copied the sealed state into secret/${secret}`;
  return result === 'unchanged' ? `found the sealed state copied already, in secret/${secret}` : undefined;
}

/** The same for a person who asked for a copy. */
export function outcomeLines(outcome: BackupOutcome, namespace: string): string[] {
  const { result, secret = '', dataBytes = 0, dataSha256 = '', key, why, foreign } = outcome;
  const where = `secret/${secret} in namespace ${namespace}`;
  const what = `${dataBytes} bytes, SHA-256 ${dataSha256}, ${keyWords[key ?? 'missing']}.`;
  const said = {
    made: `Copied the sealed state into ${where}: ${what}`,
    unchanged: `The sealed state is copied already, in ${where}: ${what}`,
    nothing: 'No copy was made: there is no sealed state on the volume.',
    failed: `No copy was made: ${why ?? 'it is not said why'}.`,
  };
  const taken = foreign.map((name) => foreignSlot(name, namespace));
  return [
    said[result],
    ...taken.flatMap(({ subject, message, remedy }) => [`${subject}: ${message}`, remedy]),
  ];
}

function made({ secret = '', dataBytes = 0, dataSha256 = '', key }: BackupOutcome): Finding {
  return {
    code: 'backup-made',
    severity: 'info',
    subject: `secret/${secret}`,
    message: `The sealed state was copied (${dataBytes} bytes, SHA-256 ${dataSha256.slice(0, 12)}), ${keyWords[key ?? 'missing']}.`,
    remedy: '',
  };
}

/** The state could not be copied; the upgrade goes on. */
export function backupSkipped(why: string, namespace: string): Finding {
  return {
    code: 'backup-skipped',
    severity: 'warn',
    subject: 'the sealed state',
    message: `There is no copy of the sealed state from before this change: ${why}.`,
    remedy: [
      'The upgrade does not need it, a lost volume would. By hand: take a snapshot of the volume, or copy the seal',
      'directory, or the Secret of a shared state, as docs/backup.md shows. The copies there are:',
      `  kubectl -n ${namespace} get secrets -l app.kubernetes.io/component=coordinator-backup`,
      'To do without copies: --set backup.enabled=false',
    ].join('\n'),
  };
}

function foreignSlot(name: string, namespace: string): Finding {
  return {
    code: 'backup-slot-taken',
    severity: 'warn',
    subject: `secret/${name}`,
    message: `It has a name of the ring of ${backupName}, but is no copy that the hooks made, or was changed since. It is left alone.`,
    remedy: `Save what you need of it, then: kubectl -n ${namespace} delete secret ${name}`,
  };
}
