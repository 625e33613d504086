import { expect } from 'chai';
import { restore, type RestoreTools } from '../../../hooks/commands/restore.ts';
import { restoreName } from '../../../hooks/core/backup/restore-job.ts';
import type { RestoreJob } from '../../../hooks/core/restore/job.ts';
import { restoreAnnotation } from '../../../hooks/core/restore/note.ts';
import { paths } from '../../../hooks/io/paths.ts';
import { coordinator, namespace } from '../builders.ts';
import type { ByHand } from '../by-hand.ts';
import { commandsOf } from '../commands.ts';
import {
  coordinatorFollows,
  deploymentNow,
  deploymentPath,
  jobPath,
  jobPodPath,
  lostVolume,
  play,
  podPath,
} from '../lost-volume.ts';
import { rejection } from '../rejection.ts';

const second = 'marblerun-coordinator-backup-2';

describe('restore by hand', () => {
  it('stops the Coordinator, has the newest copy put back, and starts it as it was', async () => {
    const given = lostVolume();
    expect(await run(given)).to.equal(0);
    expect(commandsOf(given.cluster)).to.deep.equal([
      `patch ${deploymentPath}`,
      `create ${paths.jobs(namespace)}`,
      `delete ${jobPath}`,
      `patch ${deploymentPath}`,
    ]);
    const job = given.cluster.writes.find(({ verb, path }) => verb === 'create' && path.endsWith('/jobs'));
    expect((job?.body as RestoreJob).spec.template.spec.containers[0]?.env).to.deep.equal([
      { name: 'COPY', value: second },
      { name: 'REPLACE', value: 'no' },
    ]);
    expect(deploymentNow(given).spec.replicas).to.equal(1);
    expect(deploymentNow(given).metadata.annotations).not.to.have.property(restoreAnnotation);
    expect(given.results[0]).to.match(/^Restored it\.\nThe Coordinator is in state 1 Recovery: recover it/);
  });

  it('says beforehand what it does, and does nothing unless the person agrees', async () => {
    const given = lostVolume();
    const asked: string[] = [];
    const confirm = async (question: string): Promise<boolean> => {
      asked.push(question);
      return await Promise.resolve(false);
    };
    expect(await run(given, { yes: false, confirm })).to.equal(1);
    expect(asked).to.deep.equal(['Restore it?']);
    expect(given.progress.join('\n'))
      .to.contain(`The copy in secret/${second} (2026-11-02T12:00:00.000Z, Coordinator v1.9.1`)
      .and.to.contain('Marbles that run go on running')
      .and.to.contain('the key that the CPU of node sgx-1 sealed');
    expect(given.results[0]).to.equal('You did not agree.\nNothing was changed.');
    expect(given.cluster.changes()).to.deep.equal([]);
  });

  it('asks for --yes where nobody can answer', async () => {
    const given = lostVolume();
    const error = await rejection(restore({ ...toolsOf(given), yes: false, confirm: undefined }));
    expect(error.name).to.equal('SettingsError');
    expect(error.message).to.contain('give --yes');
  });

  it('puts no copy in the place of a state, unless it is told to', async () => {
    const given = lostVolume();
    given.answer = coordinator();
    expect(await run(given)).to.equal(1);
    expect(given.results[0]).to.match(/holds a state: it is in state 3 AcceptingMarbles\.\n.*--replace/);
    expect(given.cluster.changes()).to.deep.equal([]);
    expect(await run(given, { wish: { copy: 'marblerun-coordinator-backup-1', replace: true } })).to.equal(0);
    expect(given.progress.join('\n'))
      .to.contain('Lost to it is what came after 2026-11-01')
      .and.to.contain('sealed_data.before-restore-TIME');
    expect(given.results[1]).to.contain('state 1 Recovery');
  });

  it('takes nothing for an empty volume while the Coordinator does not answer', async () => {
    const given = lostVolume();
    given.answer = undefined;
    expect(await run(given)).to.equal(1);
    expect(given.results[0]).to.contain('does not say whether it holds a state');
  });

  const refusals: [string, (given: ByHand) => void, number, RegExp][] = [
    [
      'there is no copy',
      ({ cluster }) => {
        for (const n of [1, 2])
          cluster.objects.delete(paths.secret(namespace, `marblerun-coordinator-backup-${n}`));
      },
      1,
      /There is no copy of a sealed state in namespace marblerun/,
    ],
    [
      'the release does without copies',
      ({ cluster }) => cluster.objects.delete(paths.cronJob(namespace, restoreName)),
      1,
      /There is no cronjob\/marblerun-coordinator-restore/,
    ],
    [
      'a right is missing',
      ({ cluster }) => cluster.denied.add('create jobs'),
      3,
      /You may not create jobs.batch/,
    ],
    [
      'the claim is gone, and no release tells how it was',
      ({ cluster }) => {
        cluster.objects.delete(paths.claim(namespace, 'coordinator-pv-claim'));
      },
      1,
      /persistentvolumeclaim\/coordinator-pv-claim is not there, and no Helm release/,
    ],
  ];
  for (const [title, arrange, code, text] of refusals) {
    it(`changes nothing when ${title}`, async () => {
      const given = lostVolume();
      arrange(given);
      expect(await run(given)).to.equal(code);
      expect(given.results[0]).to.match(text).and.to.contain('Nothing was changed.');
      expect(given.cluster.changes()).to.deep.equal([]);
    });
  }

  it('starts the Coordinator again when the Job found another state, and ends with 1', async () => {
    const given = lostVolume({
      said: 'The volume holds another sealed state.\nNothing was changed.',
      code: 1,
    });
    expect(await run(given)).to.equal(1);
    expect(deploymentNow(given).spec.replicas).to.equal(1);
    expect(given.results[0]).to.contain('holds another sealed state');
  });

  it('leaves the Coordinator stopped when the Job failed midway, and finishes when it is run again', async () => {
    const given = lostVolume({ said: 'killed', code: 137 });
    expect(await run(given)).to.equal(3);
    expect(given.results[0]).to.match(
      /failed: killed\.\nThe Coordinator stays stopped\.\nRun the same command again/,
    );
    expect(deploymentNow(given).spec.replicas).to.equal(0);
    play(given, { said: 'Restored it.', code: 0 });
    expect(await run(given)).to.equal(0);
    expect(given.progress.join('\n')).to.contain('A restore was interrupted here. This finishes it.');
    expect(deploymentNow(given).spec.replicas).to.equal(1);
  });

  it('says what was done when it is stopped, and goes on with the same copy and as many Coordinators', async () => {
    const given = lostVolume();
    Object.assign(given.cluster.objects.get(deploymentPath)?.spec ?? {}, { replicas: 2 });
    given.cluster.afterWrite = ({ path }) => {
      if (path.endsWith('/jobs')) given.clock.deadline.abort(new Error('stopped by SIGINT'));
      else coordinatorFollows(given, path);
    };
    expect(await run(given, { wish: { copy: 'marblerun-coordinator-backup-1', replace: true } })).to.equal(3);
    expect(given.results[0]).to.match(
      /stopped by SIGINT.*\nDone by then: stopped the Coordinator\.\nRun the same/,
    );
    expect(given.cluster.objects.has(jobPath)).to.equal(false);
    const next = lostVolume();
    next.cluster.put(deploymentPath, deploymentNow(given));
    next.cluster.objects.delete(podPath);
    expect(await run(next)).to.equal(0);
    const job = next.cluster.writes.find(({ path }) => path.endsWith('/jobs'))?.body as RestoreJob;
    expect(job.spec.template.spec.containers[0]?.env?.map(({ value }) => value)).to.deep.equal([
      'marblerun-coordinator-backup-1',
      'yes',
    ]);
    expect(deploymentNow(next).spec.replicas).to.equal(2);
  });

  it('starts no Coordinator before the pod of the Job is gone, beside which none is scheduled', async () => {
    const given = lostVolume();
    const { afterWrite } = given.cluster;
    given.cluster.afterWrite = (write) => {
      if (write.path !== jobPath) afterWrite(write);
    };
    given.clock.onSleep = () => {
      if (given.cluster.objects.has(jobPath)) return;
      expect(deploymentNow(given).spec.replicas).to.equal(0);
      given.cluster.objects.delete(jobPodPath);
    };
    expect(await run(given)).to.equal(0);
    expect(given.progress.at(-1)).to.contain('on its way out');
  });

  it('gives up when somebody starts the Coordinator meanwhile', async () => {
    const given = lostVolume();
    given.cluster.afterWrite = ({ path }) => {
      coordinatorFollows(given, path);
      if (path.endsWith('/jobs')) Object.assign(deploymentSpec(given), { replicas: 1 });
    };
    expect(await run(given)).to.equal(1);
    expect(given.results[0]).to.contain('somebody set the replica count of the Coordinator back to 1');
  });

  it('says when the Coordinator does not take up the state, or does not answer', async () => {
    const empty = lostVolume({ said: 'Restored it.', code: 0, state: 2 });
    expect(await run(empty)).to.equal(1);
    expect(empty.results[0]).to.contain('did not take up the restored state');
    const silent = lostVolume({ said: 'Restored it.', code: 0, state: 0 });
    expect(await run(silent)).to.equal(3);
    expect(silent.results[0]).to.contain('does not answer yet');
  });
});

function deploymentSpec(given: ByHand): object {
  return deploymentNow(given).spec;
}

function toolsOf(given: ByHand): RestoreTools {
  return {
    ...given,
    wish: { copy: '', replace: false },
    confirm: undefined,
    yes: true,
    driver: '',
    format: 'text',
  };
}

async function run(given: ByHand, more: Partial<RestoreTools> = {}): Promise<number> {
  return await restore({ ...toolsOf(given), ...more });
}
