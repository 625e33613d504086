import { X509Certificate } from 'node:crypto';
import type { ClientRequest } from 'node:http';
import { request, type RequestOptions } from 'node:https';
import { TLSSocket } from 'node:tls';

/** An answer, whatever its status. */
export interface HttpResponse {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  body: string;
}

export interface HttpRequest extends RequestOptions {
  url: string;
  body?: string | undefined;
  /** Bounds one try; the caller bounds them all. */
  timeoutMilliseconds: number;
  /** Who must be at the other end: nothing of the request is written before this has seen the certificate. */
  peer?: PeerCheck | undefined;
  /** How the body becomes text; `latin1` keeps every byte. */
  encoding?: BufferEncoding;
}

/** What is wrong with whom a connection leads to, by the certificate that it showed; undefined when nothing is. */
export type PeerCheck = (certificate: X509Certificate) => Error | undefined;

/** Larger than any object the API server keeps, or a page of 500 Pods' metadata. */
const bodyLimit = 64 * 1024 * 1024;

/**
 * One HTTP request over node:https (plain HTTP for a `kubectl proxy`). Rejects when no whole answer came; an answer of
 * any status resolves. Not fetch: that costs a hook process 0.1 s and 25 MiB more. No AbortSignal.any either: each leaves
 * something behind on a signal that lives as long as the process does (seen with Node 24.21: 1 KiB for each request).
 */
export async function send({
  url,
  body,
  timeoutMilliseconds,
  peer,
  encoding = 'utf8',
  signal,
  ...options
}: HttpRequest): Promise<HttpResponse> {
  return await new Promise((resolve, reject) => {
    const settings: RequestOptions = signal === undefined ? options : { ...options, signal };
    // A connection that resumes the TLS session of another one shows no certificate.
    if (peer !== undefined) Object.assign(settings, { session: undefined });
    const outgoing = starter(url)(url, settings, (incoming) => {
      const chunks: Buffer[] = [];
      let size = 0;
      incoming.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > bodyLimit) outgoing.destroy(new Error(`the answer is longer than ${bodyLimit} bytes`));
        chunks.push(chunk);
      });
      incoming.on('error', fail);
      incoming.on('end', () => {
        clearTimeout(bound);
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          body: Buffer.concat(chunks).toString(encoding),
        });
      });
    });
    let late: Error | undefined;
    const bound = setTimeout(() => {
      late = new Error(`no answer within ${timeoutMilliseconds / 1000} s`);
      outgoing.destroy(late);
    }, timeoutMilliseconds);
    const fail = (error: Error) => {
      clearTimeout(bound);
      reject(late ?? error);
    };
    outgoing.on('error', fail);
    if (peer === undefined) outgoing.end(body);
    else {
      whenSecured(outgoing, peer, (problem) => {
        if (problem === undefined) outgoing.end(body);
        else outgoing.destroy(problem);
      });
    }
  });
}

/**
 * Checks the peer of a request's connection, new or kept. The certificate may be known before the handshake ends; what is
 * written then leaves only once the peer has proved that it has the certificate's key.
 */
function whenSecured(outgoing: ClientRequest, check: PeerCheck, then: (problem?: Error) => void): void {
  outgoing.once('socket', (socket) => {
    if (!(socket instanceof TLSSocket)) {
      then(new Error('the connection is not encrypted, so that it does not show a certificate'));
      return;
    }
    const judge = () => {
      const certificate = certificateOf(socket);
      then(certificate === undefined ? new Error('the other end shows no certificate') : check(certificate));
    };
    if (certificateOf(socket) === undefined) socket.once('secureConnect', judge);
    else judge();
  });
}

/**
 * The certificate whose key the peer has. Not getPeerX509Certificate: on a client it takes the certificate out of the
 * peer's chain, and so answers with the next one, whoever's it is, when it is asked again (seen with Node 24.21).
 */
function certificateOf(socket: TLSSocket): X509Certificate | undefined {
  const { raw } = socket.getPeerCertificate() as { raw?: Buffer };
  return raw === undefined ? undefined : new X509Certificate(raw);
}

/** Importing node:http statically makes Node load its WebSocket client, 9 MiB that only a `kubectl proxy` would need. */
export function starter(url: string): typeof request {
  return url.startsWith('http:') ? process.getBuiltinModule('node:http').request : request;
}
