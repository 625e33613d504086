import { randomBytes, type X509Certificate } from 'node:crypto';
import { shownUrl } from '../../core/shown-url.ts';
import { absent, certificatesOf, type Api } from '../coordinator.ts';
import { send, type HttpResponse } from '../http.ts';

/** What a Coordinator says about itself, and over which connection. */
export interface Statement {
  /** As it was sent; empty without an enclave. */
  quote: Buffer;
  /** The certificate that the quote is said to be for. */
  root: X509Certificate;
  /** The certificate of the connection that this came over. */
  peer: X509Certificate;
  /** What was sent along to be quoted; empty before v1.5, which takes none. */
  nonce: Buffer;
}

/** A quote with a nonce is made anew, by the CPU and then by its quoting enclave. */
const tryMilliseconds = 30_000;

/** Enough to never come again, and a multiple of 3: Go's base64 wants padding else, which this has not. */
const nonceBytes = 48;

/**
 * Asks a Coordinator for its quote: API v2 from v1.5 with a fresh nonce, v1 before. Rejects with an Error that says what
 * was asked when it does not answer, or with what is no quote.
 */
export async function askForQuote({ url, agent }: Api, signal: AbortSignal): Promise<Statement> {
  let peer: X509Certificate | undefined;
  const shown = shownUrl(url);
  const ask = async (path: string): Promise<HttpResponse> =>
    await send({
      url: url + path,
      method: 'GET',
      agent,
      // Nothing vouches for the certificate before the quote does.
      rejectUnauthorized: false,
      peer: (certificate) => {
        peer = certificate;
        return undefined;
      },
      timeoutMilliseconds: tryMilliseconds,
      signal,
    }).catch((cause: unknown) => {
      const [withoutNonce = ''] = path.split('?');
      throw new Error(`GET ${shown}${withoutNonce} failed: ${(cause as Error).message}`, {
        cause,
      });
    });
  const nonce = randomBytes(nonceBytes);
  const v2 = await ask(`/api/v2/quote?nonce=${nonce.toString('base64url')}`);
  const isV2 = !absent(v2);
  const answer = read(isV2 ? v2 : await ask('/quote'), `GET ${shown}${isV2 ? '/api/v2' : ''}/quote`);
  const root = answer.certificates.at(-1);
  if (root === undefined || peer === undefined) throw new Error(`${shown} answered with no certificate`);
  return { quote: answer.quote, root, peer, nonce: isV2 ? nonce : Buffer.alloc(0) };
}

/** The names of v2 and of v1; Go writes an empty quote as null or as empty text. */
interface Data {
  cert?: string;
  Cert?: string;
  quote?: string | null;
  Quote?: string | null;
}

function read(
  { status, body }: HttpResponse,
  what: string,
): { certificates: X509Certificate[]; quote: Buffer } {
  if (status !== 200) throw new Error(`${what} answered ${status}: ${body.slice(0, 200)}`);
  try {
    const { data } = JSON.parse(body) as { data: Data };
    const certificates = certificatesOf(data.cert ?? data.Cert ?? '');
    return { certificates, quote: Buffer.from(data.quote ?? data.Quote ?? '', 'base64') };
  } catch (cause) {
    throw new Error(`${what} answered with what is no quote of a Coordinator`, { cause });
  }
}
