import { X509Certificate } from 'node:crypto';
import { CoordinatorState, type CoordinatorFacts, type ManifestFacts } from '../core/states.ts';
import { send, type HttpResponse } from './http.ts';

/** A running Coordinator's client API, as far as it answers without authentication. */
export interface Coordinator {
  /** State, certificates and Manifest at this moment; rejects when it does not answer. */
  facts(signal: AbortSignal): Promise<CoordinatorFacts>;
  /** The state alone: one request. */
  state(signal: AbortSignal): Promise<number>;
}

const tryMilliseconds = 10_000;

/** The Coordinator whose client API is at this URL, such as `https://10.0.0.7:4433`. API v2 from v1.5, v1 before. */
export function coordinatorAt(url: string): Coordinator {
  const state = async (signal: AbortSignal) => {
    const v2 = await ask(url, '/api/v2/status', signal);
    if (v2.status === 200) return dataOf<{ code: number }>(v2).code;
    return dataOf<{ StatusCode: number }>(await succeed(url, '/status', signal)).StatusCode;
  };
  return {
    state,
    facts: async (signal) => {
      const facts: CoordinatorFacts = { state: await state(signal) };
      if (facts.state !== CoordinatorState.AcceptingMarbles) return facts;
      Object.assign(facts, await certificates(url, signal));
      return { ...facts, manifest: await manifest(url, signal) };
    },
  };
}

async function certificates(
  url: string,
  signal: AbortSignal,
): Promise<{ rootCertificate?: string; intermediateCertificate?: string }> {
  const v2 = await ask(url, '/api/v2/quote', signal);
  const pem =
    v2.status === 200
      ? dataOf<{ cert: string }>(v2).cert
      : dataOf<{ Cert: string }>(await succeed(url, '/quote', signal)).Cert;
  const chain = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const prints = chain.map((block) =>
    new X509Certificate(block).fingerprint256.replaceAll(':', '').toLowerCase(),
  );
  const root = prints.at(-1);
  const intermediate = prints.length > 1 ? prints[0] : undefined;
  return {
    ...(root === undefined ? {} : { rootCertificate: root }),
    ...(intermediate === undefined ? {} : { intermediateCertificate: intermediate }),
  };
}

async function manifest(url: string, signal: AbortSignal): Promise<ManifestFacts> {
  const v2 = await ask(url, '/api/v2/manifest', signal);
  if (v2.status === 200) {
    const data = dataOf<{ manifestFingerprint: string; manifest: string }>(v2);
    return { fingerprint: data.manifestFingerprint, ...recoverability(decoded(data.manifest)) };
  }
  const data = dataOf<{ ManifestSignature: string; Manifest?: string }>(
    await succeed(url, '/manifest', signal),
  );
  return { fingerprint: data.ManifestSignature, ...recoverability(decoded(data.Manifest ?? '')) };
}

interface RecoverySection {
  RecoveryKeys?: Record<string, string> | null;
  Config?: { RecoveryThreshold?: number };
}

function recoverability(text: string): Omit<ManifestFacts, 'fingerprint'> {
  const section = (text === '' ? {} : JSON.parse(text)) as RecoverySection;
  const recoveryKeys = Object.keys(section.RecoveryKeys ?? {});
  const threshold = section.Config?.RecoveryThreshold ?? 0;
  return { recoveryKeys, recoveryThreshold: threshold === 0 ? recoveryKeys.length : threshold };
}

/** The API sends the Manifest in base64; a v1 server may send it as it is. */
function decoded(manifestText: string): string {
  return manifestText.trimStart().startsWith('{')
    ? manifestText
    : Buffer.from(manifestText, 'base64').toString('utf8');
}

async function succeed(url: string, path: string, signal: AbortSignal): Promise<HttpResponse> {
  const response = await ask(url, path, signal);
  if (response.status === 200) return response;
  throw new Error(`GET ${url}${path} answered ${response.status}: ${response.body.slice(0, 200)}`);
}

async function ask(url: string, path: string, signal: AbortSignal): Promise<HttpResponse> {
  return await send({
    url: url + path,
    method: 'GET',
    // The certificate is the Coordinator's own root, which nothing vouches for; it is compared with the record's.
    rejectUnauthorized: false,
    timeoutMilliseconds: tryMilliseconds,
    signal,
  });
}

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller knows its endpoint's answer
function dataOf<T>({ body }: HttpResponse): T {
  return (JSON.parse(body) as { data: T }).data;
}
