import { expect } from 'chai';
import type { Plan } from '../../hooks/core/plan/plan.ts';
import type { ExecResult } from '../lab/inside.ts';
import { unfolded } from '../support/helm-output.ts';
import { planIn, runPlan } from './plan-run.ts';
import type { Release, Settings } from './release.ts';

/** What preflight finds once it has acted, by how plan says before what it would do. */
const acts: Readonly<Record<string, RegExp>> = {
  'claim-kept': /^mark persistentvolumeclaim\//m,
  'node-held': /^hold /m,
  'strategy-switched': /^switch the Deployment /m,
  'image-taken-back': /^take the image back /m,
  'backup-made': /^copy the sealed state /m,
  'backup-skipped': /^(copy the|make no copy of the) sealed state/m,
  'backup-slot-taken': /^copy the sealed state /m,
};

/**
 * Upgrades, and expects the hooks to say and do what plan said just before: the verdict, the findings, what preflight does,
 * whether the Coordinator's pods are made anew, and which Marbles restart, in their order.
 */
export async function upgradeAsPlanned(
  release: Release,
  settings: Settings,
  flags: readonly string[],
): Promise<ExecResult> {
  const asked = await runPlan(release, settings, ...flags, '--output=json');
  if (asked.stdout === '') return await refusedByHelm(release, settings, flags, asked);
  const plan = planIn(asked);
  const before = await coordinators(release);
  const result = await release.upgradeUnplanned(settings, ...flags);
  const [preflight = '', rollout = ''] = unfolded(result.all).split(/^marblerun-hooks rollout/m);
  const passed = plan.outcome === 'passed';
  expect(preflight).to.match(passed ? /^Preflight passed/m : /^Upgrade refused/m);
  const codes = codesIn(preflight);
  // Without a ClusterRole the hook does not see all that a person does.
  const isFound = (code: string): boolean =>
    !(code in acts) && !(settings['rbac.scope'] === 'namespaces' && code.endsWith('-unknown'));
  const expected = plan.findings.map(({ code }) => code);
  expect(codes.filter(isFound)).to.have.members(expected.filter(isFound));
  const would = plan.preflightWould.join('\n');
  for (const [code, act] of Object.entries(acts)) {
    // A copy is made only of a state that has changed.
    const may = code.startsWith('backup-') && act.test(would);
    if (!may) expect(codes.includes(code), `${code} of: ${would}`).to.equal(act.test(would));
  }
  const restarted = restartedIn(rollout);
  const restarts = passed ? restartsOf(plan) : [];
  // A rollout that failed, or hands them to a Job, may have come to some of them only.
  const complete = result.exitCode === 0 && !/^INFO roll-detached /m.test(rollout);
  if (complete) expect(restarted).to.deep.equal(restarts);
  else expect(restarts).to.include.members(restarted);
  const after = await coordinators(release);
  const stayed = before.filter((uid) => after.includes(uid));
  const replaced = passed && plan.coordinator.kind === 'restarts';
  expect(stayed, plan.coordinator.why).to.deep.equal(replaced ? [] : before);
  return result;
}

/** Where Helm begins no upgrade, plan says so in its words. */
async function refusedByHelm(
  release: Release,
  settings: Settings,
  flags: readonly string[],
  asked: ExecResult,
): Promise<ExecResult> {
  const result = await release.upgradeUnplanned(settings, ...flags);
  expect(result.exitCode, result.all).not.to.equal(0);
  const words = /^Error: .*$/m.exec(result.all)?.[0];
  expect(words, result.all).to.be.a('string');
  expect(asked.all).to.contain(words);
  return result;
}

async function coordinators(release: Release): Promise<string[]> {
  return (await release.coordinatorPods()).map(({ metadata }) => metadata.uid ?? '').sort();
}

/** The codes of the findings that were printed. */
function codesIn(report: string): string[] {
  const codes = [...report.matchAll(/^(?:BLOCK|WARN|INFO|ACKNOWLEDGED) ([a-z-]+) \(/gm)];
  return codes.map(([, code = '']) => code);
}

/** The workloads that the rollout has restarted, in the order of its report. */
function restartedIn(report: string): string[] {
  const lines = [...report.matchAll(/^ *restarted +(\S+ in \S+)/gm)];
  return lines.map(([, workload = '']) => workload);
}

function restartsOf({ marbles }: Plan): string[] {
  return (marbles?.waves ?? []).flatMap(({ restarts }) => restarts.map(({ workload }) => workload));
}
