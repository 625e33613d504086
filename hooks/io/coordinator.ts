import { X509Certificate } from 'node:crypto';
import { Agent } from 'node:https';
import { createSecureContext } from 'node:tls';
import { known, unknown, type Known } from '../core/known.ts';
import { readManifest } from '../core/manifest.ts';
import { shownUrl } from '../core/shown-url.ts';
import type { ToldInForce } from '../core/manifest-check/in-force.ts';
import {
  CoordinatorState,
  type CoordinatorFacts,
  type ManifestFacts,
  type PendingUpdate,
  type UpdateEntry,
} from '../core/states.ts';
import { send, type HttpResponse } from './http.ts';

/** A running Coordinator's client API, as far as it answers without authentication. */
export interface Coordinator {
  /** State, certificates and Manifest at this moment; rejects when it does not answer. */
  facts(signal: AbortSignal): Promise<CoordinatorFacts>;
  /** The state alone: one request. */
  state(signal: AbortSignal): Promise<number>;
}

const tryMilliseconds = 10_000;

/** Where a client API is, and by which connections; undefined for connections of its own. */
export interface Api {
  url: string;
  agent: Agent | undefined;
}

/** The Coordinator whose client API is at this URL, such as `https://10.0.0.7:4433`. API v2 from v1.5, v1 before. */
export function coordinatorAt(url: string): Coordinator {
  return coordinatorThrough(undefined, url);
}

/** The same over the connections of an agent, where one is given. */
export function coordinatorThrough(agent: Agent | undefined, url: string): Coordinator {
  const api: Api = { url, agent };
  const state = async (signal: AbortSignal) => await stateOf(api, signal);
  return {
    state,
    facts: async (signal) => {
      const facts: CoordinatorFacts = { state: await state(signal) };
      if (facts.state !== CoordinatorState.AcceptingMarbles) return facts;
      Object.assign(facts, await certificates(api, signal));
      return {
        ...facts,
        manifest: await manifest(api, signal),
        updates: await updates(api, signal),
        pendingUpdate: await pendingUpdate(api, signal),
      };
    },
  };
}

async function stateOf(api: Api, signal: AbortSignal): Promise<number> {
  const v2 = await ask(api, '/api/v2/status', signal);
  if (v2.status === 200) return dataOf<{ code: number }>(v2).code;
  return dataOf<{ StatusCode: number }>(await succeed(api, '/status', signal)).StatusCode;
}

/**
 * The Manifest in force with all that changes what it means, or the state alone where there is none to give out. Nothing
 * here needs to be authentic: the Coordinator judges a new Manifest again when it gets it. Rejects when it does not answer.
 */
export async function toldInForce(
  api: Api,
  signal: AbortSignal,
): Promise<{ state: number; told?: ToldInForce }> {
  const state = await stateOf(api, signal);
  if (state !== CoordinatorState.AcceptingMarbles) return { state };
  const [manifest, updateLog, pending] = await Promise.all([
    manifestText(api, signal),
    updateLines(api, signal),
    pendingUpdate(api, signal),
  ]);
  if (!updateLog.known) throw new Error(updateLog.why);
  const told: ToldInForce = { manifest: manifest.text, updateLog: updateLog.value };
  if (!pending.known) throw new Error(pending.why);
  if (pending.value !== undefined) told.pending = pending.value.missingUsers;
  return { state, told };
}

/** The chain that the Coordinator hands out with its quote, in any state: the intermediate first, where there is one, the root last. */
export async function certificateChain(url: string, signal: AbortSignal): Promise<X509Certificate[]> {
  return await chainOf({ url, agent: undefined }, signal);
}

async function chainOf(api: Api, signal: AbortSignal): Promise<X509Certificate[]> {
  const v2 = await ask(api, '/api/v2/quote', signal);
  const pem =
    v2.status === 200
      ? dataOf<{ cert: string }>(v2).cert
      : dataOf<{ Cert: string }>(await succeed(api, '/quote', signal)).Cert;
  return certificatesOf(pem);
}

/** The certificates of a PEM text in their order; throws when one of them cannot be read. */
export function certificatesOf(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block));
}

/** Of a certificate, SHA-256 in hex, as the record has it. */
export function fingerprintOf({ fingerprint256 }: X509Certificate): string {
  return fingerprint256.replaceAll(':', '').toLowerCase();
}

async function certificates(
  api: Api,
  signal: AbortSignal,
): Promise<{ rootCertificate?: string; intermediateCertificate?: string }> {
  const chain = await chainOf(api, signal);
  const prints = chain.map(fingerprintOf);
  const root = prints.at(-1);
  const intermediate = prints.length > 1 ? prints[0] : undefined;
  return {
    ...(root === undefined ? {} : { rootCertificate: root }),
    ...(intermediate === undefined ? {} : { intermediateCertificate: intermediate }),
  };
}

async function manifest(api: Api, signal: AbortSignal): Promise<ManifestFacts> {
  const { fingerprint, text } = await manifestText(api, signal);
  return { fingerprint, ...readManifest(text) };
}

async function manifestText(api: Api, signal: AbortSignal): Promise<{ fingerprint: string; text: string }> {
  const v2 = await ask(api, '/api/v2/manifest', signal);
  if (v2.status === 200) {
    const data = dataOf<{ manifestFingerprint: string; manifest: string }>(v2);
    return { fingerprint: data.manifestFingerprint, text: decoded(data.manifest) };
  }
  const data = dataOf<{ ManifestSignature: string; Manifest?: string }>(
    await succeed(api, '/manifest', signal),
  );
  return { fingerprint: data.ManifestSignature, text: decoded(data.Manifest ?? '') };
}

/** One line of the log, as MarbleRun writes it (v1.9.1: coordinator/updatelog/updatelog.go). */
interface LogLine {
  time?: string;
  update?: string;
  [detail: string]: unknown;
}

async function updates(api: Api, signal: AbortSignal): Promise<Known<UpdateEntry[]>> {
  const lines = await updateLines(api, signal);
  return lines.known ? known(lines.value.flatMap(entryOf)) : lines;
}

/** API v2 answers with lines, v1 with text. A Coordinator before v0.4 has no log. */
async function updateLines(api: Api, signal: AbortSignal): Promise<Known<string[]>> {
  const v2 = await ask(api, '/api/v2/update', signal);
  if (v2.status === 200) return known(dataOf<{ updateLog: string[] }>(v2).updateLog);
  const v1 = await ask(api, '/update', signal);
  if (v1.status === 200) return known(dataOf<string>(v1).split('\n'));
  return absent(v1) ? known([]) : unknown(`GET ${shownUrl(api.url)}/update answered ${v1.status}`);
}

function entryOf(line: string): UpdateEntry[] {
  if (line.trim() === '') return [];
  const { time, update, ...details } = JSON.parse(line) as LogLine;
  const named = Object.entries(details).map(([name, value]) => `${name} ${String(value)}`);
  const instant = new Date(time ?? '');
  return [
    {
      time: Number.isNaN(instant.getTime()) ? '' : instant.toISOString(),
      text: [update ?? 'update', ...named].join(', '),
    },
  ];
}

/** An update can wait for acknowledgements from v1.9.0 on; 404 says that none does. */
async function pendingUpdate(api: Api, signal: AbortSignal): Promise<Known<PendingUpdate | undefined>> {
  const answer = await ask(api, '/api/v2/update-manifest', signal);
  if (answer.status === 200) {
    return known({ missingUsers: dataOf<{ missingUsers: string[] | null }>(answer).missingUsers ?? [] });
  }
  if (absent(answer)) return known(undefined);
  return unknown(`GET ${shownUrl(api.url)}/api/v2/update-manifest answered ${answer.status}`);
}

/** How a Coordinator answers for a path that its version does not have: 405 from v1.1.0 on, 404 before. */
export function absent({ status }: HttpResponse): boolean {
  return status === 404 || status === 405;
}

/** The API sends the Manifest in base64; a v1 server may send it as it is. */
function decoded(manifestText: string): string {
  return manifestText.trimStart().startsWith('{')
    ? manifestText
    : Buffer.from(manifestText, 'base64').toString('utf8');
}

async function succeed(api: Api, path: string, signal: AbortSignal): Promise<HttpResponse> {
  const response = await ask(api, path, signal);
  if (response.status === 200) return response;
  throw new Error(
    `GET ${shownUrl(api.url)}${path} answered ${response.status}: ${response.body.slice(0, 200)}`,
  );
}

let connections: Agent | undefined;

/**
 * Connections are kept, and share a TLS context: what each new one leaves behind waits long for the garbage collector in a
 * process that does little, such as the anchor. No certificate authorities: reading Node's own costs memory.
 */
function keptConnections(): Agent {
  return new Agent({ keepAlive: true, secureContext: createSecureContext({ ca: [] }) });
}

async function ask(api: Api, path: string, signal: AbortSignal): Promise<HttpResponse> {
  return await send({
    url: api.url + path,
    method: 'GET',
    // The certificate is the Coordinator's own root, which nothing vouches for; it is compared with the record's.
    rejectUnauthorized: false,
    timeoutMilliseconds: tryMilliseconds,
    signal,
    agent: api.agent ?? (connections ??= keptConnections()),
  });
}

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller knows its endpoint's answer
function dataOf<T>({ body }: HttpResponse): T {
  return (JSON.parse(body) as { data: T }).data;
}
