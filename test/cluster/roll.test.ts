import { expect } from 'chai';
import { setTimeout as delay } from 'node:timers/promises';
import { each, restarts, startFleet, wave } from './fleet.ts';
import { succeeded } from './begun.ts';
import { giveManifest } from './mesh-facts.ts';
import { Release } from './release.ts';
import {
  askedRestarts,
  exitCodeOfHook,
  RollInProgress,
  upgraded,
  type AskedRestart,
  type UpgradeResult,
} from './roll-in-progress.ts';
import { budget, readySince, spare } from './roll-facts.ts';
import { afterwards, useLab } from './shared-lab.ts';

const minReadySeconds = 2;
const spec = { minReadySeconds };
/** By wave: the order of the names is another one. */
const waves = [['zeta'], ['alpha', 'beta', 'gamma'], ['guarded'], ['delta']];
const names = waves.flat();

describe('a roll of Marbles', function () {
  this.timeout('3m');
  const lab = useLab();
  let release: Release;
  let began: number;
  let first: UpgradeResult;
  let asked: AskedRestart[];
  let ready: Record<string, number>;

  before(async () => {
    release = await Release.prepare(lab(), 4);
    await succeeded(release.install());
    await giveManifest(release);
    await startFleet(
      release,
      { name: 'zeta', annotations: wave(-1), spec },
      ...['alpha', 'beta', 'gamma'].map((name) => ({ name, spec })),
      { name: 'guarded', annotations: wave(1), spec },
      { name: 'delta', annotations: wave(2), spec },
      { name: 'exempt', annotations: { 'marblerun-hooks/restart': 'never' } },
    );
    await lab().apply(budget(release, 'guarded'));
  });
  afterwards(() => release.remove());

  it('waits for a PodDisruptionBudget with nothing to spare, and goes on when it has', async () => {
    began = Date.now();
    const roll = new RollInProgress(release, { 'rollout.nonce': 'one', 'rollout.maxConcurrent': '2' });
    await roll.says(
      /deployment\/guarded in \S+ is held: poddisruptionbudget\/guarded .* has nothing to spare/,
    );
    await delay(2000);
    const before = { ...each(['zeta', 'alpha', 'beta', 'gamma'], 1), guarded: 0, delta: 0, exempt: 0 };
    expect(await restarts(release)).to.deep.equal(before);
    await spare(release, 'guarded', 1);
    first = await roll.result;
    expect(first.exitCode, first.said).to.equal(0);
    expect(await restarts(release)).to.deep.equal({ ...each(names, 1), exempt: 0 });
  });

  it('asks for each restart once, wave by wave', async () => {
    asked = await askedRestarts(release, began);
    ready = await readySince(release);
    expect(asked.map(({ name }) => name)).to.have.members(names);
    waves.slice(1).forEach((wave, index) => {
      const before = Math.max(...(waves[index] ?? []).map(availableAt));
      const next = asked.filter(({ name }) => wave.includes(name)).map(({ time }) => time);
      expect(Math.min(...next), `after ${String(waves[index])}`).to.be.at.least(before);
    });
  });

  it('has no more than maxConcurrent in flight, which last until minReadySeconds are over', () => {
    for (const { time } of asked) {
      const inFlight = asked.filter((other) => other.time <= time && availableAt(other.name) > time);
      expect(inFlight.length, JSON.stringify(inFlight)).to.be.at.most(2);
    }
    const together = asked.filter(({ time, name }) => {
      return asked.some(
        (other) => other.name !== name && other.time <= time && availableAt(other.name) > time,
      );
    });
    expect(together.length, 'restarts beside another one').to.be.greaterThan(0);
  });

  it('is reported in its order, one line for each workload, with totals', () => {
    const { namespace } = release;
    const lines = names.map((name) => {
      return `restarted +deployment/${name} in ${namespace} in [0-9.]+ s: .+ -> .+ \\(.*rollout.nonce.*\\)`;
    });
    expect(first.said).to.match(new RegExp(lines.map((line) => ` *${line}\n`).join('')));
    const left = new RegExp(
      `skipped +deployment/exempt in ${namespace} \\(.*marblerun-hooks/restart is never\\)`,
    );
    expect(first.said).to.match(left);
    expect(first.said).to.match(
      /Marbles +7 found, 6 restarted in \d+ s, 0 left running as they are, 1 left alone/,
    );
  });

  it('restarts nothing when it is asked for the same again', async () => {
    const { exitCode, said } = await upgraded(release, { 'rollout.nonce': 'one' });
    expect(exitCode, said).to.equal(0);
    expect(said).to.match(/Marbles +7 found, 0 restarted/);
    expect(await restarts(release)).to.deep.equal({ ...each(names, 1), exempt: 0 });
  });

  it('names what is left when its time is up, and the command that it prints finishes it', async () => {
    await spare(release, 'guarded', 0);
    const late = await upgraded(release, { 'rollout.nonce': 'two', 'hooks.deadlineSeconds': '35' });
    expect(late.exitCode, late.said).not.to.equal(0);
    expect(await exitCodeOfHook(release), late.said).to.equal(3);
    expect(late.said, late.said).to.contain('Rollout not finished: Marbles are left to restart');
    expect(late.said).to.match(/4 of 6 Marbles were restarted within \d+ s, then /);
    expect(late.said).to.match(
      /2 had not started: deployment\/guarded in \S+ \(.*nothing to spare.*\); deployment\/delta/,
    );
    await spare(release, 'guarded', 1);
    const [, printed = ''] = /^ *helm (rollback .*)$/m.exec(late.said) ?? [];
    await succeeded(lab().helm(4, printed.split(' ')));
    expect(await restarts(release)).to.deep.equal({ ...each(names, 2), exempt: 0 });
    const again = await upgraded(release, { 'rollout.nonce': 'two' });
    expect(again.said).to.match(/Marbles +7 found, 0 restarted/);
  });

  /** Not before this a Marble was done; the API server tells whole seconds, rounded down. */
  function availableAt(name: string): number {
    return (ready[name] ?? Infinity) + minReadySeconds * 1000;
  }
});
