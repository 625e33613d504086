import { expect } from 'chai';
import { begun, failed, succeeded } from './begun.ts';
import { marblePods, meshFacts, type MeshFacts, type SetManifest } from './mesh-facts.ts';
import { planned, runPlan } from './plan-run.ts';
import { recoverAsPrinted } from './printed-commands.ts';
import { Release } from './release.ts';
import { afterwards, useLab } from './shared-lab.ts';

describe('an upgrade while the node is cordoned', function () {
  this.timeout('5m');
  const lab = useLab();
  let release: Release;
  let initial: MeshFacts;
  let marbles: string[];
  let manifest: SetManifest;
  let move: Record<string, string>;
  let printed: string;

  before(async () => {
    release = await Release.prepare(lab(), 4, { backups: true });
    ({ manifest, initial, marbles } = await begun(release, release.install(), 'web'));
    move = { 'placement.avoidNodes': `{${initial.node}}` };
    await lab().kubectl('cordon', initial.node);
  });
  afterwards(async () => {
    await lab().kubectl('uncordon', initial.node);
    await release.remove();
  });

  it('is refused, says why, and changes nothing', async () => {
    const generation = (await release.deployment()).metadata.generation;
    const pod = (await release.coordinatorPod()).metadata.uid;
    const { exitCode, all } = await release.upgrade({ 'coordinator.debugLogging': 'true' });
    expect(exitCode).not.to.equal(0);
    expect(all).to.contain('node-refuses-coordinator').and.to.contain('node(s) were unschedulable');
    expect((await release.deployment()).metadata.generation).to.equal(generation);
    expect((await release.coordinatorPod()).metadata.uid).to.equal(pod);
    expect(await meshFacts(release)).to.deep.equal(initial);
  });

  it('leaves the reason in an Event and in the termination message of the hook', async () => {
    const events = await release.kubectl(
      'get',
      'events',
      '--field-selector=reason=PreflightBlocked',
      '-o',
      'jsonpath={.items[*].message}',
    );
    expect(events).to.contain('node-refuses-coordinator');
    const [pod] = await release.pods('job-name=marblerun-coordinator-preflight');
    const ended = pod?.status?.containerStatuses?.[0]?.state?.terminated;
    expect(ended).to.include({ exitCode: 1 });
    expect(ended?.message).to.contain('node-refuses-coordinator');
  });

  it('is planned with a table of the nodes', async () => {
    const { exitCode, stdout } = await runPlan(release, { 'coordinator.debugLogging': 'true' });
    expect(exitCode).to.equal(1);
    const other = lab().nodes.find((node) => node !== initial.node) ?? '';
    expect(stdout)
      .to.match(/^Nodes:\n +NODE +TAKES IT +WHY$/m)
      .and.to.match(new RegExp(`^ +${initial.node} +no +node\\(s\\) were unschedulable`, 'm'))
      .and.to.match(new RegExp(`^ +${other} +yes$`, 'm'))
      .and.to.contain('Preflight would refuse this upgrade: 1 finding. Nothing was changed.');
  });

  it('asks for an acknowledgement when the move is declared', async () => {
    const { exitCode, all } = await release.upgrade(move);
    expect(exitCode).not.to.equal(0);
    expect(all).to.contain('recovery-expected');
    const [token] = /recovery-expected:[0-9a-f]+/.exec(all) ?? [];
    expect(token).to.be.a('string');
    move['hooks.acknowledge'] = `{${token ?? ''}}`;
  });

  it('moves Coordinator and anchor together once acknowledged, and reports that a recovery is needed', async () => {
    const { preflightWould, next } = await planned(release, move, '--wait');
    expect(preflightWould.join('; '))
      .to.contain('copy the sealed state')
      .and.to.contain('take the anchor out');
    expect(next.command).to.match(/^helm upgrade \S+ \S+ .*'placement\.avoidNodes=.*' .*--wait$/);
    const all = await failed(release.upgrade(move, '--wait'));
    expect(all).to.contain('recovery-needed');
    // Before the Coordinator leaves, its state is copied on the node that takes no new pods.
    expect(all).to.contain('backup-made');
    printed = all;
    const moved = await meshFacts(release);
    expect(moved).to.include({ state: 1 });
    expect(moved.node).not.to.equal(initial.node);
    const [anchor] = await release.pods('edgeless.systems/control-plane-component=coordinator-anchor');
    expect(anchor?.spec.nodeName).to.equal(moved.node);
    expect(await marblePods(release)).to.deep.equal(marbles);
  });

  it('is recovered by the very commands that the hook printed', async () => {
    await recoverAsPrinted(release, printed, { ...manifest, name: 'owner' });
    expect(await meshFacts(release)).to.include({ state: 3, rootCertificate: initial.rootCertificate });
  });

  it('succeeds as it was typed after the recovery, and restarts what needs it', async () => {
    await succeeded(release.upgrade({ ...move, 'rollout.nonce': 'moved' }, '--wait'));
    const moved = await meshFacts(release);
    expect(moved).to.include({ state: 3, rootCertificate: initial.rootCertificate });
    expect(moved.manifestFingerprint).to.equal(manifest.fingerprint);
    expect(await marblePods(release)).not.to.deep.equal(marbles);
  });

  it('stays on the new node when the next upgrade no longer names the old one', async () => {
    await lab().kubectl('uncordon', initial.node);
    const moved = await meshFacts(release);
    await succeeded(release.upgrade({ 'coordinator.debugLogging': 'true' }, '--wait'));
    expect(await meshFacts(release)).to.deep.equal(moved);
  });
});
