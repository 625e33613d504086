import { expect } from 'chai';
import type { Plan } from '../../hooks/core/plan/plan.ts';
import type { ExecResult } from '../lab/inside.ts';
import { unfolded } from '../support/helm-output.ts';
import { builtProgram } from './built-program.ts';
import { chart, flagsOf, type Release, type Settings } from './release.ts';

/** What preflight finds once it has acted; plan says before what it would do. */
const actedOn = [
  'claim-kept',
  'node-held',
  'strategy-switched',
  'image-taken-back',
  'backup-made',
  'backup-skipped',
  'backup-slot-taken',
];

/** Runs plan as a person would, with the flags of an upgrade. */
export async function runPlan(
  release: Release,
  settings: Settings = {},
  ...flags: string[]
): Promise<ExecResult> {
  const { lab, name, helmVersion } = release;
  const words = [await builtProgram(lab), 'plan', name, chart, ...flagsOf(release, settings), ...flags];
  const env = { HELM_BIN: helmVersion === 4 ? 'helm' : 'helm3' };
  return await lab.exec(process.execPath, words, { env, reject: false });
}

/** The plan of an upgrade as data. */
export async function planned(release: Release, settings: Settings = {}, ...flags: string[]): Promise<Plan> {
  const { exitCode, stdout, all } = await runPlan(release, settings, ...flags, '--output=json');
  expect(exitCode, all).to.be.oneOf([0, 1]);
  const plan = JSON.parse(stdout) as Plan;
  expect(exitCode).to.equal(plan.outcome === 'passed' ? 0 : 1);
  return plan;
}

/**
 * Upgrades, and expects the hooks to say and do what plan said just before: the verdict, the findings, whether the Coordinator
 * restarts, and which Marbles do.
 */
export async function upgradeAsPlanned(
  release: Release,
  settings: Settings = {},
  ...flags: string[]
): Promise<ExecResult> {
  const plan = await planned(release, settings, ...flags);
  const { uid } = (await release.coordinatorPod()).metadata;
  const result = await release.upgrade(settings, ...flags);
  const [preflight = '', rollout = ''] = unfolded(result.all).split(/^marblerun-hooks rollout/m);
  const passed = plan.outcome === 'passed';
  expect(preflight).to.match(passed ? /^Preflight passed/m : /^Upgrade refused/m);
  expect(codesIn(preflight)).to.have.members(plan.findings.map(({ code }) => code));
  expect(restartedIn(rollout)).to.deep.equal(passed ? restartsOf(plan) : []);
  const replaced = (await release.coordinatorPod()).metadata.uid !== uid;
  expect(replaced, plan.coordinator.why).to.equal(passed && plan.coordinator.kind === 'restarts');
  return result;
}

/** The codes of the findings that were printed, without those of acts. */
function codesIn(report: string): string[] {
  const codes = [...report.matchAll(/^(?:BLOCK|WARN|INFO|ACKNOWLEDGED) ([a-z-]+) \(/gm)];
  return codes.map(([, code = '']) => code).filter((code) => !actedOn.includes(code));
}

/** The workloads that the rollout has restarted, in the order of its report. */
function restartedIn(report: string): string[] {
  const lines = [...report.matchAll(/^ *restarted +(\S+ in \S+)/gm)];
  return lines.map(([, workload = '']) => workload);
}

function restartsOf({ marbles }: Plan): string[] {
  return (marbles?.waves ?? []).flatMap(({ restarts }) => restarts.map(({ workload }) => workload));
}
