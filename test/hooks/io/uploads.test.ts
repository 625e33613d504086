import { expect } from 'chai';
import { known } from '../../../hooks/core/known.ts';
import { paths } from '../../../hooks/io/paths.ts';
import type { Query } from '../../../hooks/io/cluster.ts';
import { followUploads } from '../../../hooks/io/uploads.ts';
import { namespace, pod } from '../builders.ts';
import { MemoryCluster } from '../memory-cluster.ts';
import { TestClock } from '../test-clock.ts';

const logPath = paths.podLog(namespace, pod().metadata.name);
const remaining = (count: number) => `"Recover: recovery incomplete, more keys needed","remaining":${count}`;

/** A cluster that notes how logs are asked for. */
function withQueries(): { cluster: MemoryCluster; queries: (Query | undefined)[] } {
  const cluster = new MemoryCluster();
  const queries: (Query | undefined)[] = [];
  const text = cluster.text.bind(cluster);
  cluster.text = async (path: string, query?: Query) => {
    queries.push(query);
    return await text(path);
  };
  return { cluster, queries };
}

describe('followUploads', () => {
  it('reads the whole log once, then what is new, and remembers the rest', async () => {
    const { cluster, queries } = withQueries();
    const clock = new TestClock();
    const look = followUploads(cluster, clock, 'coordinator');
    cluster.texts.set(logPath, remaining(2));
    expect(await look(pod())).to.deep.equal(known(2));
    await clock.sleep(2000);
    cluster.texts.set(logPath, 'GetStatus called');
    expect(await look(pod())).to.deep.equal(known(2));
    expect(queries).to.deep.equal([
      { container: 'coordinator' },
      { container: 'coordinator', sinceSeconds: 7 },
    ]);
  });

  for (const [title, restarted] of [
    [
      'its container starts anew',
      pod(({ status }) => Object.assign(status?.containerStatuses?.[0] ?? {}, { restartCount: 1 })),
    ],
    ['it is another pod', pod(({ metadata }) => (metadata.uid = 'another'))],
  ] as const) {
    it(`forgets what was uploaded when ${title}, as the Coordinator does`, async () => {
      const { cluster, queries } = withQueries();
      const look = followUploads(cluster, new TestClock(), 'coordinator');
      cluster.texts.set(logPath, remaining(1));
      await look(pod());
      cluster.texts.set(logPath, 'Starting coordinator');
      expect(await look(restarted)).to.deep.equal(known('none'));
      expect(queries.at(-1)).to.deep.equal({ container: 'coordinator' });
    });
  }

  it('says why where the log may not be read, and goes on from what it knew when it may again', async () => {
    const { cluster } = withQueries();
    const look = followUploads(cluster, new TestClock(), 'coordinator');
    cluster.texts.set(logPath, remaining(1));
    await look(pod());
    const error = { kind: 'forbidden' as const, message: 'pods/log is forbidden' };
    cluster.refusals.push({ verb: 'get', path: /log$/, error });
    expect(await look(pod())).to.deep.equal({ known: false, why: 'pods/log is forbidden' });
    cluster.refusals.length = 0;
    cluster.texts.set(logPath, '');
    expect(await look(pod())).to.deep.equal(known(1));
  });
});
