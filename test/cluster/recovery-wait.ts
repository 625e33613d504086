import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { ExecResult } from '../lab/inside.ts';
import { buildManifest, makeRecoveryKey, setManifest } from '../lab/mesh.ts';
import { until } from '../lab/progress.ts';
import { volumeOf } from './backups.ts';
import { succeeded } from './begun.ts';
import { marblePods, meshFacts, startMarbles, type MeshFacts } from './mesh-facts.ts';
import { recoverAsDocumented, recoverAsPrinted, type Party } from './printed-commands.ts';
import { Release } from './release.ts';
import { afterwards, useLab } from './shared-lab.ts';
import { recoverByHand } from './recover-run.ts';
import { rowsOf, StatusByHand } from './status-run.ts';

/** Who has to recover what. */
export interface RecoveryCase {
  version: string;
  parties: readonly string[];
  /** How many of them it takes, where that is not all. */
  threshold?: number;
  /** What the hook says is missing, from the first look to the last. */
  missing: readonly string[];
}

/** The lab's Coordinators have no enclave, and `recover` takes that from one that is said to be a simulation only. */
export const simulation = { 'coordinator.simulation': 'true' };

/** Takes its key from the Coordinator in an upgrade that waits for the recovery, and then once more between upgrades. */
export function describeRecovery({ version, parties, threshold, missing }: RecoveryCase): void {
  const all = parties.length === 1 ? 'one party' : `${parties.length} parties`;
  const who = threshold === undefined ? all : `${threshold} of ${all}`;

  describe(`a rollout that waits for ${who} to recover ${version}`, function () {
    this.timeout('5m');
    const lab = useLab();
    let release: Release;
    let initial: MeshFacts;
    let marbles: string[];
    let keys: Party[];
    let upgrade: Promise<ExecResult>;
    let log = '';
    let status: StatusByHand;

    before(async () => {
      release = await Release.prepare(lab(), 4);
      await succeeded(release.install({ ...simulation, 'coordinator.version': version }));
      keys = await giveParties(release, parties, threshold);
      await startMarbles(release, 'web');
      initial = await meshFacts(release);
      marbles = await marblePods(release);
    });
    afterwards(() => release.remove());

    /** Waits until the log of the hook that runs says this. */
    async function saying(words: string): Promise<void> {
      const said = async (): Promise<boolean> => {
        log = await release.kubectl('logs', 'job/marblerun-coordinator-rollout').catch(() => '');
        return log.includes(words);
      };
      await until(said, 60, () => Promise.resolve(new Error(`the hook never said "${words}":\n${log}`)));
    }

    it('says what is missing and how to recover it, and restarts no Marble', async () => {
      await rm(join(volumeOf(release), 'sealed_key'));
      upgrade = release.upgrade(
        {
          ...simulation,
          'coordinator.version': version,
          'coordinator.debugLogging': 'true',
          'recovery.mode': 'wait',
          'rollout.nonce': 'after the recovery',
        },
        '--wait',
      );
      await saying(missing[0] ?? '');
      expect(log).to.contain(`port-forward pod/${(await release.coordinatorPod()).metadata.name} `);
      expect(await meshFacts(release)).to.include({ state: 1 });
      expect(await marblePods(release)).to.deep.equal(marbles);
      const events = await release.kubectl(
        'get',
        'events',
        '--field-selector=reason=RolloutWaitsForRecovery',
      );
      expect(events).to.contain('is in state 1 (Recovery)');
    });

    it('is shown by status with who is missing and the commands', async () => {
      status = await StatusByHand.prepare(release);
      const { exitCode, all } = await status.text();
      expect(exitCode, all).to.equal(1);
      const pod = (await release.coordinatorPod()).metadata.name;
      expect(all).to.contain('needs recovery (state 1)').and.to.contain(`port-forward pod/${pod} `);
      expect(all)
        .to.contain(missing[0] ?? '')
        .and.to.contain(initial.manifestFingerprint);
    });

    it('goes on by itself once its commands were run, and then restarts the Marbles', async () => {
      const needed = keys.slice(0, threshold ?? keys.length);
      for (const [index, party] of needed.entries()) {
        await saying(missing[index] ?? '');
        expect(await marblePods(release)).to.deep.equal(marbles);
        if (index === 0) await recoverAsPrinted(release, log, party);
        else await recoverAsDocumented(release, party);
      }
      const { exitCode, all } = await upgrade;
      expect(exitCode, all).to.equal(0);
      expect(all).to.contain('STATUS: deployed');
      for (const line of missing) expect(all).to.contain(line);
      expect(await meshFacts(release)).to.deep.equal(initial);
      const view = await status.view();
      expect(view.outcome, JSON.stringify(view)).to.equal('passed');
      expect(rowsOf(view, 'Mesh').Manifest).to.equal(initial.manifestFingerprint);
      expect(rowsOf(view, 'Record').Compared).to.equal('what runs is what the last rollout saw');
      expect(rowsOf(view, 'Marbles')[`deployment/web in ${release.namespace}`]).to.match(/^up to date; /);
      const restarted = await marblePods(release);
      expect(restarted).to.have.lengthOf(1).and.not.to.include.members(marbles);
    });

    it('is recovered by hand with one command of each party, the next time', async () => {
      await rm(join(volumeOf(release), 'sealed_key'));
      await release.kubectl('delete', 'pod', (await release.coordinatorPod()).metadata.name);
      const state = async (): Promise<boolean> => (await status.view()).verdict.includes('needs recovery');
      await until(state, 60, () => Promise.resolve(new Error('the Coordinator needs no recovery')));
      const needed = keys.slice(-(threshold ?? keys.length));
      for (const [index, party] of needed.entries()) {
        const { exitCode, all } = await recoverByHand(release, party, '--insecure');
        const last = index === needed.length - 1;
        expect(exitCode, all).to.equal(last ? 0 : 1);
        expect(all).to.contain(`Uploaded the secret of ${party.name}`);
        expect(all).to.contain(
          last ? 'Recovered: the Coordinator accepts Marbles' : (missing[index + 1] ?? ''),
        );
        if (last) expect(all).to.contain('Helm has revision 2 as deployed: no upgrade waits for this.');
      }
      expect(await meshFacts(release)).to.deep.equal(initial);
    });
  });
}

/** Sets a Manifest with these RecoveryKeys; answers what each party has. */
export async function giveParties(
  release: Release,
  names: readonly string[],
  threshold?: number,
): Promise<Party[]> {
  const keys = Object.fromEntries(names.map((name) => [name, makeRecoveryKey()]));
  const config = threshold === undefined ? {} : { Config: { RecoveryThreshold: threshold } };
  const address = (await release.coordinatorPod()).status?.podIP ?? '';
  const secrets = await setManifest(release.lab, address, buildManifest(keys, config));
  return Object.entries(keys).map(([name, key]) => {
    const secret = secrets[name];
    if (secret === undefined) throw new Error(`the Coordinator answered no recovery secret for ${name}`);
    return { name, key, secret };
  });
}
