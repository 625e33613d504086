import { expect } from 'chai';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { listenerAt } from '../../../hooks/io/listener.ts';
import { isOpen } from '../is-open.ts';
import { rejection } from '../rejection.ts';

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

describe('a listener', () => {
  it('is there while it is open, can be opened again, and holds no process', async () => {
    const port = await freePort();
    const listener = listenerAt(port);
    for (const open of [true, true, false, false, true, false]) {
      await listener.set(open);
      expect(await isOpen(port)).to.equal(open);
    }
  });

  it('says when its port cannot be opened', async () => {
    const taken = createServer().listen(0);
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    expect((await rejection(listenerAt(port).set(true))).message).to.contain('EADDRINUSE');
    taken.close();
  });
});
