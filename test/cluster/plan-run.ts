import { expect } from 'chai';
import type { Plan } from '../../hooks/core/plan/plan.ts';
import type { ExecResult } from '../lab/inside.ts';
import { builtProgram } from './built-program.ts';
import { chart } from './charts.ts';
import type { Release, Settings } from './release.ts';

/** Runs plan as a person would, with the flags of an upgrade. */
export async function runPlan(
  release: Release,
  settings: Settings = {},
  ...flags: string[]
): Promise<ExecResult> {
  const { lab, helmVersion } = release;
  const words = [await builtProgram(lab), 'plan', ...release.words(chart, settings, flags)];
  const env = { HELM_BIN: helmVersion === 4 ? 'helm' : 'helm3' };
  return await lab.exec(process.execPath, words, { env, reject: false });
}

/** The plan of an upgrade as data. */
export async function planned(release: Release, settings: Settings = {}, ...flags: string[]): Promise<Plan> {
  return planIn(await runPlan(release, settings, ...flags, '--output=json'));
}

/** The plan that was printed as data, with the exit code that belongs to it. */
export function planIn({ exitCode, stdout, all }: ExecResult): Plan {
  expect(exitCode, all).to.be.oneOf([0, 1]);
  const plan = JSON.parse(stdout) as Plan;
  expect(exitCode).to.equal(plan.outcome === 'passed' ? 0 : 1);
  return plan;
}
