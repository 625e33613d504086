import { expect } from 'chai';
import { appendFile, cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { copiesOf, volumeOf } from './backups.ts';
import { takesRightsAway } from './fewer-rights.ts';
import { begun, succeeded } from './begun.ts';
import { meshFacts, type MeshFacts } from './mesh-facts.ts';
import { chart } from './charts.ts';
import { Release } from './release.ts';
import { afterwards, useLab } from './shared-lab.ts';

const copying = 'edgeless.systems/control-plane-component=coordinator-backup';

describe('an upgrade whose sealed state cannot be copied', function () {
  this.timeout('4m');
  const lab = useLab();
  let release: Release;
  let initial: MeshFacts;

  before(async () => {
    release = await Release.prepare(lab(), 4, { backups: true });
    takesRightsAway(release.namespace);
    ({ initial } = await begun(release, release.install()));
  });
  afterwards(() => release.remove());

  afterEach('the Coordinator is as it was, and nothing is left over', async () => {
    expect(await meshFacts(release)).to.deep.equal(initial);
    expect(await release.pods(copying)).to.deep.equal([]);
  });

  /** This project's chart with one text of one template changed. */
  async function chartWith(template: string, text: string, other: string): Promise<string> {
    const changed = join(lab().dir, `${release.namespace}-chart`);
    await rm(changed, { recursive: true, force: true });
    await cp(chart, changed, { recursive: true });
    const path = join(changed, template);
    const before = await readFile(path, 'utf8');
    expect(before).to.contain(text);
    await writeFile(path, before.replace(text, other));
    return changed;
  }

  it('goes on where Pod Security refuses a pod that runs as root, and says so', async () => {
    await lab().kubectl(
      'label',
      'namespace',
      release.namespace,
      'pod-security.kubernetes.io/enforce=restricted',
    );
    const { exitCode, all } = await release.upgrade();
    await lab().kubectl('label', 'namespace', release.namespace, 'pod-security.kubernetes.io/enforce-');
    expect(exitCode, all).to.equal(0);
    expect(all).to.contain('backup-skipped').and.to.contain('violates PodSecurity');
    expect(await copiesOf(release)).to.deep.equal([]);
  });

  it('goes on without the right to write the Secrets, and names it', async () => {
    const changed = await chartWith('templates/backup/role.yaml', 'get, create, patch', 'get');
    const all = await succeeded(release.helm('upgrade', changed, {}, []));
    expect(all)
      .to.contain('backup-skipped')
      .and.to.contain('cannot patch resource')
      .and.to.contain('secrets');
    expect(await copiesOf(release)).to.deep.equal([]);
  });

  it('goes on when the pod cannot start, once its time is up', async () => {
    const image = '{{ include "marblerun.hooks.image" . | quote }}';
    const changed = await chartWith('templates/_helpers/_backup.tpl', image, 'docker.io/local/none:1');
    const settings = { 'hooks.deadlineSeconds': '24', 'hooks.image.pullPolicy': 'Never' };
    const all = await succeeded(release.helm('upgrade', changed, settings, []));
    expect(all).to.contain('did not end within 8 s').and.to.contain('ErrImageNeverPull');
  });

  it('copies as much as a Secret holds, and says when there is more', async () => {
    const file = join(volumeOf(release), 'sealed_data');
    const sealed = await readFile(file);
    // Only a Coordinator that starts reads the file again, and these upgrades start none.
    await writeFile(file, Buffer.concat([sealed, Buffer.alloc(1_044_480 - sealed.length, 1)]));
    const largest = await release.upgrade();
    await appendFile(file, 'x');
    const tooLarge = await release.upgrade();
    await writeFile(file, sealed);
    expect(largest.exitCode, largest.all).to.equal(0);
    expect(largest.all).to.contain('backup-made').and.to.contain('1044480 bytes');
    expect(tooLarge.exitCode, tooLarge.all).to.equal(0);
    expect(tooLarge.all).to.contain('it has 1044481 bytes, and a Secret holds no more than 1044480');
    await release.kubectl('delete', 'secret', 'marblerun-coordinator-backup-1');
  });

  it('copies after all when its hook is killed while the pod runs: no pod stays, no copy is made twice', async () => {
    const upgrade = release.upgrade();
    let killed = false;
    for (let tries = 600; tries > 0 && !killed; tries--) {
      const [copies] = await release.pods(copying);
      const [hook] = await release.pods('job-name=marblerun-coordinator-preflight');
      if (copies !== undefined && hook !== undefined) {
        await release.kubectl('delete', 'pod', hook.metadata.name, '--grace-period=0', '--force');
        killed = true;
      }
      await delay(50);
    }
    const { exitCode, all } = await upgrade;
    expect(killed).to.equal(true);
    expect(exitCode, all).to.equal(0);
    expect(await copiesOf(release)).to.have.lengthOf(1);
  });
});
