import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { chartFile } from '../../release/chart.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { baseLayout } from './base.ts';
import { clone, date, packaged, temporary } from './release.ts';

interface Bom {
  bomFormat: string;
  metadata: { timestamp: string; component: { purl: string } };
  components: { name: string; scope: string; purl: string; licenses: unknown[] }[];
  dependencies: { ref: string; dependsOn: string[] }[];
}

describe('npm run package', function () {
  this.timeout('30s');
  let out: string;
  let version: string;

  before(async () => {
    const options = ['--url', 'https://charts.example.com/stable', '--base', await baseLayout()];
    out = await packaged(options);
    ({ version } = await chartFile());
  });

  it('makes the chart, its repository, the image of the hooks, its SBOM and their digests', async () => {
    expect(await readdir(out)).to.have.members([
      `marblerun-coordinator-${version}.tgz`,
      'index.yaml',
      'artifacthub-repo.yml',
      `marblerun-hooks-${version}.tar`,
      `marblerun-hooks-${version}.cdx.json`,
      'SHA256SUMS',
    ]);
    const { stdout } = await execa('sha256sum', ['--check', 'SHA256SUMS'], { cwd: out });
    expect(stdout.match(/: OK$/gm)).to.have.lengthOf(5);
  });

  it('makes the same bytes from another clone at another time', async () => {
    const options = ['--url', 'https://charts.example.com/stable', '--base', await baseLayout()];
    const again = await packaged(options, await clone());
    expect(await readFile(join(again, 'SHA256SUMS'), 'utf8')).to.equal(
      await readFile(join(out, 'SHA256SUMS'), 'utf8'),
    );
  });

  it('packs neither tests nor what belongs to the work tree', async () => {
    const archive = `marblerun-coordinator-${version}.tgz`;
    const { stdout } = await execa('tar', ['-tzf', archive], { cwd: out });
    const top = new Set(stdout.split('\n').map((path) => path.split('/')[1]));
    expect([...top]).to.have.members([
      'Chart.yaml',
      'README.md',
      'defaults.json',
      'templates',
      'values.schema.json',
      'values.yaml',
    ]);
  });

  it('lists in the SBOM what is in the program, and nothing that only builds it', async () => {
    const bom = JSON.parse(await readFile(join(out, `marblerun-hooks-${version}.cdx.json`), 'utf8')) as Bom;
    expect(bom.bomFormat).to.equal('CycloneDX');
    expect(bom.metadata.timestamp).to.equal(date.toISOString());
    expect(bom.metadata.component.purl).to.equal(`pkg:npm/marblerun-hooks@${version}`);
    const names = bom.components.map(({ name }) => name);
    expect(names).to.include.members(['@kubernetes/client-node', 'semver', 'undici']);
    expect(names).not.to.include.members(['esbuild']);
    expect(names).not.to.include.members(['typescript']);
    for (const component of bom.components) {
      expect(component.scope).to.equal('required');
      expect(component.purl).to.match(/^pkg:npm\//);
      expect(component.licenses, component.name).not.to.be.empty;
    }
  });

  it('gives chart and program the same version', () => {
    expect(packageJson.version).to.equal(version);
  });

  it('empties no folder but one of a release', async () => {
    const folder = await temporary();
    await writeFile(join(folder, 'mine'), '');
    const failure = await packaged(['--out', folder]).catch((error: unknown) => error);
    expect(failure).to.have.property('stderr').that.includes('holds something else than a release');
    expect(await readdir(folder)).to.deep.equal(['mine']);
  });

  it('refuses half an answer by the option that is missing', async () => {
    const failure = await packaged(['--sign', 'key']).catch((error: unknown) => error);
    expect(failure).to.have.property('stderr').that.includes('--sign needs --keyring');
  });
});
