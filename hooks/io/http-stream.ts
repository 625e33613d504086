import { Agent } from 'node:https';
import { starter, type HttpRequest, type HttpResponse } from './http.ts';

/** An answer whose body goes on arriving; `lines` ends when the server ends it, and throws when it breaks off. */
export interface HttpStream {
  lines: AsyncIterable<string>;
}

/** A watched object with all its managed fields is smaller than this (etcd: 1.5 MiB for a request). */
const lineLimit = 8 * 1024 * 1024;

/**
 * One request whose answer is read line by line while it arrives. An answer of status 400 and above is read whole.
 * The time limit is for the headers; the body ends with the server or the signal.
 */
export async function openStream({
  url,
  timeoutMilliseconds,
  signal,
  ...options
}: HttpRequest): Promise<HttpStream | HttpResponse> {
  return await new Promise((resolve, reject) => {
    const outgoing = starter(url)(
      url,
      { ...options, ...(signal === undefined ? {} : { signal }) },
      (incoming) => {
        clearTimeout(bound);
        const status = incoming.statusCode ?? 0;
        incoming.setEncoding('utf8');
        const chunks = incoming as AsyncIterable<string>;
        if (status < 400) {
          resolve({ lines: linesOf(chunks) });
          return;
        }
        whole(chunks).then((body) => {
          resolve({ status, headers: incoming.headers, body });
        }, reject);
      },
    );
    const bound = setTimeout(() => {
      outgoing.destroy(new Error(`no answer within ${timeoutMilliseconds / 1000} s`));
    }, timeoutMilliseconds);
    outgoing.on('error', (error) => {
      clearTimeout(bound);
      reject(error);
    });
    outgoing.end();
  });
}

/**
 * The same connection settings on a connection of its own: a stream that took one of the few that are kept would make
 * requests wait for it. An agent for a proxy stays as it is.
 */
export function ownConnection(agent: HttpRequest['agent']): HttpRequest['agent'] {
  if (!(agent instanceof Agent) || agent.constructor !== Agent) return agent;
  // What an agent names, even as undefined, stands above what a request names.
  return new Agent({ ...agent.options, keepAlive: false, maxSockets: Infinity });
}

async function whole(chunks: AsyncIterable<string>): Promise<string> {
  let body = '';
  for await (const chunk of chunks) body += chunk;
  return body;
}

async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > lineLimit)
      throw new Error(`a line of the answer is longer than ${lineLimit} characters`);
    yield* lines.filter((line) => line !== '');
  }
  if (rest !== '') yield rest;
}
