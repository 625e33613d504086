import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { giveManifest, marblePods, meshFacts, startMarbles, type MeshFacts } from '../cluster/mesh-facts.ts';
import { chart } from '../cluster/charts.ts';
import { Release } from '../cluster/release.ts';
import { endLab, startLab, type Lab } from '../lab/lab.ts';
import { narrator, type Narrator } from './narrator.ts';
import { table } from './table.ts';

const labName = 'demo';
const port = 8879;
const { values: flags } = parseArgs({ options: { down: { type: 'boolean', default: false } } });

/** One look at the mesh. */
interface Look extends MeshFacts {
  marbles: string[];
}

await endLab(labName);
const lab = await startLab({
  name: labName,
  keep: true,
  onProgress: (line) => {
    console.log(`[lab] ${line}`);
  },
});
process.once('SIGINT', () => {
  void lab.down().finally(() => process.exit(130));
});
const { say, type } = narrator(lab);
try {
  await perform(lab, { say, type });
} catch (error) {
  await lab.down();
  throw error;
}
if (flags.down) {
  await lab.down();
  say('\nThe cluster is down again.');
} else {
  say(`
The cluster stays up. Use it:     npm run lab -- exec --name ${labName} -- kubectl -n marblerun get pods -o wide
A shell in it:                    npm run lab -- exec --name ${labName}
Take it down:                     npm run lab -- down --name ${labName}`);
}

/** Installs, upgrades and is refused, on the real cluster. */
async function perform(lab: Lab, { say, type }: Narrator): Promise<void> {
  await serveRepository(lab);
  const release = await Release.prepare(lab, 4, {
    namespace: 'marblerun',
    enclaves: 'simulated',
    backups: true,
  });
  const values = join(lab.dir, 'values.yaml');
  await cp(release.values, values);
  const helm = (verb: string, ...more: string[]): string[] => {
    const what = ['marblerun-coordinator', 'edgeless/marblerun-coordinator', '-n', 'marblerun'];
    return ['helm', verb, ...what, ...more, '-f', values];
  };
  say('\n== The Coordinator v1.8.0, from a chart repository, with a Manifest and two Marbles');
  await type(['helm', 'repo', 'add', 'edgeless', `http://127.0.0.1:${port}`]);
  await type(helm('install', '--set', 'coordinator.version=v1.8.0'));
  await giveManifest(release);
  say('A Manifest with a recovery key is set; now two Marbles start.');
  await startMarbles(release, 'web', 'store');
  await type(['kubectl', '-n', 'marblerun', 'get', 'pods', '-o', 'wide']);
  const before = await look(release);

  say('\n== The upgrade, as the documentation says it');
  const upgrade = await type(helm('upgrade', '--set', 'coordinator.coordinatorImageVersion=v1.9.1'));
  const after = await look(release);
  showChange(say, before, after, upgrade.all);

  say('\n== The same kind of upgrade while the node is cordoned');
  await type(['kubectl', 'cordon', after.node]);
  await type(helm('upgrade', '--set', 'coordinator.coordinatorImageVersion=v1.8.0'), 'failure');
  const refused = await look(release);
  showChange(say, after, refused, 'refused');
  await type(['kubectl', 'uncordon', after.node]);
}

/** Packages the chart and serves it where Helm in the lab can reach it. */
async function serveRepository(lab: Lab): Promise<void> {
  const folder = join(lab.dir, 'repository');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  await lab.exec('helm', ['package', chart, '-d', folder]);
  await lab.exec('helm', ['repo', 'index', folder, '--url', `http://127.0.0.1:${port}`]);
  const args = [join(import.meta.dirname, 'serve.ts'), folder, String(port)];
  await lab.start({ name: 'chart-repository', file: process.execPath, args });
}

async function look(release: Release): Promise<Look> {
  return { ...(await meshFacts(release)), marbles: await marblePods(release) };
}

function showChange(say: Narrator['say'], before: Look, after: Look, output: string): void {
  const replaced = after.marbles.filter((uid) => !before.marbles.includes(uid)).length;
  const why = /(\d+ found, [^\\\n]*)/.exec(output)?.[1] ?? 'the upgrade was refused';
  const row = (name: string, cell: (look: Look) => string): string[] => [
    name,
    cell(before),
    cell(after),
    cell(before) === cell(after) ? 'same' : 'changed',
  ];
  const rows = [
    ['', 'before', 'after', ''],
    row('image', ({ image }) => image),
    row('node', ({ node }) => node),
    row('state', ({ state }) => String(state)),
    row('Manifest', ({ manifestFingerprint }) => manifestFingerprint.slice(0, 16)),
    row('root certificate', ({ rootCertificate }) => rootCertificate.slice(0, 23)),
    row('Marble pods', ({ marbles }) => `${marbles.length} running`),
  ];
  say(`\n${table(rows)}\nMarble pods replaced: ${replaced} (${why})`);
}
