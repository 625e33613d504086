import { expect } from 'chai';
import { rollout } from '../../../hooks/commands/rollout.ts';
import type { Deployment } from '../../../hooks/core/objects.ts';
import { startConditions, startKey } from '../../../hooks/core/marbles/conditions.ts';
import type { Settings } from '../../../hooks/core/settings.ts';
import { paths } from '../../../hooks/io/paths.ts';
import { coordinator, marble, namespace, pod } from '../builders.ts';
import { commandsOf } from '../commands.ts';
import { failOn, putMarble, settleAfter, startedUnder } from '../marbles.ts';
import type { MemoryCluster } from '../memory-cluster.ts';
import { recorded, recordPath } from '../record.ts';
import { session, type SessionOptions, type TestSession } from '../session.ts';

type Mode = Settings['rollout']['restart'];

describe('rollout of Marbles', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const withMarbles = (options: SessionOptions = {}): TestSession => {
    const given = session(options);
    for (const name of names) putMarble(given.cluster, marble(name, startedUnder('another key')));
    return given;
  };
  const restarted = (cluster: MemoryCluster): string[] =>
    cluster.changes().flatMap(({ path }) => /shop\/deployments\/(.+)$/.exec(path)?.[1] ?? []);

  it('restarts those that started under other conditions, and then writes the record', async () => {
    const given = withMarbles();
    settleAfter(given, 2);
    expect(await rollout(given)).to.equal(0);
    expect(restarted(given.cluster)).to.have.members(names);
    expect(commandsOf(given.cluster).at(-1)).to.equal(`patch ${recordPath}`);
    expect(given.report().facts.at(-1)?.value).to.equal(
      '6 found, 6 restarted in 5 s, 0 left running as they are',
    );
    expect(given.report().actions).to.deep.equal(['restarted 6 Marble workloads']);
    const workloads = given.report().workloads ?? [];
    expect(workloads.map(({ name, outcome }) => `${name} ${outcome}`)).to.deep.equal(
      names.map((name) => `${name} restarted`),
    );
  });

  it('restarts nothing when it runs again', async () => {
    const given = withMarbles();
    settleAfter(given, 2);
    await rollout(given);
    given.cluster.writes.length = 0;
    expect(await rollout(given)).to.equal(0);
    expect(restarted(given.cluster)).to.deep.equal([]);
    expect(given.report().facts.at(-1)?.value).to.equal('6 found, 0 restarted, 6 left running as they are');
  });

  for (const maxConcurrent of [1, 2, 4, 50]) {
    it(`has at most ${maxConcurrent} in flight`, async () => {
      const given = withMarbles({ settings: (s) => (s.rollout.maxConcurrent = maxConcurrent) });
      const flight = settleAfter(given, 4);
      expect(await rollout(given)).to.equal(0);
      expect(flight.most()).to.equal(Math.min(maxConcurrent, names.length));
      expect(restarted(given.cluster)).to.have.members(names);
    });
  }

  it('starts no more after the first that fails, names it, and writes no record', async () => {
    const given = withMarbles({ settings: (s) => (s.rollout.maxConcurrent = 1) });
    settleAfter(given, 1);
    failOn(given.cluster, 'c');
    expect(await rollout(given)).to.equal(1);
    expect(restarted(given.cluster)).to.deep.equal(['a', 'b', 'c']);
    expect(commandsOf(given.cluster)).to.not.include(`patch ${recordPath}`);
    const finding = given.report().findings.find(({ severity }) => severity === 'block');
    expect(finding).to.deep.include({
      code: 'marble-restart-failed',
      severity: 'block',
      subject: 'deployment/c in shop',
    });
    expect(finding?.message).to.contain('crashes');
    expect(given.report().actions).to.deep.equal(['restarted 2 Marble workloads']);
  });

  it('continues where it stopped, without restarting what is done', async () => {
    const given = withMarbles({ settings: (s) => (s.rollout.maxConcurrent = 1) });
    settleAfter(given, 1);
    const mend = failOn(given.cluster, 'c');
    await rollout(given);
    mend();
    given.cluster.writes.length = 0;
    expect(await rollout(given)).to.equal(0);
    expect(restarted(given.cluster)).to.deep.equal(['d', 'e', 'f']);
    expect(commandsOf(given.cluster).at(-1)).to.equal(`patch ${recordPath}`);
  });

  it('names at the deadline what is left, ends with 3, and writes no record', async () => {
    const given = withMarbles({ deadlineSeconds: 15, settings: (s) => (s.rollout.maxConcurrent = 2) });
    expect(await rollout(given)).to.equal(3);
    expect(restarted(given.cluster)).to.deep.equal(['a', 'b']);
    const [finding, ...more] = given.report().findings;
    expect(more).to.deep.equal([]);
    expect(finding?.code).to.equal('marbles-unfinished');
    expect(finding?.message).to.contain(
      '2 were in progress: deployment/a in shop: waiting for the Deployment',
    );
    expect(finding?.message).to.contain('4 had not started: deployment/c in shop; deployment/d in shop;');
    expect(given.report().outcome).to.equal('unknown');
    expect(commandsOf(given.cluster)).to.not.include(`patch ${recordPath}`);
  });

  it('names what was not started after a failure', async () => {
    const given = withMarbles({ settings: (s) => (s.rollout.maxConcurrent = 1) });
    settleAfter(given, 1);
    failOn(given.cluster, 'c');
    await rollout(given);
    const left = given.report().findings.filter(({ code }) => code === 'marble-not-restarted');
    expect(left.map(({ subject }) => subject)).to.deep.equal(
      ['d', 'e', 'f'].map((name) => `deployment/${name} in shop`),
    );
    for (const { message } of left) expect(message).to.contain('but an earlier restart failed');
  });

  for (const kind of ['forbidden', 'unreachable', 'refused'] as const) {
    it(`reports a restart that is answered with ${kind}, and starts no more`, async () => {
      const given = withMarbles({ settings: (s) => (s.rollout.maxConcurrent = 2) });
      settleAfter(given, 3);
      const error = { kind, message: 'cannot patch' };
      given.cluster.refusals.push({ verb: 'patch', path: /deployments\/a$/, error });
      expect(await rollout(given)).to.equal(1);
      expect(given.results).to.have.length(1);
      expect(restarted(given.cluster)).to.deep.equal(['b']);
      const failed = given.report().findings.filter(({ severity }) => severity === 'block');
      expect(failed.map(({ code, subject }) => `${code} ${subject}`)).to.deep.equal([
        'marble-restart-failed deployment/a in shop',
      ]);
      expect(failed[0]?.message).to.equal('cannot patch. No further Marble was restarted after it.');
      expect(commandsOf(given.cluster)).to.not.include(`patch ${recordPath}`);
    });
  }

  it('leaves all running when the conditions are those of the record', async () => {
    const given = session();
    await rollout(given);
    putMarble(given.cluster, marble('web'));
    expect(await rollout(given)).to.equal(0);
    expect(restarted(given.cluster)).to.deep.equal([]);
  });

  it('restarts once more when rollout.nonce changes', async () => {
    const given = withMarbles();
    settleAfter(given, 1);
    await rollout(given);
    given.files.settings.rollout.nonce = '2026-11-24';
    given.cluster.writes.length = 0;
    await rollout(given);
    expect(restarted(given.cluster)).to.have.members(names);
  });

  it('leaves alone what is paused or scaled to zero, and says so', async () => {
    const given = session();
    settleAfter(given, 1);
    putMarble(
      given.cluster,
      marble('held', (d) => {
        startedUnder('x')(d);
        d.spec.paused = true;
      }),
    );
    putMarble(
      given.cluster,
      marble('idle', (d) => {
        startedUnder('x')(d);
        d.spec.replicas = 0;
      }),
    );
    expect(await rollout(given)).to.equal(0);
    expect(restarted(given.cluster)).to.deep.equal([]);
    expect(given.report().findings.map(({ code, subject }) => `${code} ${subject}`)).to.deep.equal([
      'marbles-left-alone Marbles',
      'marble-not-restarted deployment/held in shop',
    ]);
  });

  it('names a Marble that was left alone each time, and keeps what the record says of it', async () => {
    const given = session();
    const hold = marble('web', ({ spec }) => (spec.paused = true));
    putMarble(given.cluster, hold);
    const before = recorded(given.cluster).startedUnder;
    for (const run of ['first', 'second']) {
      expect(await rollout(given)).to.equal(0);
      expect(
        given.report().findings.map(({ code }) => code),
        run,
      ).to.deep.equal(['marble-not-restarted']);
      expect(recorded(given.cluster).startedUnder, run).to.equal(before);
    }
  });

  it('writes what Marbles start under once none waits for its restart any more', async () => {
    const given = session();
    settleAfter(given, 1);
    putMarble(
      given.cluster,
      marble('web', ({ spec }) => (spec.paused = true)),
    );
    await rollout(given);
    const live = given.cluster.objects.get(paths.deployment('shop', 'web')) as unknown as Deployment;
    live.spec.paused = false;
    await rollout(given);
    const conditions = startConditions(coordinator(), 'v1.9.1', '');
    expect(restarted(given.cluster)).to.deep.equal(['web']);
    expect(recorded(given.cluster).startedUnder).to.equal(startKey(conditions));
    expect(live.spec.template.metadata?.annotations).to.deep.include({
      'marblerun-hooks/started-under': startKey(conditions),
    });
  });

  /** Title, the mode before, the one after, what the second rollout restarts. */
  const modes: [string, Mode, Mode, string[]][] = [
    ['restarts with auto what never has left alone', 'never', 'auto', ['web']],
    ['restarts nothing with auto that always has restarted', 'always', 'auto', []],
    ['restarts nothing twice with always while the Coordinator’s pod is the same', 'always', 'always', []],
    ['restarts nothing twice with auto', 'auto', 'auto', []],
  ];
  for (const [title, first, second, expected] of modes) {
    it(title, async () => {
      const given = session({ settings: (s) => (s.rollout.restart = first) });
      settleAfter(given, 1);
      putMarble(given.cluster, marble('web'));
      await rollout(given);
      given.files.settings.rollout.restart = second;
      given.cluster.writes.length = 0;
      expect(await rollout(given)).to.equal(0);
      expect(restarted(given.cluster)).to.deep.equal(expected);
    });
  }

  it('restarts with always after each new pod of the Coordinator, and once', async () => {
    const given = session({ settings: (s) => (s.rollout.restart = 'always') });
    settleAfter(given, 1);
    putMarble(given.cluster, marble('web'));
    await rollout(given);
    const podPath = paths.pod(namespace, pod().metadata.name);
    given.cluster.put(
      podPath,
      pod(({ metadata }) => (metadata.uid = 'a-new-pod')),
    );
    for (const expected of [['web'], []]) {
      given.cluster.writes.length = 0;
      await rollout(given);
      expect(restarted(given.cluster)).to.deep.equal(expected);
    }
  });

  it('restarts with always when nothing is recorded yet', async () => {
    const given = session({ settings: (s) => (s.rollout.restart = 'always') });
    given.cluster.objects.delete(recordPath);
    settleAfter(given, 1);
    putMarble(given.cluster, marble('web'));
    expect(await rollout(given)).to.equal(0);
    expect(restarted(given.cluster)).to.deep.equal(['web']);
  });
});
