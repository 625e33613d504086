import { request, type RequestOptions } from 'node:https';

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
}

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
  signal,
  ...options
}: HttpRequest): Promise<HttpResponse> {
  return await new Promise((resolve, reject) => {
    const settings = signal === undefined ? options : { ...options, signal };
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
          body: Buffer.concat(chunks).toString('utf8'),
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
    outgoing.end(body);
  });
}

/** Importing node:http statically makes Node load its WebSocket client, 9 MiB that only a `kubectl proxy` would need. */
export function starter(url: string): typeof request {
  return url.startsWith('http:') ? process.getBuiltinModule('node:http').request : request;
}
