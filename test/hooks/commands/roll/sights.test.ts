import { expect } from 'chai';
import { paths } from '../../../../hooks/io/paths.ts';
import { marble } from '../../builders.ts';
import { member } from '../../core/roll/members.ts';
import { putMarble, settleAfter } from '../../marbles.ts';
import { phases, rolled, withMembers } from './rolls.ts';

describe('what a roll sees', () => {
  it('reads a workload that its watch is silent about', async () => {
    const members = [member('a')];
    const given = withMembers(members);
    given.cluster.changed = () => undefined;
    const start = given.clock.now();
    expect(await rolled(given, members)).to.deep.equal([]);
    expect((given.clock.now() - start) / 1000).to.be.within(15, 17);
  });

  it('reads no workload as long as its watch tells of others', async () => {
    const members = [member('a')];
    const given = withMembers(members);
    const [own, other] = [paths.deployment('shop', 'a'), paths.deployment('shop', 'other')];
    putMarble(given.cluster, marble('other'));
    settleAfter(given, 40);
    const { onSleep } = given.clock;
    given.clock.onSleep = () => {
      given.cluster.changed(other);
      onSleep();
    };
    const reads: string[] = [];
    given.cluster.beforeGet = (path) => reads.push(path);
    expect(await rolled(given, members)).to.deep.equal([]);
    expect(phases(members)).to.deep.equal(['done']);
    expect(reads).not.to.include(own);
  });

  it('looks at no pods in a crowd that waits for its controllers', async () => {
    const members = Array.from({ length: 60 }, (_, index) => member(`m${index}`));
    const given = withMembers(members, { settings: (s) => (s.rollout.maxConcurrent = 60) });
    settleAfter(given, 10);
    const error = { kind: 'forbidden' as const, message: 'pods is forbidden' };
    given.cluster.refusals.push({ verb: 'list', path: /shop\/pods/, error });
    expect(await rolled(given, members)).to.deep.equal([]);
    expect(given.progress.filter((line) => line.includes('pods is forbidden'))).to.deep.equal([]);
  });

  it('asks for each workload where it may not watch', async () => {
    const members = [member('a')];
    const given = withMembers(members);
    const error = { kind: 'forbidden' as const, message: 'deployments is forbidden' };
    given.cluster.refusals.push({ verb: 'watch', path: /deployments/, error });
    const start = given.clock.now();
    expect(await rolled(given, members)).to.deep.equal([]);
    expect((given.clock.now() - start) / 1000).to.be.below(5);
    expect(given.progress).to.include('deployments is forbidden; asking instead');
  });

  it('leaves a workload that is deleted in mid-roll to itself, and goes on', async () => {
    const members = [member('a'), member('b')];
    const given = withMembers(members, { settings: (s) => (s.rollout.maxConcurrent = 1) });
    settleAfter(given, 3);
    const path = paths.deployment('shop', 'a');
    const { onSleep } = given.clock;
    given.clock.onSleep = () => {
      if (members[0]?.phase === 'rolling' && given.cluster.objects.delete(path)) given.cluster.changed(path);
      onSleep();
    };
    const findings = await rolled(given, members);
    expect(findings.map(({ code, severity }) => `${code} ${severity}`)).to.deep.equal([
      'marble-not-restarted info',
    ]);
    expect(phases(members)).to.deep.equal(['gone', 'done']);
  });
});
