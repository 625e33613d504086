import { expect } from 'chai';
import { setTimeout as delay } from 'node:timers/promises';
import type { ConfigMap } from '../../hooks/core/objects.ts';
import type { RolloutRecord } from '../../hooks/core/record.ts';
import type { Report } from '../../hooks/core/report.ts';
import { until } from '../lab/progress.ts';
import { begun, succeeded } from './begun.ts';
import { marblePods, meshFacts, type MeshFacts } from './mesh-facts.ts';
import { Release } from './release.ts';
import { afterwards, useLab } from './shared-lab.ts';
import { enter, leave, rowsOf, StatusByHand, WatchedStatus } from './status-run.ts';

const job = 'marblerun-coordinator-roll';

describe('a rollout that hands the Marbles to a Job', function () {
  this.timeout('5m');
  const lab = useLab();
  let release: Release;
  let initial: MeshFacts;
  let marbles: string[];
  let status: StatusByHand;
  let watched: WatchedStatus;

  before(async () => {
    release = await Release.prepare(lab(), 4);
    ({ initial, marbles } = await begun(
      release,
      release.install({ 'rollout.detach': 'true' }),
      'web',
      'store',
    ));
    status = await StatusByHand.prepare(release);
  });
  afterwards(async () => {
    watched.terminal.close();
    await release.remove();
  });

  /** An upgrade that restarts the Marbles, one after the other. */
  async function upgrade(nonce: string, more: Record<string, string> = {}): Promise<string> {
    const settings = { 'rollout.detach': 'true', 'rollout.nonce': nonce, 'rollout.maxConcurrent': '1' };
    const all = await succeeded(release.upgrade({ ...settings, ...more }, '--wait'));
    expect(all).to.contain('STATUS: deployed');
    return all;
  }

  async function data(name: string): Promise<Record<string, string>> {
    return (await lab().get<ConfigMap>('configmap', name, '-n', release.namespace)).data ?? {};
  }

  async function recorded(): Promise<RolloutRecord> {
    return JSON.parse((await data('marblerun-coordinator-record'))['record.json'] ?? '') as RolloutRecord;
  }

  async function report(): Promise<Report> {
    return JSON.parse((await data('marblerun-coordinator-report'))['report.json'] ?? '') as Report;
  }

  async function jobUid(): Promise<string> {
    return await release.kubectl('get', 'job', job, '-o', 'jsonpath={.metadata.uid}');
  }

  async function awaitEnd(): Promise<void> {
    await release.kubectl('wait', `job/${job}`, '--for=condition=complete', '--timeout=90s');
  }

  async function generations(): Promise<(number | undefined)[]> {
    const deployments = [await release.deployment('web'), await release.deployment('store')];
    return deployments.map(({ metadata }) => metadata.generation);
  }

  /** Lets each pod of a Marble count as available only after these seconds. */
  async function slow(seconds: string): Promise<void> {
    const patch = `{"spec":{"minReadySeconds":${seconds}}}`;
    await release.kubectl('patch', 'deployment', 'web', 'store', '--patch', patch);
  }

  /** Waits until the Job's program has begun to restart a Marble. */
  async function rolling(): Promise<void> {
    const began = async (): Promise<boolean> =>
      (await release.kubectl('logs', `job/${job}`).catch(() => '')).includes('Restarting ');
    await until(began, 60, () => Promise.resolve(new Error('the Job restarts nothing')));
  }

  it('says that they are not restarted yet, and how to follow that', async () => {
    const all = await upgrade('first');
    expect(all).to.contain('The Marbles are not restarted yet: that goes on in a Job.');
    expect(all).to.contain(`logs -f job/${job}`);
  });

  it('restarts them in the Job, which writes record, report and an Event', async () => {
    await awaitEnd();
    expect(await marblePods(release))
      .to.have.lengthOf(2)
      .and.not.to.include.members(marbles);
    expect(await generations()).to.deep.equal([2, 2]);
    const last = await report();
    expect(last).to.include({ command: 'rollout', outcome: 'passed' });
    expect(last.workloads?.map(({ outcome }) => outcome)).to.deep.equal(['restarted', 'restarted']);
    expect((await data('marblerun-coordinator-report'))['report.txt']).to.contain('Rollout done.');
    expect(await recorded()).to.include({ revision: 2 });
    const events = await release.kubectl('get', 'events', '--field-selector=reason=RolloutPassed');
    expect(events).to.contain('Rollout done.').and.to.contain('not restarted yet');
    expect(await meshFacts(release)).to.deep.equal(initial);
  });

  it('finds nothing to restart when it is asked for the same again', async () => {
    await upgrade('first');
    await awaitEnd();
    expect(await generations()).to.deep.equal([2, 2]);
    expect((await report()).actions).to.deep.equal([]);
  });

  it('is ended before another upgrade changes the Coordinator, which starts it anew', async () => {
    // So that it lasts longer than the upgrade takes to begin.
    await slow('15');
    await upgrade('second');
    await rolling();
    const running = await status.view();
    expect(running.outcome, running.verdict).to.equal('passed');
    expect(rowsOf(running, 'Detached roll')[`job/${job}`]).to.match(
      /^is running; [01] of 2 workloads are up to date$/,
    );
    const before = await jobUid();
    watched = await WatchedStatus.start(release);
    const all = await upgrade('second', { 'coordinator.debugLogging': 'true' });
    expect(all).to.contain(`ended job/${job}, which still restarted Marbles for an earlier upgrade`);
    expect(await jobUid()).not.to.equal(before);
    await awaitEnd();
    expect(await generations()).to.deep.equal([4, 4]);
    const roll = rowsOf(await status.view(), 'Detached roll');
    expect(roll).to.include({ [`job/${job}`]: 'is done' });
    expect(roll.Report).to.match(/^2 found, /);
  });

  it('was watched by status -w meanwhile, as a live view in a terminal, which is left as it was', async () => {
    const { terminal } = watched;
    await terminal.until(/Rollout hook\s+job\/marblerun-coordinator-rollout +is running/);
    await terminal.until(new RegExp(`Detached roll\\s+job/${job} +is done`));
    terminal.type('\u0003');
    expect(await terminal.ended).to.equal(0);
    const [live = '', after = ''] = terminal.written().split(leave);
    expect(live.startsWith(enter), live.slice(0, 200)).to.equal(true);
    expect(after).to.contain('The Coordinator accepts Marbles (state 3)').and.to.contain('is done');
    expect(after.trimEnd().endsWith('The terminal is as it was.'), after).to.equal(true);
  });

  it('was watched by status -w meanwhile, as a line for each change in a pipe', async () => {
    const { exitCode, all } = await watched.piped();
    expect(exitCode, all).to.equal(0);
    const changes = all.split('\n').filter((line) => /^\d{4}-\d\d-\d\dT\S+Z {2}/.test(line));
    const at = (pattern: RegExp): number => changes.findIndex((line) => pattern.test(line));
    const [gone, hook, rolls, done] = [
      at(new RegExp(`Detached roll, job/${job}: gone$`)),
      at(/Rollout hook, job\/marblerun-coordinator-rollout: is running; /),
      changes.findLastIndex((line) => line.includes(`Detached roll, job/${job}: is running; `)),
      at(new RegExp(`Detached roll, job/${job}: is done$`)),
    ];
    const text = changes.join('\n');
    expect([gone, hook, rolls, done], text).to.deep.equal(
      [gone, hook, rolls, done].toSorted((a, b) => a - b),
    );
    expect(gone, text).to.be.greaterThan(-1);
    expect(text).to.match(/Z {2}Coordinator, pod\/\S+: .*state 3 AcceptingMarbles/);
    expect(text).to.match(/Z {2}Coordinator, pod\/\S+: gone/);
    expect(text).not.to.contain('This look failed');
  });

  it('continues after its pod was killed, and restarts each Marble once', async () => {
    await upgrade('third', { 'coordinator.debugLogging': 'true' });
    await rolling();
    const [pod] = await release.pods(`job-name=${job}`);
    await release.kubectl('delete', 'pod', pod?.metadata.name ?? '', '--grace-period=0', '--force');
    await awaitEnd();
    expect(await generations()).to.deep.equal([5, 5]);
    expect((await report()).outcome).to.equal('passed');
    expect(await meshFacts(release)).to.deep.equal(initial);
  });

  it('goes with the release', async () => {
    await lab().helm(4, ['uninstall', release.name, '-n', release.namespace, '--wait']);
    const left = async (): Promise<string> =>
      await release.kubectl('get', 'job,role,rolebinding,serviceaccount,configmap', '-o', 'name');
    for (let tries = 60; tries > 0 && (await left()).includes(job); tries--) await delay(500);
    expect(await left()).not.to.contain(job);
    const cluster = await lab().kubectl('get', 'clusterroles,clusterrolebindings', '-o', 'name');
    expect(cluster).not.to.contain(`${job}-${release.namespace}`);
  });
});
