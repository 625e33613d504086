import { expect } from 'chai';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { giveVolume } from '../lab/volumes.ts';
import { copiesOf, volumeOf } from './backups.ts';
import { documentedCommands, runDocumented } from './documented-commands.ts';
import {
  giveManifest,
  marblePods,
  meshFacts,
  startMarbles,
  type MeshFacts,
  type SetManifest,
} from './mesh-facts.ts';
import { recoverAsPrinted } from './printed-commands.ts';
import { Release } from './release.ts';
import { afterwards, useLab } from './shared-lab.ts';

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

  before(async () => {
    release = await Release.prepare(lab(), 4, { backups: true });
    const installed = await release.install();
    expect(installed.exitCode, installed.all).to.equal(0);
    manifest = await giveManifest(release);
    await startMarbles(release, 'web');
    initial = await meshFacts(release);
    marbles = await marblePods(release);
    const upgraded = await release.upgrade();
    expect(upgraded.exitCode, upgraded.all).to.equal(0);
  });
  afterwards(() => release.remove());

  it('has a copy of its state, which the documented command lists', async () => {
    const [list = ''] = await documentedCommands(page, 'Where the copies are', release);
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
    const [, save = ''] = await documentedCommands(page, 'Where the copies are', release);
    await runDocumented(release, save);
    await release.kubectl('scale', coordinator, '--replicas=0');
    await release.kubectl('delete', 'persistentvolumeclaim', 'coordinator-pv-claim', '--timeout=60s');
    const folder = volumeOf(release);
    for (const file of await readdir(folder)) await rm(join(folder, file), { recursive: true });
    await giveVolume(lab(), release.namespace);
    await release.kubectl('delete', 'secret', 'marblerun-coordinator-backup-1');
    expect(await copiesOf(release)).to.deep.equal([]);
  });

  it('is restored by the documented commands, and comes up in Recovery', async () => {
    const [, , bringBack = ''] = await documentedCommands(page, 'Where the copies are', release);
    await runDocumented(release, bringBack);
    const steps = await documentedCommands(page, 'Restore after a lost volume', release);
    expect(steps).to.have.lengthOf(4);
    const said = await runDocumented(release, steps.join('\n'));
    expect(said).to.contain('Restored the sealed state from secret/marblerun-coordinator-backup-1');
    expect(said).to.contain('needs the recovery secrets');
    expect(await readdir(volumeOf(release)))
      .to.include('sealed_data')
      .and.not.include('sealed_key');
    expect(await meshFacts(release)).to.include({ state: 1 });
  });

  it('is recovered by the commands that the next upgrade prints, as the mesh that it was', async () => {
    const refused = await release.upgrade();
    expect(refused.exitCode).not.to.equal(0);
    expect(refused.all).to.contain('recovery-needed');
    printed = refused.all;
    await recoverAsPrinted(release, printed, { ...manifest, name: 'owner' });
    const { rootCertificate, manifestFingerprint } = initial;
    expect(await meshFacts(release)).to.include({ state: 3, rootCertificate, manifestFingerprint });
    const upgraded = await release.upgrade();
    expect(upgraded.exitCode, upgraded.all).to.equal(0);
    expect(await meshFacts(release)).to.include({ state: 3, rootCertificate, manifestFingerprint });
    expect(await marblePods(release)).to.deep.equal(marbles);
  });

  it('takes no older copy in place of what it has, unless it is told to', async () => {
    await release.kubectl('scale', coordinator, '--replicas=0');
    await release.kubectl('create', 'job', 'by-mistake', '--from=cronjob/marblerun-coordinator-restore');
    await release.kubectl('wait', 'job/by-mistake', '--for=condition=failed', '--timeout=60s');
    const said = await release.kubectl('logs', 'job/by-mistake');
    expect(said).to.contain('holds another sealed state').and.to.contain('Nothing was changed.');
  });

  it('goes back to another copy by the documented commands, and keeps what it had', async () => {
    const steps = await documentedCommands(page, 'Go back to another copy', release);
    const said = await runDocumented(release, steps.join('\n'));
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
