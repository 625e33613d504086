import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse, stringify } from 'yaml';
import { userOf } from '../audit/rights.ts';
import { renderText, together } from '../chart/render.ts';
import { succeeded } from './begun.ts';
import { documentedCommands, runDocumented, typed } from './documented-commands.ts';
import { restarts, startFleet } from './fleet.ts';
import { giveManifest, meshFacts } from './mesh-facts.ts';
import { folderOf } from './moving.ts';
import { Release } from './release.ts';
import { resultOf, type UpgradeResult } from './roll-in-progress.ts';
import { afterwards, useLab } from './shared-lab.ts';

/** Each part that has a ServiceAccount, and the section of the values that is about it. */
const sections = parse(await renderText('include "marblerun.serviceAccount.sections" .')) as Record<
  string,
  string
>;
const outside = (part: string): string => `outside-${part}`;

interface Role {
  rules: { resources: string[] }[];
}

/** Nothing of the rights is the chart's: neither the accounts nor the roles nor the bindings. */
const values = together([
  ['rbac.create', false],
  ['rollout.detach', true],
  ...Object.entries(sections).map(([part, section]): [string, unknown] => [
    `${section}.serviceAccount`,
    { create: false, name: outside(part) },
  ]),
]);

describe('rights and ServiceAccounts from outside', function () {
  this.timeout('4m');
  const lab = useLab();
  let release: Release;
  let file: string;
  let installed: UpgradeResult;

  before(async () => {
    release = await Release.prepare(lab(), 4, { backups: true });
    const { namespace } = release;
    const folder = await folderOf(release);
    file = join(folder, 'values.yaml');
    await writeFile(file, stringify(values));
    await lab().apply(
      ...Object.keys(sections).map((part) => ({
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: outside(part), namespace },
      })),
    );
    const commands = await documentedCommands('docs/rights.md', 'Rights from outside', release);
    await runDocumented(release, typed(commands, release), folder);
    installed = resultOf(await release.install({}, '-f', file, '--wait'));
  });
  afterwards(async () => {
    await release.remove();
    const left = await lab().kubectl('get', 'clusterroles,clusterrolebindings', '-o', 'name');
    const own = left.split('\n').filter((name) => name.endsWith(`-${release.namespace}`));
    await lab().kubectl('delete', ...own);
  });

  async function refusals(): Promise<string[]> {
    const users = new Set(Object.keys(sections).map(userOfPart));
    const requests = (await lab().audit()).filter(({ user, code }) => users.has(user) && code === 403);
    return requests.map(({ user, verb, uri }) => `${user}: ${verb} ${uri}`);
  }

  const userOfPart = (part: string): string => userOf({ name: outside(part), namespace: release.namespace });

  /** All that the hooks had to say, with nothing in it of a right that is missing or a thing that cannot be seen. */
  function expectAllSeen({ exitCode, said }: UpgradeResult): void {
    expect(exitCode, said).to.equal(0);
    expect(said).not.to.match(/rights-missing|-unknown|not known|forbidden/);
  }

  it('let the chart be installed, which makes none of them itself', async () => {
    expectAllSeen(installed);
    const { all } = await lab().helm(4, ['get', 'all', release.name, '-n', release.namespace]);
    expect(all).not.to.match(/^kind: (ServiceAccount|(Cluster)?Role(Binding)?)$/m);
    const accounts = await release.kubectl('get', 'serviceaccounts', '-o', 'name');
    expect(accounts).not.to.contain('marblerun-coordinator');
  });

  it('let an upgrade copy the state, restart the Coordinator, and roll the Marbles in a Job', async () => {
    await giveManifest(release);
    await startFleet(release, { name: 'web' });
    const before = await meshFacts(release);
    const settings = { 'coordinator.debugLogging': 'true', 'rollout.nonce': 'once' };
    expectAllSeen(resultOf(await release.upgrade(settings, '-f', file, '--wait')));
    await release.kubectl(
      'wait',
      'job/marblerun-coordinator-roll',
      '--for=condition=complete',
      '--timeout=90s',
    );
    expect(await restarts(release)).to.deep.equal({ web: 1 });
    expect(await release.kubectl('get', 'secrets', '-o', 'name')).to.contain('marblerun-coordinator-backup');
    expect(await meshFacts(release)).to.deep.equal(before);
  });

  it('let a label be put on every object, which restarts nothing', async () => {
    const { metadata } = await release.coordinatorPod();
    const settings = { 'coordinator.debugLogging': 'true', 'commonLabels.team': 'mesh' };
    expectAllSeen(resultOf(await release.upgrade(settings, '-f', file, '--wait')));
    expect((await release.coordinatorPod()).metadata.uid).to.equal(metadata.uid);
    expect((await release.deployment()).metadata.labels).to.include({ team: 'mesh' });
    const anchor = await release.deployment('marblerun-coordinator-anchor');
    expect(anchor.metadata.generation).to.equal(1);
  });

  it('let helm test pass', async () => {
    const all = await succeeded(release.test('--logs'));
    expect(all).to.contain('Test passed.');
  });

  it('were used by each part that asks the API server, and nothing was refused', async () => {
    expect(await refusals()).to.deep.equal([]);
    const asked = new Set((await lab().audit()).map(({ user }) => user));
    const parts = Object.keys(sections).filter((part) => asked.has(userOfPart(part)));
    expect(parts).to.have.members(['anchor', 'backup', 'preflight', 'roll', 'rollout', 'test']);
  });

  it('are missed by plan as by preflight where one was taken away', async () => {
    const role = 'marblerun-coordinator-preflight';
    const { rules } = await lab().get<Role>('role', role, '-n', release.namespace);
    const rest = rules.filter(({ resources }) => !resources.includes('events'));
    expect(rest).to.have.length(rules.length - 1);
    const patch = JSON.stringify({ rules: rest });
    await release.kubectl('patch', 'role', role, '--type=merge', '--patch', patch);
    const { exitCode, said } = resultOf(await release.upgrade({}, '-f', file, '--wait'));
    expect(exitCode, said).to.equal(0);
    expect(said).to.contain('WARN rights-missing (the preflight)').and.to.contain('create events');
  });
});
