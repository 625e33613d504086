import { expect } from 'chai';
import type { Deployment, Pod } from '../../../../hooks/core/objects.ts';
import { paths } from '../../../../hooks/io/paths.ts';
import { coordinator, otherCertificate, pod } from '../../builders.ts';
import { inWave, member } from '../../core/roll/members.ts';
import type { TestSession } from '../../session.ts';
import { key, phases, restarted, rolled, withMembers } from './rolls.ts';

/** A pod that a restart has made, stuck as told. */
function newPod(name: string, status: Pod['status']): Pod {
  return pod((p) => {
    p.metadata = { name: `${name}-1`, namespace: 'shop', uid: `uid-${name}-1`, labels: { app: name } };
    p.metadata.annotations = { 'marblerun-hooks/started-under': key };
    if (status !== undefined) p.status = status;
  });
}

describe('roll', () => {
  it('finishes a wave before it begins the next', async () => {
    const members = [inWave(0, 'a'), inWave(0, 'b'), inWave(1, 'c')];
    const given = withMembers(members);
    const { afterWrite } = given.cluster;
    given.cluster.afterWrite = (write) => {
      if (write.path.endsWith('/c')) expect(phases(members)).to.deep.equal(['done', 'done', 'starting']);
      afterWrite(write);
    };
    expect(await rolled(given, members)).to.deep.equal([]);
    expect(phases(members)).to.deep.equal(['done', 'done', 'done']);
    expect(restarted(given)).to.deep.equal(['a', 'b', 'c']);
  });

  it('waits for a PodDisruptionBudget to have something to spare, and goes on with others meanwhile', async () => {
    const members = [member('a'), member('b')];
    const given = withMembers(members);
    // Who is held takes no place.
    given.files.settings.rollout.maxConcurrent = 1;
    const budget = (disruptionsAllowed: number): object => ({
      metadata: { name: 'a', namespace: 'shop' },
      spec: { selector: { matchLabels: { app: 'a' } } },
      status: { disruptionsAllowed, currentHealthy: 1, desiredHealthy: 1, expectedPods: 1 },
    });
    const path = paths.budget('shop', 'a');
    given.cluster.put(path, budget(0));
    const start = given.clock.now();
    given.cluster.beforeGet = (asked) => {
      if (asked === path && given.clock.now() - start > 8000) given.cluster.put(path, budget(1));
    };
    expect(await rolled(given, members)).to.deep.equal([]);
    expect(restarted(given)).to.deep.equal(['b', 'a']);
    expect(given.progress).to.include(
      'deployment/a in shop is held: poddisruptionbudget/a in shop has nothing to spare: 1 of its pods are healthy and 1 have to be',
    );
  });

  it('says that budgets could not be waited for where the right is missing', async () => {
    const members = [member('a')];
    const given = withMembers(members);
    const error = { kind: 'forbidden' as const, message: 'poddisruptionbudgets is forbidden' };
    given.cluster.refusals.push({ verb: 'list', path: /poddisruptionbudgets/, error });
    const [finding, ...more] = await rolled(given, members);
    expect(finding?.code).to.equal('budgets-unknown');
    expect(more).to.deep.equal([]);
    expect(phases(members)).to.deep.equal(['done']);
  });

  it('restarts nothing while the Coordinator does not answer, and goes on once it does', async () => {
    const members = [member('a')];
    const given = withMembers(members, { answer: undefined });
    const start = given.clock.now();
    const { onSleep } = given.clock;
    given.clock.onSleep = () => {
      if (given.clock.now() - start > 5000) given.answer = coordinator();
      else expect(restarted(given)).to.deep.equal([]);
      onSleep();
    };
    expect(await rolled(given, members)).to.deep.equal([]);
    expect(restarted(given)).to.deep.equal(['a']);
    expect(given.progress[0]).to.contain('deployment/a in shop is held: the Coordinator does not answer');
  });

  const stops: [string, TestSession['answer'], string][] = [
    ['is in Recovery', { state: 1 }, 'recovery-needed'],
    ['has lost its Manifest', { state: 2 }, 'state-lost'],
    ['is another one', coordinator((c) => (c.rootCertificate = otherCertificate)), 'state-replaced'],
    [
      'has another intermediate certificate',
      coordinator((c) => (c.intermediateCertificate = otherCertificate)),
      'rollout-incomplete',
    ],
  ];
  for (const [title, answer, code] of stops) {
    it(`stops in mid-roll when the Coordinator ${title}`, async () => {
      const members = [member('a'), member('b')];
      const given = withMembers(members, { settings: (s) => (s.rollout.maxConcurrent = 1) });
      const { afterWrite } = given.cluster;
      given.cluster.afterWrite = (write) => {
        given.answer = answer;
        afterWrite(write);
      };
      const findings = await rolled(given, members);
      expect(findings.map((finding) => finding.code)).to.deep.equal([code]);
      expect(restarted(given)).to.deep.equal(['a']);
      expect(members[1]?.phase).to.equal('waiting');
    });
  }

  it('tries again when somebody else changes a workload at the same moment', async () => {
    const members = [member('a')];
    const given = withMembers(members);
    const error = { kind: 'conflict' as const, message: 'the object has been modified' };
    given.cluster.refusals.push({ verb: 'patch', path: /deployments\/a$/, error });
    const start = given.clock.now();
    const { onSleep } = given.clock;
    given.clock.onSleep = () => {
      if (given.clock.now() - start > 5000) given.cluster.refusals.length = 0;
      onSleep();
    };
    expect(await rolled(given, members)).to.deep.equal([]);
    expect(restarted(given)).to.deep.equal(['a']);
    expect(given.progress).to.include('deployment/a in shop is held: the object has been modified');
  });

  it('gives up on a crash loop with the last words of the container', async () => {
    const members = [member('a'), member('b')];
    const given = withMembers(members, { settings: (s) => (s.rollout.maxConcurrent = 1) });
    const start = given.clock.now();
    const state = { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 20s' } };
    given.clock.onSleep = () => {
      const restartCount = 1 + Math.floor((given.clock.now() - start) / 20_000);
      const container = { name: 'marble', ready: false, restartCount, state };
      given.cluster.put(
        paths.pod('shop', 'a-1'),
        newPod('a', { phase: 'Running', containerStatuses: [container] }),
      );
    };
    given.cluster.texts.set(paths.podLog('shop', 'a-1'), 'starting\npanic: no database\n');
    const [finding] = await rolled(given, members);
    expect(finding).to.deep.include({ code: 'marble-restart-failed', subject: 'deployment/a in shop' });
    expect(finding?.message).to.match(/^for \d+ s: pod\/a-1: container marble waits: CrashLoopBackOff/);
    expect(finding?.message).to.contain('; its last log line: panic: no database. No further Marble');
    expect((given.clock.now() - start) / 1000).to.be.within(45, 55);
    expect(restarted(given)).to.deep.equal(['a']);
  });

  it('finds the last words of a container in the run before, when the next one has said nothing yet', async () => {
    const given = withMembers([member('a')]);
    const log = paths.podLog('shop', 'a-1');
    given.cluster.texts.set(log, '').set(`${log}?previous=true`, 'panic: no database\n');
    let restartCount = 0;
    given.clock.onSleep = () => {
      const state = { terminated: { exitCode: 7, reason: 'Error' } };
      const container = { name: 'marble', ready: false, restartCount: restartCount++, state };
      const status = { phase: 'Running', containerStatuses: [container] };
      given.cluster.put(paths.pod('shop', 'a-1'), newPod('a', status));
    };
    const [finding] = await rolled(given, [member('a')]);
    expect(finding?.message).to.contain(
      'container marble ended with code 7 (Error); its last log line: panic',
    );
  });

  it('does not blame a Marble that crashes while the Coordinator is away', async () => {
    const members = [member('a')];
    const given = withMembers(members);
    const start = given.clock.now();
    const after = (seconds: number): boolean => given.clock.now() - start > seconds * 1000;
    const state = { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } };
    given.clock.onSleep = () => {
      const restartCount = Math.floor((given.clock.now() - start) / 15_000);
      const container = { name: 'marble', ready: false, restartCount, state };
      given.cluster.put(
        paths.pod('shop', 'a-1'),
        newPod('a', { phase: 'Running', containerStatuses: [container] }),
      );
      given.answer = after(2) && !after(100) ? undefined : coordinator();
      if (after(120)) given.cluster.settle(paths.deployment('shop', 'a'));
    };
    expect(await rolled(given, members)).to.deep.equal([]);
    expect(phases(members)).to.deep.equal(['done']);
  });

  it('sees through what an earlier run has restarted, without restarting it', async () => {
    const members = [member('a', 'waiting', { followed: true })];
    const given = withMembers(members);
    const path = paths.deployment('shop', 'a');
    (given.cluster.objects.get(path) as unknown as Deployment).status = {
      observedGeneration: 3,
      updatedReplicas: 0,
    };
    const start = given.clock.now();
    given.clock.onSleep = () => {
      if (given.clock.now() - start > 3000) given.cluster.settle(path);
    };
    expect(await rolled(given, members)).to.deep.equal([]);
    expect(restarted(given)).to.deep.equal([]);
    expect(phases(members)).to.deep.equal(['done']);
  });

  it('evicts the old pods where the controller waits for that, one after the other', async () => {
    const [made] = [member('a')];
    const members = [{ ...made, target: { ...made.target, evict: true } }];
    const given = withMembers(members);
    given.clock.onSleep = () => undefined;
    const ready = { conditions: [{ type: 'Ready', status: 'True' }] };
    for (const name of ['a-0', 'a-1']) {
      const old = newPod('a', ready);
      old.metadata = { ...old.metadata, name, uid: `uid-${name}`, annotations: {} };
      given.cluster.put(paths.pod('shop', name), old);
    }
    given.cluster.afterWrite = ({ path, verb }) => {
      const evicted = /pods\/(a-\d)\/eviction$/.exec(path)?.[1];
      if (verb !== 'create' || evicted === undefined) return;
      const fresh = newPod('a', ready);
      fresh.metadata.name = evicted;
      given.cluster.put(paths.pod('shop', evicted), fresh);
      if (evicted === 'a-0') given.cluster.settle(paths.deployment('shop', 'a'));
    };
    expect(await rolled(given, members)).to.deep.equal([]);
    const evictions = given.cluster.writes.filter(({ path }) => path.endsWith('/eviction'));
    expect(evictions.map(({ path }) => path)).to.deep.equal([
      paths.eviction('shop', 'a-1'),
      paths.eviction('shop', 'a-0'),
    ]);
    expect(evictions[0]?.body).to.deep.include({ deleteOptions: { preconditions: { uid: 'uid-a-1' } } });
  });
});
