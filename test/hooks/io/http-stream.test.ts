import { Agent } from 'node:https';
import { expect } from 'chai';
import { ownConnection } from '../../../hooks/io/http-stream.ts';

describe('ownConnection', () => {
  it('keeps the authority that an agent trusts, on connections that nobody else waits for', () => {
    const own = ownConnection(new Agent({ keepAlive: true, maxSockets: 3, ca: 'authority' })) as Agent;
    expect(own.options).to.deep.include({ ca: 'authority', keepAlive: false });
    expect(own.maxSockets).to.equal(Infinity);
  });

  it('leaves it to the request to say what it trusts when the agent does not', () => {
    const own = ownConnection(new Agent({ keepAlive: true, maxSockets: 3 })) as Agent;
    expect(own.options).not.to.have.any.keys('ca', 'cert', 'key');
  });

  it('leaves an agent for a proxy as it is', () => {
    class ProxyAgent extends Agent {}
    const agent = new ProxyAgent();
    expect(ownConnection(agent)).to.equal(agent);
  });
});
