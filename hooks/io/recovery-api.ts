import { createPublicKey, type KeyObject } from 'node:crypto';
import { absent } from './coordinator.ts';
import { send, type HttpRequest, type HttpResponse } from './http.ts';

/** A secret on its way to the Coordinator. */
export interface RecoveryUpload {
  secret: Buffer;
  /** Undefined where nobody signed it. */
  signature: Buffer | undefined;
}

/** What the Coordinator makes of a secret: it counts what remains, and 0 says that it is recovered; or it refuses it. */
export type UploadAnswer = { taken: true; remaining: number } | { taken: false; why: string };

/** The part of a Coordinator's client API that recovers it; each rejects when no answer comes. */
export interface RecoveryApi {
  /** The key that secrets are encrypted for, which it makes anew each time it starts; undefined before v1.9. */
  ephemeralKey(signal: AbortSignal): Promise<KeyObject | undefined>;
  /** From v1.5 on; a Coordinator before v1.7 takes no notice of a signature. */
  upload(upload: RecoveryUpload, signal: AbortSignal): Promise<UploadAnswer>;
}

/** To recover, the Coordinator opens its state, gets a new quote and seals all anew. */
const tryMilliseconds = 30_000;

/**
 * The API at a URL. `connection` holds the Coordinator to be the one that was attested, by its peer.
 * Source: coordinator/server/v2/v2.go at v1.5.0, v1.7.0 and v1.9.1.
 */
export function recoveryApiAt(
  url: string,
  connection: Omit<HttpRequest, 'url' | 'body' | 'timeoutMilliseconds'>,
): RecoveryApi {
  const ask = async (path: string, signal: AbortSignal, body?: string): Promise<HttpResponse> =>
    await send({
      ...connection,
      url: `${url}/api/v2/recover${path}`,
      method: body === undefined ? 'GET' : 'POST',
      ...(body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } }),
      timeoutMilliseconds: tryMilliseconds,
      signal,
    });
  return {
    ephemeralKey: async (signal) => {
      const answer = await ask('/public-key', signal);
      if (absent(answer)) return undefined;
      if (answer.status !== 200)
        throw new Error(`it gives no key to encrypt the secret for: ${words(answer)}`);
      const { data } = JSON.parse(answer.body) as { data: { ephemeralPublicKey: string } };
      const key = Buffer.from(data.ephemeralPublicKey, 'base64');
      return createPublicKey({ key, format: 'der', type: 'spki' });
    },
    upload: async ({ secret, signature }, signal) => {
      const body = JSON.stringify({
        recoverySecret: secret.toString('base64'),
        ...(signature === undefined ? {} : { recoverySecretSignature: signature.toString('base64') }),
      });
      const answer = await ask('', signal, body);
      if (absent(answer)) {
        throw new Error('it has no API v2, which is there from v1.5 on: use the commands that status prints');
      }
      if (answer.status !== 200) return { taken: false, why: words(answer) };
      const { data } = JSON.parse(answer.body) as { data: { remaining: number } };
      return { taken: true, remaining: data.remaining };
    },
  };
}

/** The Coordinator's own words, which hold no secret. */
function words({ status, body }: HttpResponse): string {
  try {
    const { message } = JSON.parse(body) as { message?: unknown };
    if (typeof message === 'string' && message !== '') return message;
  } catch {
    // Not the Coordinator's JSON: the status has to do.
  }
  return `HTTP ${status}`;
}
