import { ringOf, sha256, type BackupNote, type SealedCopy, type SealedFiles } from '../core/backup/copy.ts';
import type { BackupOutcome } from '../core/backup/outcome.ts';
import { chooseSlot, type Slot } from '../core/backup/ring.ts';
import { isSealedKey } from '../core/backup/sealed-key.ts';
import { ExitCode } from '../core/exit-code.ts';
import { readSlots, writeSlot } from '../io/backup/secrets.ts';
import { readSealedState, SealDirError } from '../io/backup/seal-dir.ts';
import type { Clock } from '../io/clock.ts';
import type { Cluster } from '../io/cluster.ts';
import type { Output } from '../io/output.ts';
import { isExpected } from './failure.ts';

/** Most bytes that the values of a Secret may have together (Kubernetes core/v1, MaxSecretSize). */
const secretBytes = 1024 * 1024;
/** What is left of that for the note. */
const noteBytes = 4096;

export interface CopyOptions {
  cluster: Cluster;
  clock: Clock;
  output: Output;
  namespace: string;
  /** How many Secrets the ring has. */
  copies: number;
  /** The seal directory, where this pod has the volume. */
  sealDir: string;
  node: string;
  coordinatorVersion: string;
  manifestFingerprint: string | undefined;
  /** A simulated enclave seals with a key that everyone knows. */
  simulation: boolean;
}

/**
 * The work of the pod on the Coordinator's node: copies the sealed state into the ring, and says what it did in its
 * termination message, as one line of JSON. The state itself goes nowhere but into the Secret.
 */
export async function copySealedState(options: CopyOptions): Promise<ExitCode> {
  const outcome = await copy(options).catch((error: unknown): BackupOutcome => {
    if (!isExpected(error) && !(error instanceof SealDirError)) throw error;
    return { ...outcomeOf('failed', []), why: error.message };
  });
  const text = JSON.stringify(outcome);
  options.output.terminationMessage(text);
  options.output.result(text);
  return outcome.result === 'failed' ? ExitCode.Unknown : ExitCode.Fine;
}

async function copy(options: CopyOptions): Promise<BackupOutcome> {
  const { cluster, namespace, copies } = options;
  const [files, slots] = await Promise.all([
    readSealedState(options.sealDir, options.clock),
    readSlots(cluster, namespace, ringOf(copies)),
  ]);
  if (files === undefined) return outcomeOf('nothing', slots);
  const made = copyOf(files, options);
  const size = made.data.length + (made.key?.length ?? 0);
  const about = {
    dataBytes: made.data.length,
    dataSha256: made.note.dataSha256,
    key: keyOf(files, made),
  };
  if (size > secretBytes - noteBytes) {
    const why = `it has ${size} bytes, and a Secret holds no more than ${secretBytes - noteBytes}`;
    return { ...outcomeOf('failed', slots), ...about, why };
  }
  const choice = chooseSlot(slots, made.note);
  if (choice.kind === 'taken') {
    const why = 'none of the Secrets for it may be overwritten, since somebody else made or changed them';
    return { ...outcomeOf('failed', slots), ...about, why };
  }
  if (choice.kind === 'write') await writeSlot(cluster, namespace, choice, made);
  const result = choice.kind === 'write' ? 'made' : 'unchanged';
  return { ...outcomeOf(result, slots), ...about, secret: choice.name };
}

function copyOf(files: SealedFiles, options: CopyOptions): SealedCopy {
  const { clock, node, coordinatorVersion, manifestFingerprint, simulation } = options;
  const sealed = files.key !== undefined && !simulation && isSealedKey(files.key);
  const key = sealed ? files.key : undefined;
  const note: BackupNote = {
    schemaVersion: 1,
    time: new Date(clock.now()).toISOString(),
    coordinatorVersion,
    node,
    dataSha256: sha256(files.data),
    ...(key === undefined ? {} : { keySha256: sha256(key) }),
    ...(manifestFingerprint === undefined ? {} : { manifestFingerprint }),
  };
  return { note, data: files.data, key };
}

function keyOf(files: SealedFiles, made: SealedCopy): 'copied' | 'left-out' | 'missing' {
  if (files.key === undefined) return 'missing';
  return made.key === undefined ? 'left-out' : 'copied';
}

function outcomeOf(result: BackupOutcome['result'], slots: readonly Slot[]): BackupOutcome {
  const foreign = slots.filter(({ kind }) => kind === 'foreign').map(({ name }) => name);
  return { schemaVersion: 1, result, foreign };
}
