import { expect } from 'chai';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { ConfigMap } from '../../hooks/core/objects.ts';
import type { Report } from '../../hooks/core/report.ts';
import { hookFolder } from '../lab/images/hooks.ts';
import { giveManifest } from './mesh-facts.ts';
import { chart, Release } from './release.ts';
import { afterwards, useLab } from './shared-lab.ts';

interface Kubeconfig {
  clusters: { cluster: { server: string } }[];
  users: { user: { token?: string } }[];
}

interface Run {
  exitCode: number | undefined;
  report: Report;
}

/** Changes a kubeconfig to the user whom a token stands for. */
function as(token: string): (kubeconfig: Kubeconfig) => void {
  return ({ users }) => {
    for (const each of users) each.user = { token };
  };
}

describe('preflight run by hand with a kubeconfig', function () {
  this.timeout('3m');
  const lab = useLab();
  let release: Release;
  let folder: string;
  let program: string;

  before(async () => {
    release = await Release.prepare(lab(), 4);
    const installed = await release.install();
    expect(installed.exitCode, installed.all).to.equal(0);
    await giveManifest(release);
    folder = join(lab().dir, `${release.namespace}-by-hand`);
    await mkdir(folder);
    const show = ['--show-only', 'templates/preflight/configmap.yaml'];
    const where = ['-n', release.namespace, '-f', release.values];
    const { stdout } = await lab().helm(4, ['template', release.name, chart, ...where, ...show]);
    for (const [name, text] of Object.entries((parse(stdout) as ConfigMap).data ?? {})) {
      await writeFile(join(folder, name), text);
    }
    program = join(await hookFolder(folder), 'marblerun-hooks.mjs');
  });
  afterwards(() => release.remove());

  /** Runs preflight with the lab's kubeconfig, changed. */
  async function preflight(change: (kubeconfig: Kubeconfig) => void): Promise<Run> {
    const kubeconfig = parse(await readFile(lab().kubeconfig, 'utf8')) as Kubeconfig;
    change(kubeconfig);
    const path = join(folder, 'kubeconfig');
    await writeFile(path, stringify(kubeconfig));
    const { exitCode, stdout } = await lab().exec(
      process.execPath,
      [program, 'preflight', '--config', folder, '--output', 'json'],
      { env: { KUBECONFIG: path }, reject: false },
    );
    return { exitCode, report: JSON.parse(stdout) as Report };
  }

  async function tokenOf(account: string): Promise<string> {
    await release.kubectl('create', 'serviceaccount', account);
    return (await release.kubectl('create', 'token', account)).trim();
  }

  it('passes with the rights of an administrator', async () => {
    const { exitCode, report } = await preflight(() => undefined);
    expect(exitCode).to.equal(0);
    expect(report).to.deep.include({ outcome: 'passed', findings: [] });
    expect(report.facts.find(({ name }) => name === 'Node')?.value).to.match(/the Coordinator stays$/);
  });

  it('does not take what it may not see for a pass', async () => {
    const token = await tokenOf('namespaced');
    const binding = ['namespaced', '--clusterrole=admin', `--serviceaccount=${release.namespace}:namespaced`];
    await release.kubectl('create', 'rolebinding', ...binding);
    const { exitCode, report } = await preflight(as(token));
    expect(exitCode).to.equal(0);
    expect(report.findings.map(({ code }) => code)).to.deep.equal(['placement-unknown']);
    expect(report.findings[0]?.message).to.contain('cannot get resource "nodes"');
  });

  it('names the right without which it cannot work', async () => {
    const token = await tokenOf('nobody');
    const { exitCode, report } = await preflight(as(token));
    expect(exitCode).to.equal(3);
    expect(report.findings.map(({ code }) => code)).to.deep.equal(['rights-missing']);
    expect(report.findings[0]?.message).to.contain('cannot get resource "deployments"');
  });

  it('says that the API server cannot be reached, and ends by its deadline', async () => {
    const settings = await readFile(join(folder, 'settings.json'), 'utf8');
    await writeFile(join(folder, 'settings.json'), settings.replace(/("deadlineSeconds":) \d+/, '$1 3'));
    const { exitCode, report } = await preflight(({ clusters }) => {
      clusters.forEach(({ cluster }) => (cluster.server = 'https://127.0.0.1:1'));
    });
    expect(exitCode).to.equal(3);
    expect(report.findings.map(({ code }) => code)).to.deep.equal(['cluster-unreachable']);
    expect(report.findings[0]?.message).to.contain('the deadline came first');
  });
});
