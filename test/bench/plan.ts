import { dryRunArguments } from '../../hooks/core/plan/command.ts';
import { readPlanRequest } from '../../hooks/core/plan/request.ts';
import { runPlan } from '../cluster/plan-run.ts';
import { chart, flagsOf, Release } from '../cluster/release.ts';
import { startLab } from '../lab/lab.ts';
import { median, print } from './figures.ts';

const runs = 11;
/** How long plan takes on a cluster, its own API requests included, against the dry run of Helm that is a part of it. */
export async function benchPlan(): Promise<undefined> {
  const lab = await startLab({
    onProgress: (line) => {
      console.log(`lab: ${line}`);
    },
  });
  try {
    const release = await Release.prepare(lab, 4);
    await release.install();
    const request = readPlanRequest([release.name, chart, ...flagsOf(release, {})]);
    if (request === undefined) throw new Error('plan was asked for help');
    const helm: number[] = [];
    const plan: number[] = [];
    for (let run = 0; run < runs; run++) {
      helm.push(await taken(async () => await lab.exec('helm', dryRunArguments(request))));
      plan.push(await taken(async () => await runPlan(release)));
    }
    const ratio = median(plan) / median(helm);
    print('helm upgrade --dry-run=server', `${median(helm).toFixed(0)} ms`);
    print('plan', `${median(plan).toFixed(0)} ms, ${ratio.toFixed(2)} x with its own API requests`);
  } finally {
    await lab.down();
  }
}

async function taken(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}
