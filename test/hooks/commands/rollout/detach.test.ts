import { Ajv } from 'ajv';
import { expect } from 'chai';
import { rollout } from '../../../../hooks/commands/rollout.ts';
import type { Job } from '../../../../hooks/core/detach.ts';
import { SettingsError } from '../../../../hooks/core/settings.ts';
import { paths } from '../../../../hooks/io/paths.ts';
import recordSchema from '../../../../schemas/record.schema.json' with { type: 'json' };
import reportSchema from '../../../../schemas/report.schema.json' with { type: 'json' };
import { marble, namespace, pod, record } from '../../builders.ts';
import { commandsOf } from '../../commands.ts';
import { putMarble, settleAfter, startedUnder } from '../../marbles.ts';
import { recorded, recordPath } from '../../record.ts';
import { rejection } from '../../rejection.ts';
import { session, type SessionOptions, type TestSession } from '../../session.ts';

const fitsReport = new Ajv().compile(reportSchema);
const fitsRecord = new Ajv().compile(recordSchema);
const jobPath = paths.job(namespace, 'marblerun-coordinator-roll');
const jobsPath = paths.jobs(namespace);
const reportPath = paths.configMap(namespace, 'marblerun-coordinator-report');
const pinPath = paths.pod(namespace, 'marblerun-coordinator-pin');

/** A rollout of a release with `rollout.detach`, and a Marble that has to restart. */
function detaching(options: SessionOptions = {}): TestSession {
  const given = session({
    ...options,
    settings: (settings) => {
      settings.rollout.detach = true;
      settings.rollout.nonce = 'changed';
      options.settings?.(settings);
    },
  });
  given.files.roll = rollJob();
  putMarble(given.cluster, marble('web', startedUnder('other')));
  return given;
}

const rollJob = (): Job => ({ metadata: { name: 'marblerun-coordinator-roll', namespace } });
const withoutReport = (given: TestSession): string[] =>
  commandsOf(given.cluster).filter(
    (command) => !command.includes('report') && !command.endsWith('/configmaps'),
  );

/** What the ConfigMap of the report holds. */
function kept({ cluster }: TestSession): Record<string, string> {
  return (cluster.objects.get(reportPath) as unknown as { data: Record<string, string> }).data;
}

describe('rollout with rollout.detach', () => {
  it('verifies the Coordinator, records it, starts the Job and is done', async () => {
    const given = detaching();
    expect(await rollout(given)).to.equal(0);
    expect(withoutReport(given)).to.deep.equal([`patch ${recordPath}`, `create ${jobsPath}`]);
    const job = given.cluster.objects.get(jobPath);
    expect(job?.metadata.ownerReferences?.[0]).to.include({
      kind: 'Deployment',
      name: 'marblerun-coordinator',
    });
    expect(given.clock.sleeps).to.deep.equal([]);
  });

  it('does not say in the record that Marbles started under the new conditions', async () => {
    const given = detaching();
    await rollout(given);
    expect(recorded(given.cluster).startedUnder).to.equal(record().startedUnder);
    const { completed } = record();
    expect(recorded(given.cluster)).to.include({ chartVersion: '0.1.0', revision: 7, completed });
    expect(fitsRecord(recorded(given.cluster)), JSON.stringify(fitsRecord.errors)).to.equal(true);
  });

  it('says plainly that the Marbles are not restarted yet, and how to follow that', async () => {
    const given = detaching();
    await rollout(given);
    const report = given.report();
    expect(report.findings.map(({ code }) => code)).to.deep.equal(['roll-detached']);
    expect(report.actions).to.deep.equal(['started job/marblerun-coordinator-roll for the Marbles']);
    expect(fitsReport(report), JSON.stringify(fitsReport.errors)).to.equal(true);
    const verdict = 'Coordinator verified. The Marbles are not restarted yet: that goes on in a Job.';
    expect(given.terminations[0]).to.contain(verdict);
    expect(kept(given)['report.txt']).to.contain(verdict);
    expect(JSON.parse(kept(given)['report.json'] ?? '')).to.deep.equal(report);
  });

  it('removes the Job of an earlier roll first and waits until it is gone', async () => {
    const given = detaching();
    given.cluster.put(jobPath, rollJob());
    const remove = given.cluster.delete.bind(given.cluster);
    const queries: unknown[] = [];
    given.cluster.delete = async (path: string, query?: unknown) => {
      queries.push(query);
      await remove(path);
      // As a deletion in the foreground: the Job is there until its pod has ended.
      given.cluster.put(path, { metadata: { ...rollJob().metadata, deletionTimestamp: 'now' } });
    };
    given.cluster.beforeGet = (path) => {
      if (path === jobPath && given.clock.sleeps.length === 2) given.cluster.objects.delete(path);
    };
    expect(await rollout(given)).to.equal(0);
    expect(queries).to.deep.equal([{ propagationPolicy: 'Foreground' }]);
    expect(given.progress[0]).to.equal('job/marblerun-coordinator-roll: an earlier roll is ending');
    expect(withoutReport(given)).to.deep.equal([
      `delete ${jobPath}`,
      `patch ${recordPath}`,
      `create ${jobsPath}`,
    ]);
  });

  it('takes a Job that another pod of the hook made at the same moment for its own', async () => {
    const given = detaching();
    const create = given.cluster.create.bind(given.cluster);
    given.cluster.create = async <T>(path: string, object: object) => {
      if (path === jobsPath) given.cluster.put(jobPath, object);
      return await create<T>(path, object);
    };
    expect(await rollout(given)).to.equal(0);
  });

  for (const [state, code] of [
    [1, 1],
    [2, 1],
  ] as const) {
    it(`starts no Job in state ${state}, and keeps the report`, async () => {
      const given = detaching({ answer: { state } });
      expect(await rollout(given)).to.equal(code);
      expect(withoutReport(given)).to.deep.equal([]);
      expect(JSON.parse(kept(given)['report.json'] ?? '')).to.deep.equal(given.report());
    });
  }

  it('is done though its report cannot be kept, and says so', async () => {
    const given = detaching();
    const error = { kind: 'forbidden' as const, message: 'configmaps is forbidden' };
    given.cluster.refusals.push({ verb: 'patch', path: /report$/, error });
    expect(await rollout(given)).to.equal(0);
    expect(given.progress.at(-1)).to.equal('No report was kept: configmaps is forbidden');
  });

  it('names the file that an older chart does not give', async () => {
    const given = detaching();
    given.files.roll = undefined;
    expect(await rejection(rollout(given))).to.be.instanceOf(SettingsError);
  });
});

describe('the detached rollout', () => {
  it('restarts the Marbles, and only then says in the record what they started under', async () => {
    const given = detaching({ detached: true });
    settleAfter(given, 2);
    given.cluster.afterWrite = ((before) => (write) => {
      if (write.path.includes('/shop/')) {
        expect(recorded(given.cluster).startedUnder).to.equal(record().startedUnder);
      }
      before(write);
    })(given.cluster.afterWrite);
    expect(await rollout(given)).to.equal(0);
    expect(withoutReport(given)).to.deep.equal([
      `patch ${paths.deployment('shop', 'web')}`,
      `patch ${recordPath}`,
    ]);
    expect(recorded(given.cluster).startedUnder).to.not.equal(record().startedUnder);
    expect(recorded(given.cluster).completed).to.equal(recorded(given.cluster).time);
    expect(given.report().findings).to.deep.equal([]);
    expect(kept(given)['report.txt']).to.contain('Rollout done.');
  });

  it('does not count the rollout again that the hook has counted', async () => {
    const hook = detaching();
    await rollout(hook);
    const job = detaching({ cluster: hook.cluster, detached: true });
    settleAfter(job, 1);
    await rollout(job);
    expect(recorded(job.cluster).revision).to.equal(7);
  });

  it('leaves the pin to the hook', async () => {
    const given = detaching({ detached: true });
    settleAfter(given, 1);
    given.cluster.put(pinPath, pod());
    expect(await rollout(given)).to.equal(0);
    expect(given.cluster.objects.has(pinPath)).to.equal(true);
  });
});
