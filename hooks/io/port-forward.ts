import { Agent } from 'node:https';
import { Duplex } from 'node:stream';
import { connect } from 'node:tls';
import type { KubeConfig } from '@kubernetes/client-node/dist/config.js';

/** A port of a pod. */
export interface PodPort {
  namespace: string;
  pod: string;
  port: number;
}

/**
 * An agent whose connections lead through the API server to a port of a pod, as `kubectl port-forward` does. TLS ends at
 * the pod: the API server passes on what it cannot read. Whoever makes it destroys it, which ends its connections.
 */
export function agentThrough(config: KubeConfig, target: PodPort): Agent {
  return new ForwardingAgent(config, target);
}

class ForwardingAgent extends Agent {
  readonly #open: () => Promise<Duplex>;

  constructor(config: KubeConfig, target: PodPort) {
    super({ keepAlive: true });
    this.#open = async () => await openStream(config, target);
  }

  override createConnection(
    _options: object,
    done?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    const failed = done as ((error: Error) => void) | undefined;
    this.#open().then(
      (stream) => done?.(null, secured(stream)),
      (error: unknown) => failed?.(error as Error),
    );
  }
}

/** As for a direct connection: the certificate is the Coordinator's own root, which nothing vouches for. */
function secured(stream: Duplex): Duplex {
  const socket = connect({ socket: stream, rejectUnauthorized: false });
  const end = (): void => {
    socket.destroy(stream.errored ?? undefined);
  };
  if (stream.destroyed) process.nextTick(end);
  else stream.once('close', end);
  return socket;
}

/** The streams of a forwarded port, by their number (Kubernetes: pkg/kubelet/server/portforward/websocket.go). */
const dataStream = 0;
const errorStream = 1;
/** Each stream begins with the port's number. */
const portBytes = 2;

/** What is used of client-node's WebSocket. */
interface Socket {
  send(data: Buffer, done: (error?: Error | null) => void): void;
  close(): void;
  addEventListener(type: 'close', listener: () => void): void;
}

async function openStream(config: KubeConfig, { namespace, pod, port }: PodPort): Promise<Duplex> {
  // Loaded only here: a hook never forwards a port.
  const { WebSocketHandler } = await import('@kubernetes/client-node/dist/web-socket-handler.js');
  const path = `/api/v1/namespaces/${namespace}/pods/${pod}/portforward?ports=${port}`;
  let socket: Socket | undefined;
  const forwarded = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) =>
      socket?.send(Buffer.concat([Buffer.of(dataStream), chunk]), done),
    destroy: (error, done) => {
      socket?.close();
      done(error);
    },
  });
  // Told by its end: an error may come before anybody listens.
  forwarded.on('error', () => undefined);
  const handler = new WebSocketHandler(config);
  try {
    const opened: unknown = await handler.connect(path, null, receiver(forwarded));
    socket = opened as Socket;
  } catch (event) {
    const { message } = event as { message: string };
    throw new Error(`its port cannot be forwarded through the API server: ${message}`, { cause: event });
  }
  socket.addEventListener('close', () => {
    forwarded.destroy();
  });
  // It may have been refused before this side knew of the connection.
  if (forwarded.destroyed) socket.close();
  return forwarded;
}

/** Takes the streams apart: data is read from `forwarded`, and an error ends it. */
function receiver(forwarded: Duplex): (stream: number, bytes: Buffer) => boolean {
  const greeted = new Set<number>();
  return (stream, bytes) => {
    const content = greeted.has(stream) ? bytes : bytes.subarray(portBytes);
    greeted.add(stream);
    if (content.length === 0) return true;
    if (stream === dataStream) forwarded.push(content);
    if (stream === errorStream) forwarded.destroy(new Error(content.toString('utf8').trim()));
    return true;
  };
}
