import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { Fault } from './faults.ts';

/** One request and its answer, in the hands of the proxy. */
export interface Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  /** Sends the request on; answers the head of the server's answer. */
  forward: () => Promise<IncomingMessage>;
  /** Resets the client's connection. */
  cut: () => void;
  /** Does it after a time; never where that is -1. */
  later: (milliseconds: number, act: () => void) => void;
}

type AnswerFault = Exclude<Fault, { kind: 'refused' | 'handshake' }>;

/** Answers a request as the fault has it; without one, as the server does. */
export function answerFault(exchange: Exchange, fault: AnswerFault | undefined): void {
  // A server that is gone itself is a connection that is cut.
  answer(exchange, fault).catch(() => {
    exchange.cut();
  });
}

async function answer(exchange: Exchange, fault: AnswerFault | undefined): Promise<void> {
  switch (fault?.kind) {
    case undefined:
      await passOn(exchange);
      return;
    case 'reset':
      await reset(exchange, fault.when);
      return;
    case 'hang':
      if (fault.forwarded) await work(exchange);
      exchange.later(fault.milliseconds, exchange.cut);
      return;
    case 'status':
      if (fault.forwarded) await work(exchange);
      status(exchange.outgoing, fault.code, fault.retryAfterSeconds);
      return;
    case 'stalled-watch': {
      const reply = await exchange.forward();
      head(exchange.outgoing, reply);
      reply.destroy();
      exchange.later(fault.milliseconds, exchange.cut);
      return;
    }
    case 'gone-watch':
      exchange.outgoing.writeHead(200, { 'content-type': 'application/json' });
      exchange.outgoing.end(`${JSON.stringify({ type: 'ERROR', object: statusOf(410) })}\n`);
      return;
    case 'slow':
      await slowly(exchange, fault);
      return;
  }
}

async function passOn({ forward, outgoing, cut }: Exchange): Promise<void> {
  const reply = await forward();
  head(outgoing, reply);
  reply.on('error', cut);
  reply.pipe(outgoing);
}

async function reset(
  { forward, outgoing, cut, later }: Exchange,
  when: 'request' | 'answered' | 'body',
): Promise<void> {
  if (when === 'request') {
    cut();
    return;
  }
  const reply = await forward();
  if (when === 'answered') {
    cut();
    return;
  }
  head(outgoing, reply);
  const { value } = (await reply.iterator().next()) as { value?: Buffer };
  outgoing.write(value?.subarray(0, value.length / 2) ?? '');
  // A reset throws away what the client has not read yet.
  later(20, cut);
}

/** Lets the server do what it is asked, and keeps its answer back; a watch has no end to wait for. */
async function work({ incoming, forward }: Exchange): Promise<void> {
  const reply = await forward();
  if (/[?&]watch=/.test(incoming.url ?? '')) reply.destroy();
  else await buffer(reply);
}

async function slowly(
  { forward, outgoing, later }: Exchange,
  { pieces, milliseconds }: { pieces: number; milliseconds: number },
): Promise<void> {
  const reply = await forward();
  head(outgoing, reply);
  for await (const chunk of reply as AsyncIterable<Buffer>) {
    const size = Math.ceil(chunk.length / pieces);
    for (let start = 0; start < chunk.length; start += size) {
      outgoing.write(chunk.subarray(start, start + size));
      await new Promise<void>((resolve) => {
        later(milliseconds, resolve);
      });
    }
  }
  outgoing.end();
}

function head(outgoing: ServerResponse, reply: IncomingMessage): void {
  outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
  outgoing.flushHeaders();
}

function status(outgoing: ServerResponse, code: number, retryAfterSeconds: number | undefined): void {
  const retryAfter = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  outgoing.writeHead(code, { 'content-type': 'application/json', ...retryAfter });
  outgoing.end(JSON.stringify(statusOf(code)));
}

const reasons: Readonly<Record<number, string>> = {
  409: 'Conflict',
  410: 'Expired',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
};

/** As the API server words it (meta/v1 Status). */
function statusOf(code: number): object {
  const reason = reasons[code] ?? '';
  return {
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    message: `${reason}, by the fault proxy`,
    reason,
    code,
  };
}
