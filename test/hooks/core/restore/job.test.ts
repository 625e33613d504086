import { expect } from 'chai';
import { jobEnd, restoreJob, restoreJobName, saidByJob } from '../../../../hooks/core/restore/job.ts';
import type { Pod } from '../../../../hooks/core/objects.ts';
import { pod } from '../../builders.ts';
import { cronJob, endedWith } from '../../by-hand.ts';

const note = { replicas: 1, copy: 'marblerun-coordinator-backup-2', replace: true };
const job = restoreJob(cronJob(), note);

describe('the Job of a restore by hand', () => {
  it('is that of the CronJob, told what to restore', () => {
    expect(job.metadata).to.deep.include({
      name: restoreJobName,
      annotations: { 'cronjob.kubernetes.io/instantiate': 'manual' },
    });
    expect(job.metadata.ownerReferences?.[0]).to.include({ kind: 'CronJob', uid: 'c0de' });
    const { containers, volumes } = job.spec.template.spec;
    expect(containers[0]?.env).to.deep.equal([
      { name: 'COPY', value: 'marblerun-coordinator-backup-2' },
      { name: 'REPLACE', value: 'yes' },
    ]);
    expect(volumes).to.deep.equal(cronJob().spec.jobTemplate.spec.template.spec.volumes);
  });

  it('keeps what else the CronJob sets', () => {
    const given = cronJob();
    given.spec.jobTemplate.metadata = { labels: { team: 'mesh' } };
    Object.assign(given.spec.jobTemplate.spec, { backoffLimit: 0 });
    const made = restoreJob(given, note);
    expect(made.metadata.labels).to.deep.equal({ team: 'mesh' });
    expect(made.spec).to.include({ backoffLimit: 0 });
  });

  it('ends as its pod does', () => {
    const ended = (status: Pod['status']): Pod => pod((object) => Object.assign(object, { status }));
    expect(jobEnd(job, ended(endedWith('Restored.')))).to.deep.equal({ kind: 'restored', text: 'Restored.' });
    expect(jobEnd(job, ended(endedWith('Another state.', 1)))).to.include({ kind: 'refused' });
    expect(jobEnd(job, ended(endedWith('', 137)))).to.include({ kind: 'unknown' });
  });

  it('ends without a pod when it is deleted, or its time is up', () => {
    expect(jobEnd(undefined, undefined)).to.deep.equal({ kind: 'unknown', text: 'somebody deleted the Job' });
    const message = 'Job was active longer than specified deadline';
    const conditions = [{ type: 'Failed', status: 'True', reason: 'DeadlineExceeded', message }];
    expect(jobEnd({ ...job, status: { conditions } }, undefined)).to.include({ text: message });
  });

  it('says what it waits for', () => {
    expect(jobEnd(job, undefined)).to.equal('starting');
    const message = '0/1 nodes are available';
    const conditions = [{ type: 'PodScheduled', status: 'False', message }];
    const waiting = pod((object) => (object.status = { phase: 'Pending', conditions }));
    expect(jobEnd(job, waiting)).to.contain(message);
  });

  it('speaks of Jobs and their variables to those who made one, not to those who ran the program', () => {
    const said = 'Restored it.\nThe copy has no key. Start the Coordinator: it comes up in state 1.';
    expect(saidByJob(said)).to.deep.equal(['Restored it.']);
    expect(saidByJob('To put it there, run the Job with REPLACE=yes.')).to.deep.equal([
      'To put it there, give --replace.',
    ]);
  });
});
