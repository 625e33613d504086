import { expect } from 'chai';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { giveVolume } from '../lab/volumes.ts';
import { copiesOf, volumeOf } from './backups.ts';
import { documentedCommands, runDocumented } from './documented-commands.ts';
import { begun, succeeded } from './begun.ts';
import { marblePods, meshFacts, type MeshFacts, type SetManifest } from './mesh-facts.ts';
import { recoverAsPrinted } from './printed-commands.ts';
import { kubeconfigOf, runCommand } from './own-commands.ts';
import { Release } from './release.ts';
import { afterwards, useLab } from './shared-lab.ts';
import { rowsOf, StatusByHand } from './status-run.ts';

const page = 'docs/backup.md';
const coordinator = 'deployment/marblerun-coordinator';

describe('a Coordinator that has lost its volume', function () {
  this.timeout('5m');
  const lab = useLab();
  let release: Release;
  let initial: MeshFacts;
  let manifest: SetManifest;
  let marbles: string[];
  let printed: string;
  let status: StatusByHand;

  before(async () => {
    release = await Release.prepare(lab(), 4, { backups: true });
    ({ manifest, initial, marbles } = await begun(release, release.install(), 'web'));
    const all = await succeeded(runCommand(release, ['backup']));
    expect(all).to.contain('Copied the sealed state into secret/marblerun-coordinator-backup-1');
  });
  afterwards(() => release.remove());

  it('has a copy of its state, which the documented commands list', async () => {
    const [byProgram = '', list = ''] = await documentedCommands(page, 'Where the copies are', release);
    expect(await runDocumented(release, byProgram)).to.match(/^marblerun-coordinator-backup-1 .* in force$/m);
    const listed = await runDocumented(release, list);
    expect(listed).to.match(
      new RegExp(`^marblerun-coordinator-backup-1 +2\\S+Z +v1.9.1 +${initial.node}$`, 'm'),
    );
  });

  it('takes no copy while it runs: the Job waits for it to stop', async () => {
    const from = '--from=cronjob/marblerun-coordinator-restore';
    await release.kubectl('create', 'job', 'too-early', from);
    await release.kubectl(
      ...['wait', 'pod', '-l', 'job-name=too-early', '--timeout=30s'],
      '--for=condition=PodScheduled=false',
    );
    const [pod] = await release.pods('job-name=too-early');
    expect(pod?.status?.conditions?.[0]?.message).to.contain('anti-affinity');
    await release.kubectl('delete', 'job', 'too-early');
    expect(await meshFacts(release)).to.deep.equal(initial);
  });

  it('is gone with its claim, its volume and even its copy', async () => {
    const [, , save = ''] = await documentedCommands(page, 'Where the copies are', release);
    await runDocumented(release, save);
    await release.kubectl('scale', coordinator, '--replicas=0');
    await release.kubectl('delete', 'persistentvolumeclaim', 'coordinator-pv-claim', '--timeout=60s');
    const folder = volumeOf(release);
    for (const file of await readdir(folder)) await rm(join(folder, file), { recursive: true });
    await giveVolume(lab(), release.namespace);
    await release.kubectl('delete', 'secret', 'marblerun-coordinator-backup-1');
    expect(await copiesOf(release)).to.deep.equal([]);
  });

  it('is not restored by a person without the rights, who changes nothing', async () => {
    const [, , , bringBack = ''] = await documentedCommands(page, 'Where the copies are', release);
    await runDocumented(release, bringBack);
    const kubeconfig = await kubeconfigOf(release, 'view');
    const { exitCode, all } = await runCommand(release, ['restore', '--yes'], { kubeconfig });
    expect(exitCode, all).to.equal(3);
    expect(all).to.contain('cannot list resource "secrets"').and.to.contain('Nothing was changed.');
  });

  it('is restored by hand, though the first try is stopped in the middle and the second killed, and comes up in Recovery', async () => {
    const stopWhen = `kubectl -n ${release.namespace} get job marblerun-coordinator-restore-by-hand`;
    const stopped = await runCommand(release, ['restore', '--yes'], { stopWhen });
    expect(stopped.exitCode, stopped.all).to.equal(143);
    expect(stopped.all)
      .to.contain('Done by then: ')
      .and.to.contain('Run the same command again to finish it.');
    // The Job of the first try may still be on its way out.
    const told = 'jsonpath={.metadata.name}{.metadata.deletionTimestamp}';
    const anew = `test "$(${stopWhen} -o '${told}')" = marblerun-coordinator-restore-by-hand`;
    const killed = await runCommand(release, ['restore', '--yes'], { stopWhen: anew, signal: 'KILL' });
    expect(killed.exitCode, killed.all).to.equal(137);
    expect(killed.all).to.contain('A restore was interrupted here.');
    status = await StatusByHand.prepare(release);
    const { outcome, verdict, next } = await status.view();
    expect({ outcome, next: next.at(-1) }, verdict).to.deep.equal({
      outcome: 'blocked',
      next: `marblerun-hooks restore ${release.name} -n ${release.namespace}`,
    });
    expect(verdict).to.contain('stopped for a restore');
    // The documentation names this role as the one that suffices.
    const kubeconfig = await kubeconfigOf(release, 'edit');
    const [restore = ''] = await documentedCommands(page, 'Restore', release);
    const all = await runDocumented(release, `${restore.trim()} --yes --kubeconfig ${kubeconfig}`);
    expect(all).to.contain('A restore was interrupted here.');
    expect(all).to.match(/Restored the sealed state from|holds the copy in/);
    expect(all).to.contain('state 1 Recovery');
    expect(await readdir(volumeOf(release)))
      .to.include('sealed_data')
      .and.not.include('sealed_key');
    expect(await meshFacts(release)).to.include({ state: 1 });
    expect(await release.kubectl('get', 'jobs', '-o', 'name')).not.to.contain('restore');
  });

  it('is recovered by the commands that the next upgrade prints, as the mesh that it was', async () => {
    const refused = await release.upgrade();
    expect(refused.exitCode).not.to.equal(0);
    expect(refused.all).to.contain('recovery-needed');
    printed = refused.all;
    await recoverAsPrinted(release, printed, { ...manifest, name: 'owner' });
    const { rootCertificate, manifestFingerprint } = initial;
    expect(await meshFacts(release)).to.include({ state: 3, rootCertificate, manifestFingerprint });
    const between = await status.view();
    expect(between.outcome).to.equal('blocked');
    expect(between.verdict).to.match(
      /accepts Marbles \(state 3\), but the last rollout failed, and none has/,
    );
    expect(between.next.at(-1)).to.equal('Then run your last helm upgrade again: it restarts nothing twice.');
    const upgraded = await release.upgrade();
    expect(upgraded.exitCode, upgraded.all).to.equal(0);
    const upToDate = await status.view();
    expect(upToDate.outcome, upToDate.verdict).to.equal('passed');
    const copies = rowsOf(upToDate, 'Copies of the sealed state');
    expect(copies.Newest).to.match(/^2\S+Z, Coordinator v1\.9\.1, sealed on \S+, in secret\/marblerun-coord/);
    expect(await meshFacts(release)).to.include({ state: 3, rootCertificate, manifestFingerprint });
    expect(await marblePods(release)).to.deep.equal(marbles);
  });

  it('takes no older copy in place of what it has, unless it is told to, by hand or by a Job', async () => {
    const refused = await runCommand(release, ['restore', '--yes', '--output', 'json']);
    expect(refused.exitCode, refused.all).to.equal(1);
    expect(refused.all)
      .to.contain('it is in state 3 AcceptingMarbles')
      .and.to.contain('Nothing was changed.');
    expect(JSON.parse(refused.stdout)).to.deep.include({ result: 'refused', done: [] });
    const asked = await runCommand(release, ['restore', '--replace']);
    expect(asked.exitCode, asked.all).to.equal(2);
    expect(await meshFacts(release)).to.include({ state: 3 });
    await release.kubectl('scale', coordinator, '--replicas=0');
    await release.kubectl('create', 'job', 'by-mistake', '--from=cronjob/marblerun-coordinator-restore');
    await release.kubectl('wait', 'job/by-mistake', '--for=condition=failed', '--timeout=60s');
    const said = await release.kubectl('logs', 'job/by-mistake');
    expect(said).to.contain('holds another sealed state').and.to.contain('Nothing was changed.');
  });

  it('goes back to another copy by the documented kubectl commands, and keeps what it had', async () => {
    const [stop = '', claim = '', , start = '', other = ''] = await documentedCommands(
      page,
      'Restore with kubectl',
      release,
    );
    const said = await runDocumented(release, [stop, claim, other, start].join('\n'));
    expect(said)
      .to.contain('from secret/marblerun-coordinator-backup-1')
      .and.to.contain('is kept as sealed_key.before');
    const files = await readdir(volumeOf(release));
    expect(
      files.filter((file) => /^sealed_(data|key)\.before-restore-\d{8}T\d{6}Z$/.test(file)),
    ).to.have.lengthOf(2);
    await release.kubectl('rollout', 'status', coordinator, '--timeout=60s');
    expect(await meshFacts(release)).to.include({ state: 1 });
  });

  it('leaves the copies when it is uninstalled', async () => {
    await lab().helm(4, ['uninstall', release.name, '-n', release.namespace, '--wait']);
    expect(await copiesOf(release)).not.to.deep.equal([]);
  });
});
