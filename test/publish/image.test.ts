import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { root } from '../../release/bundle.ts';
import { chartFile } from '../../release/chart.ts';
import { blobPath, type Descriptor } from '../../release/image/layout.ts';
import { start } from '../../release/image/image.ts';
import { baseLayout } from './base.ts';
import { packaged, temporary } from './release.ts';

interface Manifest {
  manifests: Descriptor[];
  config: Descriptor;
  layers: Descriptor[];
  annotations: Record<string, string>;
}

interface Config {
  architecture: string;
  config: { Env: string[]; User: string; Entrypoint: string[] };
  rootfs: { diff_ids: string[] };
}

describe('The image of the hooks', function () {
  this.timeout('30s');
  let layout: string;
  let images: Manifest[];

  const blob = async <T>({ digest }: Descriptor): Promise<T> =>
    JSON.parse(await readFile(blobPath(layout, digest), 'utf8')) as T;

  before(async () => {
    const out = await packaged(['--base', await baseLayout()]);
    layout = await temporary();
    const { version } = await chartFile();
    await execa('tar', ['-C', layout, '-xf', join(out, `marblerun-hooks-${version}.tar`)]);
    const index = JSON.parse(await readFile(join(layout, 'index.json'), 'utf8')) as Manifest;
    expect(index.manifests).to.have.lengthOf(1);
    const [only] = index.manifests as [Descriptor];
    expect(only.annotations).to.deep.equal({ 'org.opencontainers.image.ref.name': version });
    const platforms = (await blob<Manifest>(only)).manifests;
    expect(platforms.map(({ platform }) => platform)).to.deep.equal([
      { os: 'linux', architecture: 'amd64' },
      { os: 'linux', architecture: 'arm64' },
    ]);
    images = await Promise.all(platforms.map((manifest) => blob<Manifest>(manifest)));
  });

  it('has the layers of its base, each for its architecture, and the program on top', async () => {
    const [amd, arm] = images;
    expect(amd?.layers).to.have.lengthOf(2);
    expect(amd?.layers[0]).not.to.deep.equal(arm?.layers[0]);
    expect(amd?.layers[1]).to.deep.equal(arm?.layers[1]);
    for (const { config, layers } of images) {
      const { rootfs } = await blob<Config>(config);
      expect(rootfs.diff_ids).to.have.lengthOf(layers.length);
    }
  });

  it('starts the program as a user without rights, in the environment of its base', async () => {
    for (const { config } of images) {
      const { config: container } = await blob<Config>(config);
      expect(container.User).to.equal('65532:65532');
      expect(container.Entrypoint).to.deep.equal(['/nodejs/bin/node', '/app/marblerun-hooks.mjs']);
      expect(container.Env).to.deep.equal(['SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt']);
    }
  });

  it('holds a program that runs from a folder that it cannot write to', async () => {
    const folder = await temporary();
    const app = images[0]?.layers[1];
    await execa('tar', ['-C', folder, '-xzf', blobPath(layout, app?.digest ?? '')]);
    const { stdout } = await execa(process.execPath, [join(folder, 'app', 'marblerun-hooks.mjs'), '--help']);
    expect(stdout).to.match(/preflight/);
    const { stdout: writable } = await execa('find', [join(folder, 'app'), '-type', 'f', '-perm', '/022']);
    expect(writable).to.equal('');
  });

  it('is refused on a base without one of the platforms, by name', async () => {
    const failure = await packaged(['--base', await baseLayout(['amd64'])]).catch((error: unknown) => error);
    expect(failure)
      .to.have.property('stderr')
      .that.includes('no image for linux/arm64, only for: linux/amd64');
  });

  it('is refused on a base with a damaged layer', async () => {
    const base = await baseLayout();
    const [listed] = (JSON.parse(await readFile(join(base, 'index.json'), 'utf8')) as Manifest).manifests;
    const read = async (digest = ''): Promise<Manifest> =>
      JSON.parse(await readFile(blobPath(base, digest), 'utf8')) as Manifest;
    const image = await read((await read(listed?.digest)).manifests[0]?.digest);
    await writeFile(blobPath(base, image.layers[0]?.digest ?? ''), 'something else');
    const failure = await packaged(['--base', base]).catch((error: unknown) => error);
    expect(failure).to.have.property('stderr').that.includes('is damaged');
  });

  it('starts as the one that the Dockerfile makes', async () => {
    const dockerfile = await readFile(join(root, 'Dockerfile'), 'utf8');
    expect(dockerfile).to.contain(`ENTRYPOINT ${JSON.stringify(start.entrypoint).replaceAll(',', ', ')}`);
    expect(dockerfile).to.contain(`USER ${start.user}\n`);
  });
});
