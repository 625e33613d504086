import { execa } from 'execa';
import { gzipSync } from 'node:zlib';
import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packLayer } from '../../release/image/layer.ts';
import { media, writeBlob, writeLayout, type Descriptor } from '../../release/image/layout.ts';
import { temporary } from './release.ts';

/** A base image as `skopeo copy --all` puts it into an OCI layout: an index of an image for each architecture, and an attestation. */
export async function baseLayout(architectures: readonly string[] = ['amd64', 'arm64']): Promise<string> {
  const folder = await temporary();
  const archive = join(folder, 'base.tar');
  await writeLayout(archive, async (layout) => {
    const manifests: Descriptor[] = [];
    for (const architecture of architectures) manifests.push(await image(layout, architecture));
    manifests.push({
      ...(await image(layout, 'unknown')),
      platform: { os: 'unknown', architecture: 'unknown' },
    });
    return [await writeBlob(layout, media.index, { schemaVersion: 2, mediaType: media.index, manifests })];
  });
  const base = join(folder, 'base');
  await mkdir(base);
  await execa('tar', ['-C', base, '-xf', archive]);
  return base;
}

async function image(layout: string, architecture: string): Promise<Descriptor> {
  const tree = await temporary();
  const { path } = await packLayer(tree, tree, { '/nodejs/bin/node': { text: architecture, mode: 0o755 } });
  const tar = await readFile(path);
  const layer = await writeBlob(layout, `${media.layer}+gzip`, gzipSync(tar));
  const config = await writeBlob(layout, media.config, {
    os: 'linux',
    architecture,
    config: {
      Env: ['SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt'],
      User: '65532',
      Entrypoint: ['/nodejs/bin/node'],
    },
    rootfs: { type: 'layers', diff_ids: [`sha256:${createHash('sha256').update(tar).digest('hex')}`] },
  });
  const content = { schemaVersion: 2, mediaType: media.manifest, config, layers: [layer] };
  return { ...(await writeBlob(layout, media.manifest, content)), platform: { os: 'linux', architecture } };
}
