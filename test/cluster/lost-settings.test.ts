import { expect } from 'chai';
import type { ExecResult } from '../lab/inside.ts';
import { unfolded } from '../support/helm-output.ts';
import { builtProgram } from './built-program.ts';
import { begun, succeeded } from './begun.ts';
import { meshFacts, type MeshFacts } from './mesh-facts.ts';
import { documentedCommands, runDocumented } from './documented-commands.ts';
import { runPlan } from './plan-run.ts';
import { chart } from './charts.ts';
import { Release } from './release.ts';
import { afterwards, useLab } from './shared-lab.ts';

const names = 'mesh.example.com\\,10.0.0.1';

/** The flags that the hook printed, one line for each finding. */
function printedFlags(output: string): string[] {
  const lines = unfolded(output).split('\n');
  return lines.map((line) => line.trim()).filter((line) => line.startsWith('--set'));
}

/** `helm upgrade` as a person types it, with the printed flags pasted behind it. */
async function upgradeWith({ lab, name, namespace, values }: Release, flags: string[]): Promise<ExecResult> {
  const command = ['helm', 'upgrade', name, chart, '-n', namespace, '-f', values, ...flags].join(' ');
  return await lab.exec('sh', ['-c', command], { reject: false });
}

async function generation(release: Release): Promise<number | undefined> {
  return (await release.deployment()).metadata.generation;
}

describe('an upgrade that forgets settings of the last rollout', function () {
  this.timeout('4m');
  const lab = useLab();
  let release: Release;
  let refused: string;

  before(async () => {
    release = await Release.prepare(lab(), 4, { enclaves: 'simulated' });
    await succeeded(
      release.install({
        'coordinator.hostname': names,
        'coordinator.resources.limits.memory': '200Mi',
        'coordinator.sealDir': '/coordinator/data/in',
      }),
    );
  });
  afterwards(() => release.remove());

  it('is refused before anything changes, and names each with its value now and after', async () => {
    const before = await generation(release);
    const { exitCode, all } = await release.upgrade();
    refused = unfolded(all);
    expect(exitCode, all).not.to.equal(0);
    expect(refused)
      .to.contain('BLOCK setting-lost (the values of release marblerun-coordinator)')
      .and.to.contain('coordinator.sealDir: /coordinator/data/in now, /coordinator/data/ after')
      .and.to.contain('coordinator.hostname: mesh.example.com,10.0.0.1 now, none after')
      .and.to.contain('coordinator.resources.limits.memory: 200Mi now, none after');
    expect(await generation(release)).to.equal(before);
  });

  it('is planned with the trap named, and with what --reuse-values would keep of the old chart', async () => {
    const forgetting = await runPlan(release);
    expect(forgetting.exitCode).to.equal(1);
    expect(forgetting.stdout).to.contain('values: Helm forgets each value of earlier commands');
    const keeping = await runPlan(release, {}, '--reuse-values');
    expect(keeping.exitCode, keeping.all).to.equal(0);
    expect(keeping.stdout).to.contain(
      '--reuse-values: Helm takes the defaults of the chart that the release was made with',
    );
  });

  it('is planned to pass by the command that is documented, which keeps the values', async () => {
    const [command = ''] = await documentedCommands('docs/plan.md', 'Before an upgrade', release);
    const program = `marblerun-hooks() { '${process.execPath}' '${await builtProgram(lab())}' "$@"; }`;
    const said = await runDocumented(release, `${program}\n${command}`, process.cwd());
    expect(said).to.match(/^Preflight would pass\b/m);
    expect(said).to.match(/^ {2}Its pod stays as it is/m);
  });

  it('is shown in the words of Helm where Helm refuses it', async () => {
    const { exitCode, stdout, all } = await runPlan(release, { 'coordinator.nonsense': '1' });
    expect(exitCode).to.equal(2);
    expect(stdout).to.equal('');
    expect(all).to.contain("additional properties 'nonsense' not allowed");
  });

  it('passes with the flags that were printed, and keeps the pod as it is', async () => {
    const { uid } = (await release.coordinatorPod()).metadata;
    const { exitCode, all } = await upgradeWith(release, printedFlags(refused));
    expect(exitCode, all).to.equal(0);
    expect(all).not.to.contain('setting-lost');
    expect((await release.coordinatorPod()).metadata.uid).to.equal(uid);
  });

  it('passes with the token for these settings', async () => {
    const [token = ''] = /setting-lost:[0-9a-f]{8}/.exec(refused) ?? [];
    const all = await succeeded(release.upgrade({ 'hooks.acknowledge': `{${token}}` }));
    expect(unfolded(all)).to.contain('ACKNOWLEDGED setting-lost').and.to.contain('WARN setting-lost');
  });
});

describe("an upgrade from a chart in upstream's shape that forgets settings", function () {
  this.timeout('4m');
  const lab = useLab();
  let release: Release;
  let initial: MeshFacts;
  let refused: string;

  before(async () => {
    release = await Release.prepare(lab(), 4, { name: 'marblerun' });
    ({ initial } = await begun(
      release,
      release.installUpstreamShaped({
        'coordinator.hostname': names,
        'coordinator.simulation': 'true',
      }),
    ));
  });
  afterwards(() => release.remove());

  it('is refused before anything changes, and names each from the objects themselves', async () => {
    const before = await generation(release);
    const { exitCode, all } = await release.upgrade();
    refused = unfolded(all);
    expect(exitCode, all).not.to.equal(0);
    expect(refused)
      .to.contain('coordinator.simulation: true now, false after')
      .and.to.contain('coordinator.hostname: mesh.example.com,10.0.0.1 now, none after')
      .and.not.to.contain('settings-unknown');
    expect(refused.match(/ now, .* after$/gm), refused).to.have.length(2);
    expect(await generation(release)).to.equal(before);
  });

  it('passes with the flags that were printed, and keeps the state', async () => {
    const { exitCode, all } = await upgradeWith(release, printedFlags(refused));
    expect(exitCode, all).to.equal(0);
    expect(all).not.to.contain('setting-lost');
    expect(await meshFacts(release)).to.deep.equal(initial);
  });
});

describe('an upgrade of the image under a client that pins it', function () {
  this.timeout('4m');
  const lab = useLab();
  let release: Release;
  const client = { 'clients[0].name': 'billing', 'clients[0].UniqueID': '6b'.repeat(32) };

  before(async () => {
    release = await Release.prepare(lab(), 3);
    await succeeded(release.install({ ...client, 'coordinator.version': 'v1.8.0' }));
  });
  afterwards(() => release.remove());

  it('is refused by name until it is acknowledged', async () => {
    const { exitCode, all } = await release.upgrade(client);
    expect(exitCode, all).not.to.equal(0);
    expect(all).to.contain('client-pins-unique-id (client billing)').and.to.contain('6b6b6b6b6b6b');
    const [token = ''] = /client-pins-unique-id:[0-9a-f]{8}/.exec(all) ?? [];
    const accepted = await release.upgrade({ ...client, 'hooks.acknowledge': `{${token}}` });
    expect(accepted.exitCode, accepted.all).to.equal(0);
  });
});
