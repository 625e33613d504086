import { Agent, createServer, request, type Server as TlsServer } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createFront, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Call, Fault } from './faults.ts';
import { answerFault, type Exchange } from './answer.ts';

/** How a proxy is reached and where it leads. */
export interface ProxyOptions {
  readonly address: string;
  readonly side: Call['side'];
  readonly certificate: string;
  readonly key: string;
  /** Of the server that the requests are for; a certificate of that server is not looked at. */
  readonly target: string;
}

/** What befalls a request; undefined for nothing. */
export type Decide = (call: Call) => Fault | undefined;

/**
 * Stands between a program and an HTTPS server with a certificate of its own, and lets faults befall requests. It
 * listens on one port for as long as it lives, but for the time of a refusal.
 */
export class FaultProxy {
  readonly #options: ProxyOptions;
  readonly #tls: TlsServer;
  readonly #front: Server;
  readonly #agent = new Agent({ keepAlive: true, rejectUnauthorized: false });
  /** Every connection, also those whose TLS handshake is not over: nobody else would end them. */
  readonly #sockets = new Set<Socket>();
  #port = 0;
  #target: string;
  #decide: Decide = () => undefined;
  #spoiled: { stallMilliseconds: number } | undefined;
  #timers = new Set<NodeJS.Timeout>();

  private constructor(options: ProxyOptions) {
    this.#options = options;
    this.#target = options.target;
    this.#tls = createServer({ cert: options.certificate, key: options.key, keepAliveTimeout: 60_000 });
    this.#tls.on('request', (incoming, outgoing) => {
      this.#serve(incoming, outgoing);
    });
    // A handshake that is cut is what this is about.
    this.#tls.on('tlsClientError', () => undefined);
    this.#front = createFront({ noDelay: true }, (socket) => {
      this.#welcome(socket);
    });
  }

  /** Resolves once it listens. */
  static async start(options: ProxyOptions): Promise<FaultProxy> {
    const proxy = new FaultProxy(options);
    await proxy.#listen();
    return proxy;
  }

  get port(): number {
    return this.#port;
  }

  /** From now on requests go to that server, and this decides about them. Whatever an earlier fault still does ends. */
  async use(target: string, decide: Decide): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#cutAll();
    this.#spoiled = undefined;
    this.#target = target;
    this.#decide = decide;
    if (!this.#front.listening) await this.#listen();
  }

  /** Ends it with all its connections. */
  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#front.close();
    this.#cutAll();
    this.#agent.destroy();
  }

  async #listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#front.once('error', reject);
      this.#front.listen({ port: this.#port, host: this.#options.address }, () => {
        this.#front.off('error', reject);
        resolve();
      });
    });
    this.#port = (this.#front.address() as AddressInfo).port;
  }

  #welcome(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => this.#sockets.delete(socket));
    const spoiled = this.#spoiled;
    this.#spoiled = undefined;
    if (spoiled === undefined) {
      this.#tls.emit('connection', socket);
      return;
    }
    // The first bytes of a handshake record (TLS 1.2, RFC 5246 6.2.1), and no more.
    socket.once('data', () => {
      socket.write(Buffer.from([0x16, 0x03, 0x03, 0x00, 0x7a, 0x02]));
      this.#later(spoiled.stallMilliseconds, () => socket.resetAndDestroy());
    });
  }

  #serve(incoming: IncomingMessage, outgoing: ServerResponse): void {
    incoming.on('error', () => undefined);
    outgoing.on('error', () => undefined);
    const call = { side: this.#options.side, method: incoming.method ?? '', path: incoming.url ?? '' };
    const exchange: Exchange = {
      incoming,
      outgoing,
      forward: () => this.#forward(incoming, outgoing),
      cut: () => {
        this.#cut(incoming.socket);
      },
      later: (milliseconds, act) => {
        this.#later(milliseconds, act);
      },
    };
    const fault = this.#decide(call);
    if (fault?.kind === 'refused') this.#refuse(fault.milliseconds);
    else if (fault?.kind === 'handshake') {
      this.#spoiled = fault;
      exchange.cut();
    } else answerFault(exchange, fault);
  }

  /** The request, sent on to the server; its answer may be an error as well. */
  #forward(incoming: IncomingMessage, outgoing: ServerResponse): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const options = { method: incoming.method ?? 'GET', headers: incoming.headers, agent: this.#agent };
      const onward = request(this.#target + (incoming.url ?? ''), options, resolve);
      onward.on('error', reject);
      outgoing.once('close', () => onward.destroy());
      incoming.pipe(onward);
    });
  }

  /** A listener that is closed makes the kernel refuse. */
  #refuse(milliseconds: number): void {
    this.#front.close();
    this.#cutAll();
    this.#later(milliseconds, () => {
      void this.#listen();
    });
  }

  /** Does it after a time; never where that is -1. */
  #later(milliseconds: number, act: () => void): void {
    if (milliseconds < 0) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, milliseconds);
    this.#timers.add(timer);
  }

  /** A TLS socket wraps the one that came in; that one has to be reset. */
  #cut(socket: Socket): void {
    const raw = [...this.#sockets].find(({ remotePort }) => remotePort === socket.remotePort);
    (raw ?? socket).resetAndDestroy();
  }

  #cutAll(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }
}
