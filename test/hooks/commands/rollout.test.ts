import { Ajv } from 'ajv';
import { expect } from 'chai';
import { RolloutFailure } from '../../../hooks/commands/deployment-wait.ts';
import { preflight } from '../../../hooks/commands/preflight.ts';
import { rollout } from '../../../hooks/commands/rollout.ts';
import type { Deployment } from '../../../hooks/core/objects.ts';
import { paths } from '../../../hooks/io/paths.ts';
import { DeadlineError } from '../../../hooks/io/wait.ts';
import recordSchema from '../../../schemas/record.schema.json' with { type: 'json' };
import reportSchema from '../../../schemas/report.schema.json' with { type: 'json' };
import {
  coordinator,
  coordinatorName,
  image,
  manifestFingerprint,
  marble,
  namespace,
  otherCertificate,
  pod,
} from '../builders.ts';
import { commandsOf } from '../commands.ts';
import { putMarble, startedUnder } from '../marbles.ts';
import { rejection } from '../rejection.ts';
import { recorded, recordPath } from '../record.ts';
import { session, type SessionOptions } from '../session.ts';

const deploymentPath = paths.deployment(namespace, coordinatorName);
const pinPath = paths.pod(namespace, 'marblerun-coordinator-pin');
const fitsReport = new Ajv().compile(reportSchema);
const fitsRecord = new Ajv().compile(recordSchema);

describe('rollout', () => {
  it('writes the record when the same state is in force', async () => {
    const given = session({
      settings: ({ values }) => Object.assign(values.coordinator as object, { storageSize: '20Mi' }),
    });
    expect(await rollout(given)).to.equal(0);
    expect(commandsOf(given.cluster)).to.deep.equal([`patch ${recordPath}`]);
    expect(recorded(given.cluster)).to.deep.include({
      chartVersion: '0.1.0',
      coordinator: { version: 'v1.9.1', image: `${image}:v1.8.0`, node: 'sgx-1' },
      manifestFingerprint,
      values: { coordinator: { storageSize: '20Mi' } },
      completed: recorded(given.cluster).time,
    });
    expect(fitsRecord(recorded(given.cluster)), JSON.stringify(fitsRecord.errors)).to.equal(true);
    expect(fitsReport(given.report()), JSON.stringify(fitsReport.errors)).to.equal(true);
  });

  it('writes a record without a Manifest in state 2', async () => {
    const given = session({ answer: { state: 2 } });
    given.cluster.objects.delete(recordPath);
    expect(await rollout(given)).to.equal(0);
    expect(recorded(given.cluster)).to.not.have.any.keys(
      'rootCertificate',
      'manifestFingerprint',
      'startedUnder',
    );
    expect(given.report().findings.map(({ code }) => code)).to.deep.equal(['manifest-needed']);
    expect(fitsRecord(recorded(given.cluster)), JSON.stringify(fitsRecord.errors)).to.equal(true);
  });

  for (const [state, writes] of [
    [2, 0],
    [3, 1],
  ] as const) {
    it(`puts ${writes === 0 ? 'nothing' : 'a new one'} in the place of a record that it cannot read, in state ${state}`, async () => {
      const given = session({ answer: state === 3 ? coordinator() : { state } });
      given.cluster.put(recordPath, {
        metadata: { name: 'record', namespace },
        data: { 'record.json': '{' },
      });
      expect(await rollout(given)).to.equal(0);
      expect(given.cluster.changes()).to.have.lengthOf(writes);
      expect(given.report().findings.map(({ code }) => code)).to.include('record-unreadable');
    });
  }

  /** Code, when, what the Coordinator answers. */
  const blocked: [string, string, SessionOptions][] = [
    ['recovery-needed', 'in state 1', { answer: { state: 1 } }],
    ['state-lost', 'in state 2', { answer: { state: 2 } }],
    [
      'state-replaced',
      'with another root certificate',
      { answer: coordinator((c) => (c.rootCertificate = otherCertificate)) },
    ],
    [
      'state-replaced',
      'with another Manifest',
      {
        answer: coordinator(({ manifest }) =>
          Object.assign(manifest ?? {}, { fingerprint: 'ff'.repeat(32) }),
        ),
      },
    ],
    ['rollout-incomplete', 'in a state that is not known', { answer: { state: 9 } }],
  ];
  for (const [code, title, options] of blocked) {
    it(`changes nothing on ${code} ${title}: no Marble, no record, no pin`, async () => {
      const given = session(options);
      putMarble(given.cluster, marble('web'));
      given.cluster.put(pinPath, pod());
      expect(await rollout(given)).to.equal(1);
      expect(given.cluster.changes()).to.deep.equal([]);
      expect(given.report().findings.map((finding) => finding.code)).to.include(code);
      expect(given.terminations[0]).to.contain(code);
      expect(fitsReport(given.report()), JSON.stringify(fitsReport.errors)).to.equal(true);
    });
  }

  for (const [state, restart] of [
    [1, 'always'],
    [2, 'always'],
    [1, 'auto'],
    [2, 'auto'],
  ] as const) {
    it(`never touches a Marble in state ${state} with rollout.restart ${restart}`, async () => {
      const given = session({
        answer: { state },
        settings: ({ rollout: settings }) => {
          settings.restart = restart;
          settings.nonce = 'changed';
        },
      });
      given.cluster.objects.delete(recordPath);
      putMarble(given.cluster, marble('web', startedUnder('other')));
      await rollout(given);
      expect(commandsOf(given.cluster).filter((command) => command.includes('shop'))).to.deep.equal([]);
    });
  }

  it('follows a loss of state that preflight was told to accept, and neither says or writes it again', async () => {
    const given = session({ answer: { state: 2 } });
    expect(await preflight(given)).to.equal(1);
    const lost = given.report().findings.find(({ code }) => code === 'state-lost');
    given.files.settings.hooks.acknowledge = [lost?.token ?? ''];
    expect(await preflight(given)).to.equal(0);
    expect(recorded(given.cluster)).to.not.have.any.keys('rootCertificate', 'manifestFingerprint');
    given.cluster.writes.length = 0;
    expect(await preflight(given)).to.equal(0);
    expect(given.cluster.changes()).to.deep.equal([]);
    expect(await rollout(given)).to.equal(0);
    expect(given.report().findings.map(({ code }) => code)).to.deep.equal(['manifest-needed']);
  });

  it('updates the record when another pod of the Job makes it at the same moment', async () => {
    const given = session();
    given.cluster.objects.delete(recordPath);
    const create = given.cluster.create.bind(given.cluster);
    given.cluster.create = async <T>(path: string, object: object) => {
      if (path.endsWith('/configmaps')) given.cluster.put(recordPath, object);
      return await create<T>(path, object);
    };
    expect(await rollout(given)).to.equal(0);
    expect(recorded(given.cluster)).to.have.property('chartVersion', '0.1.0');
  });

  it('waits for the Coordinator before it asks for its state', async () => {
    const given = session();
    const live = given.cluster.objects.get(deploymentPath) as unknown as Deployment;
    live.metadata.generation = 4;
    let looks = 0;
    given.cluster.beforeGet = (path) => {
      if (path === deploymentPath && ++looks === 4) given.cluster.settle(path);
    };
    expect(await rollout(given)).to.equal(0);
    expect(given.clock.sleeps).to.deep.equal([1000, 1000, 1000]);
    expect(given.progress[0]).to.contain('waiting for the Deployment controller to see the change');
  });

  it('waits for an answer of a Coordinator that has just become ready', async () => {
    const given = session({ answer: undefined });
    const sleep = given.clock.sleep.bind(given.clock);
    given.clock.sleep = async (...time) => {
      if (given.clock.sleeps.length === 2) given.answer = coordinator();
      await sleep(...time);
    };
    expect(await rollout(given)).to.equal(0);
    expect(given.progress[0]).to.contain('does not answer: connect ECONNREFUSED');
  });

  it('ends with a DeadlineError that says what the pod is stuck on, and changes nothing', async () => {
    const given = session({ deadlineSeconds: 20 });
    const live = given.cluster.objects.get(deploymentPath) as unknown as Deployment;
    live.status = { observedGeneration: 3 };
    const waiting = { reason: 'ImagePullBackOff', message: 'Back-off pulling image' };
    given.cluster.put(
      paths.pod(namespace, pod().metadata.name),
      pod((p) => {
        p.status = {
          phase: 'Pending',
          containerStatuses: [{ name: 'coordinator', ready: false, restartCount: 0, state: { waiting } }],
        };
      }),
    );
    const error = await rejection(rollout(given));
    expect(error).to.be.instanceOf(DeadlineError);
    expect(error.message).to.contain('the time is up first').and.to.contain('ImagePullBackOff');
    expect(given.cluster.writes).to.deep.equal([]);
  });

  it('fails at once when the Deployment is gone', async () => {
    const given = session();
    given.cluster.objects.delete(deploymentPath);
    const error = await rejection(rollout(given));
    expect(error).to.be.instanceOf(RolloutFailure);
    expect(error.message).to.equal('deployment/marblerun-coordinator in marblerun is not there');
    expect(given.clock.sleeps).to.deep.equal([]);
  });

  it('fails at once when the Deployment is stuck', async () => {
    const given = session();
    const live = given.cluster.objects.get(deploymentPath) as unknown as Deployment;
    live.status = {
      observedGeneration: 3,
      conditions: [
        { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'timed out' },
      ],
    };
    expect((await rejection(rollout(given))).message).to.contain('progress deadline: timed out');
  });

  it('removes the pin only after the anchor runs', async () => {
    const given = session();
    given.cluster.put(pinPath, pod());
    const anchor = paths.deployment(namespace, 'marblerun-coordinator-anchor');
    (given.cluster.objects.get(anchor) as unknown as Deployment).status = { observedGeneration: 3 };
    let looks = 0;
    given.cluster.beforeGet = (path) => {
      if (path !== anchor) return;
      expect(given.cluster.objects.has(pinPath)).to.equal(true);
      if (++looks === 3) given.cluster.settle(anchor);
    };
    expect(await rollout(given)).to.equal(0);
    expect(looks).to.equal(3);
    expect(given.cluster.objects.has(pinPath)).to.equal(false);
    expect(given.report().actions).to.deep.equal(['removed the pin pod; the anchor holds the node now']);
  });

  it('does not forget that it removed the pin when the record is refused then', async () => {
    const given = session();
    given.cluster.put(pinPath, { metadata: { name: 'marblerun-coordinator-pin', namespace } });
    const error = { kind: 'forbidden' as const, message: 'configmaps is forbidden' };
    given.cluster.refusals.push({ verb: 'patch', path: /configmaps/, error });
    await rejection(rollout(given));
    expect(given.done).to.deep.equal(['removed the pin pod; the anchor holds the node now']);
  });

  it('waits for no anchor when the chart makes none', async () => {
    const given = session({ settings: ({ anchor }) => (anchor.deployment = '') });
    given.cluster.objects.delete(paths.deployment(namespace, 'marblerun-coordinator-anchor'));
    expect(await rollout(given)).to.equal(0);
  });
});
