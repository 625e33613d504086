import { expect } from 'chai';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ManifestReport } from '../../hooks/core/manifest-check/report.ts';
import type { Settings } from '../../hooks/core/settings.ts';
import { succeeded } from './begun.ts';
import { giveManifest } from './mesh-facts.ts';
import { as, PreflightByHand } from './preflight-run.ts';
import { Release } from './release.ts';
import { afterwards, useLab } from './shared-lab.ts';

describe('preflight run by hand with a kubeconfig', function () {
  this.timeout('3m');
  const lab = useLab();
  let release: Release;
  let preflight: PreflightByHand;

  before(async () => {
    release = await Release.prepare(lab(), 4, { backups: true });
    await succeeded(release.install());
    await giveManifest(release);
    preflight = await PreflightByHand.prepare(release);
  });
  afterwards(() => release.remove());

  async function tokenOf(account: string): Promise<string> {
    await release.kubectl('create', 'serviceaccount', account);
    return (await release.kubectl('create', 'token', account)).trim();
  }

  it('passes with the rights of an administrator', async () => {
    const { exitCode, report } = await preflight.run(() => undefined);
    expect(exitCode).to.equal(0);
    expect(report).to.deep.include({ outcome: 'passed', findings: [] });
    expect(report.facts.find(({ name }) => name === 'Node')?.value).to.match(/the Coordinator stays$/);
  });

  it('checks a Manifest against the one in force, which it asks for through the API server', async () => {
    await writeFile(
      join(preflight.folder, 'update.json'),
      '{"Packages": {"marble": {"SecurityVersion": 2}}}',
    );
    const where = ['--from-coordinator', '--namespace', release.namespace, '--output', 'json'];
    const { exitCode, stdout } = await preflight.other('check-manifest', 'update.json', ...where);
    expect(exitCode, stdout).to.equal(1);
    const { kind, findings } = JSON.parse(stdout) as ManifestReport;
    expect(kind).to.equal('packages');
    // The lab's Manifest has no users.
    const codes = ['update-not-permitted', 'marbles-rebuild', 'marbles-restart'];
    expect(findings.map(({ code }) => code)).to.have.members(codes);
  });

  it('does not take what it may not see for a pass', async () => {
    const token = await tokenOf('namespaced');
    const binding = ['namespaced', '--clusterrole=admin', `--serviceaccount=${release.namespace}:namespaced`];
    await release.kubectl('create', 'rolebinding', ...binding);
    const { exitCode, report } = await preflight.run(as(token));
    expect(exitCode).to.equal(0);
    const messages = Object.fromEntries(report.findings.map(({ code, message }) => [code, message]));
    expect(messages).to.have.all.keys('placement-unknown', 'marbles-unknown', 'storage-unknown');
    expect(messages['placement-unknown']).to.contain('cannot get resource "nodes"');
    expect(messages['marbles-unknown']).to.contain('cannot list resource "replicasets"');
  });

  it('names the right without which it cannot work', async () => {
    const token = await tokenOf('nobody');
    const { exitCode, report } = await preflight.run(as(token));
    expect(exitCode).to.equal(3);
    expect(report.findings.map(({ code }) => code)).to.deep.equal(['rights-missing']);
    expect(report.findings[0]?.message).to.contain('cannot get resource "deployments"');
  });

  it('says that the API server cannot be reached, and ends by its deadline', async () => {
    const path = join(preflight.folder, 'settings.json');
    const settings = JSON.parse(await readFile(path, 'utf8')) as Settings;
    settings.hooks.deadlineSeconds = 3;
    await writeFile(path, JSON.stringify(settings));
    const { exitCode, report } = await preflight.run(({ clusters }) => {
      clusters.forEach(({ cluster }) => (cluster.server = 'https://127.0.0.1:1'));
    });
    expect(exitCode).to.equal(3);
    expect(report.findings.map(({ code }) => code)).to.deep.equal(['cluster-unreachable']);
    expect(report.findings[0]?.message).to.contain('the deadline came first');
  });
});
