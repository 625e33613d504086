import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { apiServerFor, type ApiServer } from './api-server.ts';
import { updateCases } from './corpus.ts';
import { needCoordinators } from './court.ts';
import { Judge } from './judge.ts';

const root = new URL('../../', import.meta.url).pathname;
const page = await readFile(join(root, 'docs/manifests.md'), 'utf8');
const commands = [...page.matchAll(/^```sh\n(.*)\n```$/gm)].map(([, command = '']) => command);

/** What each command ends with: the documented Manifest is refused, the update is taken. */
const exitCodes = new Map([
  ['marblerun-hooks check-manifest manifest.yaml', 1],
  ['marblerun-hooks check-manifest --output json - < manifest.yaml', 1],
  ['marblerun-hooks check-manifest --coordinator-version v1.8.0 manifest.yaml', 1],
  ['marblerun-hooks check-manifest update.yaml --current manifest.json', 0],
  ['marblerun-hooks check-manifest update.yaml --from-coordinator --namespace marblerun', 0],
]);

describe('The commands of docs/manifests.md', function () {
  this.timeout(60_000);
  let folder: string;
  let judge: Judge;
  let api: ApiServer;

  before(async function () {
    await needCoordinators(this, 'v1.9.1');
    folder = await mkdtemp(join(tmpdir(), 'documented-'));
    const [{ inForce, text }] = updateCases() as [ReturnType<typeof updateCases>[number]];
    await copyFile(join(import.meta.dirname, 'documented.yaml'), join(folder, 'manifest.yaml'));
    await writeFile(join(folder, 'manifest.json'), inForce);
    await writeFile(join(folder, 'update.yaml'), text);
    judge = await Judge.start('v1.9.1');
    expect(await judge.set(inForce)).to.include({ takes: true });
    api = await apiServerFor(judge.url);
  });
  after(async () => {
    await api.close();
    await judge.stop();
    await rm(folder, { recursive: true });
  });

  const run = async (command: string) => {
    const program = `marblerun-hooks() { "${process.execPath}" "${join(root, 'hooks/main.ts')}" "$@"; }`;
    const env = { KUBECONFIG: api.kubeconfig };
    return await execa('bash', ['-c', `${program}\n${command}`], { cwd: folder, env, reject: false });
  };

  it('are those that are run here', () => {
    expect(commands).to.deep.equal([...exitCodes.keys()]);
  });

  for (const command of commands) {
    it(`run: ${command}`, async () => {
      const { exitCode, stdout } = await run(command);
      expect(exitCode, stdout).to.equal(exitCodes.get(command));
    });
  }

  it('print what the page says', async () => {
    const { stdout } = await run(commands[0] ?? '');
    expect(page).to.contain(`\`\`\`\n${stdout}\n\`\`\``);
  });
});
