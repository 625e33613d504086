import { expect } from 'chai';
import { failureReport } from '../../../hooks/commands/failure.ts';
import { rollout } from '../../../hooks/commands/rollout.ts';
import { publish } from '../../../hooks/commands/session.ts';
import { DeadlineError } from '../../../hooks/io/wait.ts';
import { MemoryCluster } from '../memory-cluster.ts';
import { session, type TestSession } from '../session.ts';

describe('publish', () => {
  const late = failureReport('rollout', '0.1.0', new DeadlineError('pod/web: the deadline came first'));

  it('leaves report, termination message and Event of a command that the deadline ended', async () => {
    const given = session();
    given.clock.deadline.abort(new Error('the time is up'));
    const lastWord = new MemoryCluster();
    given.reportingCluster = () => lastWord;
    expect(await publish(given, late, undefined)).to.equal(3);
    expect(given.report()).to.deep.equal(late);
    expect(given.terminations).to.have.length(1);
    expect(given.terminations[0]).to.contain('pod/web: the deadline came first');
    expect(given.cluster.writes).to.deep.equal([]);
    expect(lastWord.writes.map(({ path }) => path)).to.deep.equal(['/api/v1/namespaces/marblerun/events']);
    expect(eventOf(lastWord)).to.deep.include({ type: 'Warning', reason: 'RolloutUnknown' });
  });

  it('shows the commands of a recovery whole, in the Event and in the termination message', async () => {
    const given = await recovering();
    for (const text of [eventOf(given.cluster).message, given.terminations[0] ?? '']) {
      expect(text)
        .to.contain('kubectl -n marblerun port-forward')
        .and.to.match(/curl .*\/api\/v2\/recover$/m);
    }
  });

  it('keeps to the bytes that an Event and a termination message may have', async () => {
    const given = session();
    const [finding] = late.findings;
    if (finding === undefined) throw new Error('there is no finding');
    const long = { ...late, findings: [{ ...finding, message: '“€😀”'.repeat(2000) }] };
    await publish(given, long, 'a-uid');
    expect(Buffer.byteLength(eventOf(given.cluster).message)).to.be.within(1000, 1024);
    expect(Buffer.byteLength(given.terminations[0] ?? '')).to.be.within(4000, 4096);
  });
});

async function recovering(): Promise<TestSession> {
  const given = session({ answer: { state: 1 } });
  await rollout(given);
  return given;
}

function eventOf(cluster: MemoryCluster): { type: string; reason: string; message: string } {
  return cluster.writes.at(-1)?.body as { type: string; reason: string; message: string };
}
