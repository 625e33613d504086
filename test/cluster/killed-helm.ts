import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { unfolded } from '../support/helm-output.ts';
import { takesRightsAway } from './fewer-rights.ts';
import { each, restarts, startFleet } from './fleet.ts';
import { succeeded } from './begun.ts';
import { giveManifest, meshFacts, type MeshFacts } from './mesh-facts.ts';
import { chart } from './charts.ts';
import { Release, type HelmVersion } from './release.ts';
import { rolloutName, upgraded } from './roll-in-progress.ts';
import { afterwards, useLab } from './shared-lab.ts';

const names = ['a', 'b', 'c'];

/** Kills Helm in the middle of a roll, and goes on as the docs tell. */
export function describeKilledHelm(helmVersion: HelmVersion): void {
  describe(`a Helm ${helmVersion} client that is killed while the rollout hook runs`, function () {
    this.timeout('3m');
    const lab = useLab();
    let release: Release;
    let initial: MeshFacts;
    let nonce = 0;

    before(async () => {
      release = await Release.prepare(lab(), helmVersion);
      // A rollback removes the rights of the hook that still runs a moment before its pod.
      takesRightsAway(release.namespace);
      await succeeded(release.install());
      await giveManifest(release);
      await startFleet(release, ...names.map((name) => ({ name, spec: { minReadySeconds: 1 } })));
      initial = await meshFacts(release);
    });
    afterwards(() => release.remove());

    /** Begins an upgrade and kills its client when the first Marble was restarted; answers the settings. */
    async function killedInMidRoll(): Promise<Record<string, string>> {
      nonce += 1;
      const settings = { 'rollout.nonce': `roll-${nonce}`, 'rollout.maxConcurrent': '1' };
      const pidFile = join(lab().dir, `${release.namespace}-helm`);
      const helm = [helmVersion === 4 ? 'helm' : 'helm3', 'upgrade', ...release.words(chart, settings)];
      const script = `echo $$ > ${pidFile}; exec "$@"`;
      const command = ['-c', script, 'sh', ...helm];
      const killed = lab().exec('sh', command, { reject: false });
      await untilRestarted('a');
      await lab().exec('kill', ['-9', (await readFile(pidFile, 'utf8')).trim()]);
      await killed;
      return settings;
    }

    async function untilRestarted(name: string): Promise<void> {
      for (let tries = 300; tries > 0; tries--) {
        if ((await restarts(release))[name] === nonce) return;
        await delay(200);
      }
      throw new Error(`${name} was not restarted`);
    }

    /** Helm's own words for a release, revision first. */
    async function lastRevision(): Promise<{ revision: number; status: string }> {
      const args = ['history', release.name, '-n', release.namespace, '-o', 'json'];
      const { stdout } = await lab().helm(helmVersion, args);
      const history = JSON.parse(stdout) as { revision: number; status: string }[];
      const last = history.at(-1);
      if (last === undefined) throw new Error(`no revision: ${stdout}`);
      return last;
    }

    async function finishPending(): Promise<void> {
      const { revision, status } = await lastRevision();
      expect(status).to.equal('pending-upgrade');
      const args = ['rollback', release.name, String(revision), '-n', release.namespace];
      const { exitCode, all } = await lab().helm(helmVersion, args);
      expect(exitCode, unfolded(all)).to.equal(0);
      expect((await lastRevision()).status).to.equal('deployed');
    }

    async function expectAllRestarted(): Promise<void> {
      expect(await restarts(release)).to.deep.equal(each(names, nonce));
      expect(await meshFacts(release)).to.deep.equal(initial);
    }

    it('leaves a hook that goes on to its end by itself', async () => {
      await killedInMidRoll();
      await release.kubectl('wait', '--for=condition=Complete', `job/${rolloutName}`, '--timeout=60s');
      await expectAllRestarted();
    });

    it('leaves a release that takes no upgrade until a rollback to the interrupted revision ends it', async () => {
      const settings = { 'rollout.nonce': `roll-${nonce}`, 'rollout.maxConcurrent': '1' };
      const refused = await upgraded(release, settings);
      expect(refused.exitCode).not.to.equal(0);
      expect(refused.said).to.contain('another operation (install/upgrade/rollback) is in progress');
      await finishPending();
      await expectAllRestarted();
      const { exitCode, said } = await upgraded(release, settings);
      expect(exitCode, said).to.equal(0);
      await expectAllRestarted();
    });

    it('is made good by that rollback while the hook still runs, and restarts nothing twice', async () => {
      const settings = await killedInMidRoll();
      await finishPending();
      await expectAllRestarted();
      const { exitCode, said } = await upgraded(release, settings);
      expect(exitCode, said).to.equal(0);
      await expectAllRestarted();
    });
  });
}
