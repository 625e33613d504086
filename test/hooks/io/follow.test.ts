import { expect } from 'chai';
import { connect } from '../../../hooks/io/cluster.ts';
import { follow } from '../../../hooks/io/follow.ts';
import type { ObjectMeta } from '../../../hooks/core/objects.ts';
import { TestClock } from '../test-clock.ts';
import { event, serveWatches, type Part } from '../watch-server.ts';

const path = '/apis/apps/v1/deployments';

/** Follows until so many changes were told, or it ends by itself. */
async function followed(scripts: (Part[] | number)[], changes: number) {
  const server = await serveWatches(scripts);
  const told: string[] = [];
  const said: string[] = [];
  let gaps = 0;
  const stop = new AbortController();
  const clock = new TestClock();
  const credentials = { server: server.url, options: async () => await Promise.resolve({}) };
  const cluster = connect({ credentials, clock, signal: stop.signal, onRetry: () => undefined });
  const what = {
    path,
    from: '7',
    onChange: ({ type, object }: { type: string; object: { metadata: ObjectMeta } }): void => {
      told.push(`${type} ${object.metadata.name}`);
      if (told.length === changes) stop.abort(new Error('enough'));
    },
    onGap: (): void => {
      gaps += 1;
    },
  };
  const wait = { clock, signal: stop.signal, progress: (line: string) => void said.push(line) };
  const ended = await follow(cluster, what, wait);
  await server.close();
  const versions = server.requests.map(({ searchParams }) => searchParams.get('resourceVersion'));
  return { ended, told, said, gaps, versions, pauses: clock.sleeps };
}

describe('follow', () => {
  it('goes on from the last version that was seen, bookmarks included', async () => {
    const { ended, told, versions, gaps, said } = await followed(
      [
        [event('ADDED', 'a', '8'), event('BOOKMARK', '', '20'), 'end'],
        [event('MODIFIED', 'a', '21'), 'end'],
        [event('DELETED', 'a', '22')],
      ],
      3,
    );
    expect(ended).to.equal('ended');
    expect(told).to.deep.equal(['ADDED a', 'MODIFIED a', 'DELETED a']);
    expect(versions).to.deep.equal(['7', '20', '21']);
    expect(gaps).to.equal(0);
    expect(said).to.deep.equal([]);
  });

  it('asks for the present version and reports a gap when its own is too old', async () => {
    const { told, versions, gaps } = await followed([410, [event('ADDED', 'b', '901')]], 1);
    expect(told).to.deep.equal(['ADDED b']);
    expect(versions).to.deep.equal(['7', null, '900']);
    expect(gaps).to.equal(1);
  });

  it('watches again after failures, with longer and longer pauses, and says why', async () => {
    const { told, said, pauses } = await followed([500, 503, [event('ADDED', 'a', '8')]], 1);
    expect(told).to.deep.equal(['ADDED a']);
    expect(said).to.have.length(2);
    expect(said[0]).to.match(/answered 500: no; watching again$/);
    expect(pauses).to.deep.equal([200, 400]);
  });

  it('ends where it may not watch, so that whoever follows looks by itself', async () => {
    const { ended, said } = await followed([403], 1);
    expect(ended).to.equal('forbidden');
    expect(said[0]).to.match(/answered 403: no; asking instead$/);
  });
});
