import { once } from 'node:events';
import { connect } from 'node:net';

/** Whether something listens on a port of this machine, as a probe finds out. */
export async function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const open = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  socket.destroy();
  return open;
}
