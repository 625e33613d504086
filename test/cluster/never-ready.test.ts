import { expect } from 'chai';
import {
  deleteBroken,
  lastLine,
  withImage,
  withNodeLabel,
  withStartScript,
  withType,
  type Breakable,
} from './breakable.ts';
import { each, restarts, startFleet, wave } from './fleet.ts';
import { succeeded } from './begun.ts';
import { giveManifest, meshFacts, type MeshFacts } from './mesh-facts.ts';
import { Release } from './release.ts';
import { exitCodeOfHook, upgraded, type UpgradeResult } from './roll-in-progress.ts';
import { afterwards, useLab } from './shared-lab.ts';

const broken = ['crashing', 'homeless', 'pictureless', 'refused'];
const settings = { 'rollout.nonce': 'broken' };

describe('a roll with Marbles that never become ready', function () {
  this.timeout('4m');
  const lab = useLab();
  let release: Release;
  let breakables: Breakable[];
  let initial: MeshFacts;
  let result: UpgradeResult;

  before(async () => {
    release = await Release.prepare(lab(), 4);
    await succeeded(release.install());
    await giveManifest(release);
    breakables = [withImage, withStartScript, withType, withNodeLabel].map((make) => make(release));
    for (const breakable of breakables) await breakable.mend();
    const good = [{ name: 'healthy' }, { name: 'later', annotations: wave(1) }];
    await startFleet(release, ...breakables.map(({ wish }) => wish), ...good);
    initial = await meshFacts(release);
    for (const breakable of breakables) await breakable.break();
    result = await upgraded(release, settings);
  });
  afterwards(async () => {
    for (const breakable of breakables) await breakable.break();
    await release.remove();
  });

  it('fails, with exit code 1 and a release that Helm calls failed', async () => {
    expect(result.exitCode, result.said).not.to.equal(0);
    expect(result.said).to.contain('Rollout stopped: a person has to act (4 findings');
    expect(await exitCodeOfHook(release)).to.equal(1);
    const { stdout } = await lab().helm(4, ['status', release.name, '-n', release.namespace]);
    expect(stdout).to.contain('STATUS: failed');
    expect(await meshFacts(release)).to.deep.equal(initial);
  });

  const reasons: Record<string, string> = {
    'an image that is not there':
      'pictureless .*ErrImageNeverPull: .*is not present with pull policy of Never',
    'a crash loop, with its last log line': `crashing .*(waits: CrashLoopBackOff: |ended with code 7).*its last log line: ${lastLine}`,
    'a pod that no node takes, in the scheduler’s words':
      'homeless .*is not scheduled: 0/2 nodes are available: .*node affinity/selector',
    'an activation that the Coordinator refuses':
      'refused .*the Coordinator refused its activation: .*code = PermissionDenied.*unknown marble type requested',
  };
  for (const [title, reason] of Object.entries(reasons)) {
    it(`tells the pod's own reason: ${title}`, async () => {
      // Not what Helm printed: it cuts a long log into pieces in mid-word.
      const log = await release.kubectl('logs', 'job/marblerun-coordinator-rollout');
      const lines = log.replaceAll(/\n +/g, ' ');
      expect(lines, lines).to.match(new RegExp(`BLOCK marble-restart-failed \\(deployment/${reason}`));
    });
  }

  it('lets what was under way come to its end, and starts nothing after the first failure', async () => {
    expect(await restarts(release)).to.deep.equal({ ...each([...broken, 'healthy'], 1), later: 0 });
    expect(result.said).to.match(/restarted +deployment\/healthy in /);
    expect(result.said).to.match(/WARN marble-not-restarted \(deployment\/later in /);
    expect(result.said).to.match(/not-started +deployment\/later in /);
    expect(result.said).to.match(/Marbles +6 found, 1 restarted in \d+ s, .*4 failed, 1 not started/);
  });

  it('leaves the reasons in the termination message of the hook, too', async () => {
    const [pod] = await release.pods('job-name=marblerun-coordinator-rollout');
    const message = pod?.status?.containerStatuses?.[0]?.state?.terminated?.message ?? '';
    for (const name of broken) expect(message).to.contain(`(deployment/${name} in ${release.namespace})`);
  });

  it('goes on with the same command once all is mended, and restarts nothing twice', async () => {
    for (const breakable of breakables) await breakable.mend();
    await deleteBroken(release);
    const { exitCode, said } = await upgraded(release, settings);
    expect(exitCode, said).to.equal(0);
    expect(await restarts(release)).to.deep.equal(each([...broken, 'healthy', 'later'], 1));
    for (const name of broken)
      expect(said).to.match(new RegExp(`(finished|kept) .*deployment/${name}|kept +\\d`));
    expect(said).to.match(/restarted +deployment\/later in /);
  });
});
