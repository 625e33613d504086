import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { chartFile } from '../../release/chart.ts';
import { media, copyBlob, writeBlob, writeLayout } from '../../release/image/layout.ts';
import { succeeded } from '../cluster/begun.ts';
import { meshFacts } from '../cluster/mesh-facts.ts';
import { Release, type HelmVersion } from '../cluster/release.ts';
import { afterwards, useLab } from '../cluster/shared-lab.ts';
import { runtimeLayer } from '../lab/images/hooks.ts';
import { containerdSocket } from '../lab/node.ts';
import { runRegistry } from '../lab/registry.ts';
import { packaged, temporary } from '../publish/release.ts';

const platform = 'linux/amd64';

/** The lab's Node.js as an OCI layout, in the place of the distroless base. */
async function runtimeBase(): Promise<string> {
  const folder = await temporary();
  const archive = join(folder, 'base.tar');
  const { path, digest, size } = await runtimeLayer();
  await writeLayout(archive, async (layout) => {
    await copyBlob(layout, path, digest);
    const config = await writeBlob(layout, media.config, {
      os: 'linux',
      architecture: 'amd64',
      config: { Env: ['PATH=/usr/bin:/bin'] },
      rootfs: { type: 'layers', diff_ids: [`sha256:${digest}`] },
    });
    const layers = [{ mediaType: media.layer, digest: `sha256:${digest}`, size }];
    return [
      await writeBlob(layout, media.manifest, {
        schemaVersion: 2,
        mediaType: media.manifest,
        config,
        layers,
      }),
    ];
  });
  const base = join(folder, 'base');
  await mkdir(base);
  await execa('tar', ['-C', base, '-xf', archive]);
  return base;
}

describe('What is published, in a registry', function () {
  this.timeout('5m');
  const lab = useLab();
  const releases: Release[] = [];
  let registry: string;
  let charts: string;
  let out: string;
  let version: string;

  const helm = async (client: HelmVersion, ...args: string[]): Promise<string> => {
    const all = await succeeded(lab().helm(client, args));
    return all;
  };

  before(async () => {
    registry = await runRegistry(lab(), console.log);
    charts = `oci://${registry}/charts`;
    ({ version } = await chartFile());
    out = await packaged(['--base', await runtimeBase(), '--platform', platform]);
  });
  afterwards(async () => {
    for (const release of releases) await release.remove();
  });

  it('takes the image of the hooks', async () => {
    const ctr = ['--address', containerdSocket('node-a'), '--namespace', 'publishing', 'images'];
    const archive = join(out, `marblerun-hooks-${version}.tar`);
    await lab().exec('ctr', [...ctr, 'import', '--base-name', `${registry}/marblerun-hooks`, archive]);
    const image = `${registry}/marblerun-hooks:${version}`;
    await lab().exec('ctr', [...ctr, 'push', '--plain-http', '--platform', platform, image]);
  });

  for (const client of [3, 4] as const) {
    it(`takes the chart, and gives back the same bytes, with Helm ${client}`, async () => {
      const archive = `marblerun-coordinator-${version}.tgz`;
      await helm(client, 'push', join(out, archive), charts, '--plain-http');
      const folder = await temporary();
      await helm(client, 'pull', `${charts}/marblerun-coordinator`, '--plain-http', '--destination', folder);
      expect(await readFile(join(folder, archive))).to.deep.equal(await readFile(join(out, archive)));
    });

    it(`is installed from there, with hooks that run in the published image, with Helm ${client}`, async () => {
      const release = await Release.prepare(lab(), client);
      releases.push(release);
      const settings = { 'hooks.image.repository': registry, 'hooks.image.pullPolicy': 'Always' };
      const flags = ['--wait', '--plain-http', '--version', version];
      const result = await release.helm('install', `${charts}/marblerun-coordinator`, settings, flags);
      expect(result.exitCode, result.all).to.equal(0);
      expect(result.all).to.contain('Preflight passed.').and.to.contain('Rollout done.');
      expect(await meshFacts(release)).to.include({ state: 2 });
      const [anchor] = await release.pods('edgeless.systems/control-plane-component=coordinator-anchor');
      expect(anchor?.spec.containers[0]?.image).to.equal(`${registry}/marblerun-hooks:${version}`);
    });
  }
});
