import { expect } from 'chai';
import { connect } from '../../../hooks/io/cluster.ts';
import { ClusterError } from '../../../hooks/io/cluster-error.ts';
import type { WatchEvent } from '../../../hooks/io/watch.ts';
import { TestClock } from '../test-clock.ts';
import { event, serveWatches, type Part } from '../watch-server.ts';

const path = '/apis/apps/v1/deployments';

interface Named {
  metadata: { name: string };
}

/** What one watch tells until it ends, and the error that ended it. */
async function watched(script: Part[] | number): Promise<{ names: string[]; error?: ClusterError }> {
  const server = await serveWatches([script]);
  const names: string[] = [];
  try {
    const credentials = { server: server.url, options: async () => await Promise.resolve({}) };
    const stop = new AbortController();
    const cluster = connect({
      credentials,
      clock: new TestClock(),
      signal: stop.signal,
      onRetry: () => undefined,
    });
    const events: AsyncIterable<WatchEvent<Named>> = cluster.watch(
      path,
      { resourceVersion: '7' },
      stop.signal,
    );
    for await (const { type, object } of events) names.push(`${type} ${object.metadata.name}`);
    return { names };
  } catch (error) {
    return { names, error: error as ClusterError };
  } finally {
    await server.close();
  }
}

describe('a watch', () => {
  it('tells each change until the server ends it', async () => {
    const script = [
      event('ADDED', 'a', '8'),
      event('MODIFIED', 'b', '9'),
      event('DELETED', 'a', '10'),
      'end',
    ];
    expect(await watched(script)).to.deep.equal({ names: ['ADDED a', 'MODIFIED b', 'DELETED a'] });
  });

  it('puts together what arrives in pieces, and takes apart what arrives at once', async () => {
    const [first, second] = [event('ADDED', 'a', '8'), event('ADDED', 'ä', '9')].map((each) =>
      JSON.stringify(each),
    );
    const script = [`${first ?? ''}\n${(second ?? '').slice(0, 20)}`, (second ?? '').slice(20), '\n', 'end'];
    expect((await watched(script)).names).to.deep.equal(['ADDED a', 'ADDED ä']);
  });

  it('calls it unreachable when the connection breaks', async () => {
    const { names, error } = await watched([event('ADDED', 'a', '8'), 'reset']);
    expect(names).to.deep.equal(['ADDED a']);
    expect(error).to.be.instanceOf(ClusterError);
    expect(error?.kind).to.equal('unreachable');
    expect(error?.message).to.match(/^WATCH \/apis\/apps\/v1\/deployments: the watch at .* broke off: /);
  });

  it('calls it unreachable when a line is no JSON', async () => {
    expect((await watched(['<html>\n'])).error?.kind).to.equal('unreachable');
  });

  it('calls a version that is too old expired, said at once or in mid-watch', async () => {
    const status = {
      type: 'ERROR',
      object: { kind: 'Status', code: 410, message: 'too old resource version' },
    };
    expect((await watched([status])).error).to.deep.include({ kind: 'expired' });
    expect((await watched(410)).error).to.deep.include({ kind: 'expired' });
  });

  for (const [status, kind] of [
    [403, 'forbidden'],
    [429, 'server'],
    [500, 'server'],
  ] as const) {
    it(`calls a refusal with ${status} ${kind}`, async () => {
      const { error } = await watched(status);
      expect(error?.kind).to.equal(kind);
      expect(error?.message).to.contain(`answered ${status}: no`);
    });
  }
});
