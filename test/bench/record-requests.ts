/** Loaded before a program (node --import): writes each HTTPS request that it makes to the file REQUESTS, as JSON lines. */
import { appendFileSync } from 'node:fs';
import https, { type RequestOptions } from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import type { ClientRequest } from 'node:http';

/** One request, with all that is needed to make it again. */
export interface RecordedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

type Request = (url: unknown, options: RequestOptions, answered: () => void) => ClientRequest;

const file = process.env.REQUESTS ?? '';
const real = https.request as unknown as Request;

const recording: Request = (url, options, answered) => {
  const outgoing = real(url, options, answered);
  // A forwarded port is asked for in another form; what goes through it is noted itself.
  if (typeof url !== 'string') return outgoing;
  const end = outgoing.end.bind(outgoing) as (body?: string) => ClientRequest;
  outgoing.end = ((body?: string) => {
    const headers = options.headers as Record<string, string> | undefined;
    const request = { method: options.method ?? 'GET', url, headers: headers ?? {}, body: body ?? '' };
    appendFileSync(file, `${JSON.stringify(request satisfies RecordedRequest)}\n`);
    return end(body);
  }) as ClientRequest['end'];
  return outgoing;
};

https.request = recording as unknown as typeof https.request;
syncBuiltinESMExports();
