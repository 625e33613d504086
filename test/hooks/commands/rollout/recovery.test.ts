import { Ajv } from 'ajv';
import { expect } from 'chai';
import { rollout } from '../../../../hooks/commands/rollout.ts';
import { paths } from '../../../../hooks/io/paths.ts';
import reportSchema from '../../../../schemas/report.schema.json' with { type: 'json' };
import {
  coordinator,
  coordinatorName,
  deployment,
  marble,
  namespace,
  otherCertificate,
  pod,
  record,
} from '../../builders.ts';
import { commandsOf } from '../../commands.ts';
import { putMarble, startedUnder } from '../../marbles.ts';
import { recorded, recordPath } from '../../record.ts';
import { session, type SessionOptions, type TestSession } from '../../session.ts';

const fitsReport = new Ajv().compile(reportSchema);
const podPath = paths.pod(namespace, pod().metadata.name);
const logPath = paths.podLog(namespace, pod().metadata.name);
const remaining = (count: number) => `"Recover: recovery incomplete, more keys needed","remaining":${count}`;

/** A rollout with `recovery.mode: wait` that finds the Coordinator in state 1, and one Marble to restart afterwards. */
function waiting(options: SessionOptions = {}): TestSession {
  const given = session({
    answer: { state: 1 },
    ...options,
    settings: (settings) => {
      settings.recovery.mode = 'wait';
      settings.rollout.nonce = 'changed';
      options.settings?.(settings);
    },
  });
  putMarble(given.cluster, marble('web', startedUnder('other')));
  given.cluster.afterWrite = ({ verb, path }) => {
    if (verb === 'patch' && path.includes('/deployments/')) given.cluster.settle(path);
  };
  return given;
}

/** Does something once the wait has slept so often. */
function after(given: TestSession, sleeps: number, what: () => void): void {
  const sleep = given.clock.sleep.bind(given.clock);
  given.clock.sleep = async (...time) => {
    if (given.clock.sleeps.length === sleeps) what();
    await sleep(...time);
  };
}

/** What was changed of Marbles. */
const restarts = (given: TestSession): string[] =>
  commandsOf(given.cluster).filter((command) => command.includes('/shop/'));
const codes = (given: TestSession): string[] => given.report().findings.map(({ code }) => code);

describe('rollout with recovery.mode wait', () => {
  it('goes on by itself once the Coordinator is recovered, and restarts no Marble before', async () => {
    const given = waiting();
    after(given, 3, () => {
      expect(restarts(given)).to.deep.equal([]);
      given.answer = coordinator();
    });
    expect(await rollout(given)).to.equal(0);
    expect(restarts(given)).to.have.lengthOf(1);
    expect(given.clock.sleeps.slice(0, 3)).to.deep.equal([2000, 2000, 2000]);
    expect(recorded(given.cluster)).to.have.property('chartVersion', '0.1.0');
    expect(recorded(given.cluster).recoveryKeys).to.deep.equal({ parties: 2, threshold: 2 });
  });

  it('says the commands once and counts the missing parties down', async () => {
    const given = waiting();
    given.cluster.texts.set(logPath, 'GetStatus called');
    after(given, 2, () => given.cluster.texts.set(logPath, remaining(1)));
    after(given, 4, () => (given.answer = coordinator()));
    expect(await rollout(given)).to.equal(0);
    const said = given.progress.join('\n');
    expect(said.match(/port-forward pod\//g)).to.have.lengthOf(1);
    expect(given.progress[0])
      .to.contain('the recovery secret of all its 2 parties; the rollout then goes on by itself:')
      .and.to.contain('recoverySecretSignature');
    expect(given.progress.filter((line) => line.startsWith('Recovery: '))).to.deep.equal([
      `Recovery: pod/${pod().metadata.name} on sgx-1 is in state 1 Recovery; all 2 parties are needed, 2 are missing`,
      `Recovery: pod/${pod().metadata.name} on sgx-1 is in state 1 Recovery; all 2 parties are needed, 1 is missing`,
    ]);
  });

  it('repeats itself every 10 s, and asks for no log where there is one party', async () => {
    const one = record((r) => (r.recoveryKeys = { parties: 1, threshold: 1 }));
    const given = waiting();
    given.cluster.put(recordPath, {
      metadata: { name: 'marblerun-coordinator-record', namespace },
      data: { 'record.json': JSON.stringify(one) },
    });
    given.cluster.text = () => {
      throw new Error('the log was asked for');
    };
    after(given, 11, () => (given.answer = coordinator()));
    expect(await rollout(given)).to.equal(0);
    const lines = given.progress.filter((line) => line.startsWith('Recovery: '));
    expect(lines).to.have.lengthOf(3);
    expect(lines[0]).to.contain('the recovery secret of its only party is missing');
  });

  it('leaves an Event that says where the commands are', async () => {
    const given = waiting();
    after(given, 1, () => (given.answer = coordinator()));
    await rollout(given);
    const events = given.cluster.writes.filter(({ path }) => path.endsWith('/events'));
    expect(events[0]?.body).to.include({ type: 'Warning', reason: 'RolloutWaitsForRecovery' });
    expect((events[0]?.body as { message: string }).message).to.contain(
      'kubectl -n marblerun logs job/marblerun-coordinator-rollout has the commands.',
    );
  });

  it('ends at the deadline with the commands and exit code 3, and changes nothing', async () => {
    const given = waiting({ deadlineSeconds: 60 });
    expect(await rollout(given)).to.equal(3);
    expect(given.cluster.changes()).to.deep.equal([]);
    expect(codes(given)).to.deep.equal(['recovery-needed', 'rollout-incomplete']);
    const [needed, waited] = given.report().findings;
    expect(waited?.message).to.contain('in vain: Recovery: the time is up first; pod/');
    expect(needed?.remedy).to.contain('then run the same helm command again').and.contain('recoverySecret');
    expect(given.terminations[0]).to.contain('the time was up before the Coordinator was recovered');
    expect(fitsReport(given.report()), JSON.stringify(fitsReport.errors)).to.equal(true);
  });

  it('follows the Coordinator to another pod, with new commands, and records its node', async () => {
    const given = waiting();
    after(given, 2, () => {
      given.cluster.objects.delete(podPath);
    });
    after(given, 4, () => {
      const moved = pod(({ metadata, spec }) => {
        metadata.name = 'coordinator-2';
        metadata.uid = 'another';
        spec.nodeName = 'sgx-2';
      });
      given.cluster.put(paths.pod(namespace, 'coordinator-2'), moved);
    });
    after(given, 6, () => (given.answer = coordinator()));
    expect(await rollout(given)).to.equal(0);
    const said = given.progress.join('\n');
    expect(said)
      .to.contain(`port-forward pod/${pod().metadata.name} `)
      .and.to.contain('Recovery: it has no pod with an address')
      .and.to.contain('port-forward pod/coordinator-2 ')
      .and.to.contain('pod/coordinator-2 on sgx-2 is in state 1');
    expect(recorded(given.cluster).coordinator.node).to.equal('sgx-2');
  });

  it('goes on waiting while the Coordinator does not answer', async () => {
    const given = waiting();
    after(given, 2, () => (given.answer = undefined));
    after(given, 5, () => (given.answer = { state: 1 }));
    after(given, 6, () => (given.answer = coordinator()));
    expect(await rollout(given)).to.equal(0);
    expect(given.progress.join('\n')).to.contain('does not answer: connect ECONNREFUSED');
  });

  it('waits until the Deployment has rolled out again before it touches a Marble', async () => {
    const given = waiting();
    const path = paths.deployment(namespace, coordinatorName);
    after(given, 2, () => {
      given.cluster.put(
        path,
        deployment(({ status }) => Object.assign(status ?? {}, { readyReplicas: 0 })),
      );
      given.answer = coordinator();
    });
    after(given, 5, () => {
      expect(restarts(given)).to.deep.equal([]);
      given.cluster.settle(path);
    });
    expect(await rollout(given)).to.equal(0);
    expect(restarts(given)).to.have.lengthOf(1);
  });

  /** Code, title, what the Coordinator answers after the wait. */
  const ends: [string, string, SessionOptions['answer']][] = [
    ['state-lost', 'goes to state 2', { state: 2 }],
    [
      'state-replaced',
      'comes back with another root certificate',
      coordinator((c) => (c.rootCertificate = otherCertificate)),
    ],
    [
      'state-replaced',
      'comes back with another Manifest',
      coordinator(({ manifest }) => Object.assign(manifest ?? {}, { fingerprint: 'ff'.repeat(32) })),
    ],
  ];
  for (const [code, title, answer] of ends) {
    it(`ends at once with ${code} when the Coordinator ${title}, and changes nothing`, async () => {
      const given = waiting();
      after(given, 2, () => (given.answer = answer));
      expect(await rollout(given)).to.equal(1);
      expect(codes(given)).to.deep.equal([code]);
      expect(given.cluster.changes()).to.deep.equal([]);
    });
  }

  it('says so where nobody can recover it', async () => {
    const given = waiting({ deadlineSeconds: 10 });
    const none = record((r) => (r.recoveryKeys = { parties: 0, threshold: 0 }));
    given.cluster.put(recordPath, {
      metadata: { name: 'marblerun-coordinator-record', namespace },
      data: { 'record.json': JSON.stringify(none) },
    });
    expect(await rollout(given)).to.equal(3);
    expect(given.progress[0]).to.contain('nobody can recover it');
    expect(given.report().findings[0]?.remedy).to.contain('nobody can recover it');
  });
});
