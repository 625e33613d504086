import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/** A port that is open while something holds, which is all that a `tcpSocket` probe looks at. */
export interface Listener {
  /** Opens or closes the port; rejects when it cannot be opened. */
  set(open: boolean): Promise<void>;
}

/** A listener on all addresses of the pod. It serves nothing: a probe costs no process and no HTTP server. */
export function listenerAt(port: number): Listener {
  let server: Server | undefined;
  return {
    set: async (open) => {
      if (open === (server !== undefined)) return;
      if (server !== undefined) {
        server.close();
        server = undefined;
        return;
      }
      const made = createServer((socket) => {
        socket.on('error', () => undefined).destroy();
      });
      made.listen(port);
      await once(made, 'listening');
      server = made;
    },
  };
}
