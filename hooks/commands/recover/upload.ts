import type { KeyObject } from 'node:crypto';
import type { RefusedSecret } from '../../core/recovery/conclusion.ts';
import { sealedFor } from '../../core/recovery/private-key.ts';
import { titleOf, type Uploadable } from '../../core/recovery/uploadable.ts';
import type { RecoveryApi } from '../../io/recovery-api.ts';

/** What became of the secrets, each named by its party or else its file. */
export interface Uploaded {
  taken: Uploadable[];
  refused: RefusedSecret[];
  /** By the last answer; undefined where none was taken. */
  remaining: number | undefined;
  /** Those that were not needed any more. */
  spare: Uploadable[];
  /** Why the uploads ended before all were tried. */
  broken?: string;
  /** The one that was sent last then; whether it counts is not known. */
  unanswered?: Uploadable;
}

/** How it is told what goes on. */
export interface Speech {
  /** Names what is waited for from now on. */
  step: (line: string) => void;
  /** Says what has happened. */
  progress: (line: string) => void;
}

/**
 * Uploads one secret after the other until no more are needed. One that is refused keeps none of the others back; one that
 * gets no answer ends it, for the Coordinator may be another by then.
 */
export async function uploadAll(
  api: RecoveryApi,
  uploads: readonly Uploadable[],
  signal: AbortSignal,
  { step, progress }: Speech,
): Promise<Uploaded> {
  const result: Uploaded = { taken: [], refused: [], remaining: undefined, spare: [] };
  try {
    step('Asking the Coordinator for its key');
    const ephemeral = await api.ephemeralKey(signal);
    for (const each of uploads) {
      if (result.remaining === 0) result.spare.push(each);
      else await uploadOne(each, ephemeral);
    }
  } catch (error) {
    result.broken = (error as Error).message;
  }
  return result;

  async function uploadOne(each: Uploadable, ephemeral: KeyObject | undefined): Promise<void> {
    step(`Uploading the secret of ${titleOf(each)}`);
    const secret = each.plain && ephemeral !== undefined ? sealedFor(ephemeral, each.secret) : each.secret;
    result.unanswered = each;
    const answer = await api.upload({ secret, signature: each.signature }, signal);
    delete result.unanswered;
    if (answer.taken) {
      result.taken.push(each);
      result.remaining = answer.remaining;
      progress(`The Coordinator took the secret of ${titleOf(each)}.`);
    } else {
      result.refused.push({ title: titleOf(each), why: answer.why });
      progress(`The Coordinator refused the secret of ${titleOf(each)}: ${answer.why}`);
    }
  }
}
