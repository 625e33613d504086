import { createHash } from 'node:crypto';
import { link, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import type { Layer } from './layer.ts';

/** An image: its full name, its layers from the lowest up, and how its containers start. */
export interface Image {
  readonly name: string;
  readonly layers: readonly Layer[];
  readonly entrypoint: readonly string[];
  readonly command?: readonly string[];
  /** `user:group`, by number. */
  readonly user?: string;
  readonly workingDir?: string;
}

interface Descriptor {
  mediaType: string;
  digest: string;
  size: number;
}

const media = 'application/vnd.oci.image';

/** Writes images into one OCI archive, as `ctr images import` takes it. */
export async function writeArchive(path: string, images: readonly Image[]): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const folder = await mkdtemp(`${path}.partial-`);
  try {
    await mkdir(join(folder, 'oci', 'blobs', 'sha256'), { recursive: true });
    const manifests: object[] = [];
    for (const image of images) {
      const manifest = await writeImage(join(folder, 'oci'), image);
      manifests.push({ ...manifest, annotations: { 'io.containerd.image.name': image.name } });
    }
    await writeFile(join(folder, 'oci', 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
    await writeFile(join(folder, 'oci', 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
    await execa('tar', ['-C', join(folder, 'oci'), '-cf', join(folder, 'archive.tar'), '.']);
    await rename(join(folder, 'archive.tar'), path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeImage(folder: string, image: Image): Promise<Descriptor> {
  for (const layer of image.layers) await linkBlob(folder, layer);
  const config = await writeBlob(folder, `${media}.config.v1+json`, {
    architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
    os: 'linux',
    config: {
      Entrypoint: image.entrypoint,
      Cmd: image.command ?? [],
      Env: ['PATH=/usr/local/bin:/usr/bin:/bin'],
      User: image.user ?? '',
      WorkingDir: image.workingDir ?? '/',
    },
    rootfs: { type: 'layers', diff_ids: image.layers.map(({ digest }) => `sha256:${digest}`) },
  });
  const layers = image.layers.map(({ digest, size }) => ({
    mediaType: `${media}.layer.v1.tar`,
    digest: `sha256:${digest}`,
    size,
  }));
  const mediaType = `${media}.manifest.v1+json`;
  return writeBlob(folder, mediaType, { schemaVersion: 2, mediaType, config, layers });
}

async function writeBlob(folder: string, mediaType: string, content: object): Promise<Descriptor> {
  const text = JSON.stringify(content);
  const digest = createHash('sha256').update(text).digest('hex');
  await writeFile(join(folder, 'blobs', 'sha256', digest), text);
  return { mediaType, digest: `sha256:${digest}`, size: Buffer.byteLength(text) };
}

/** Images share layers; a second link to one that is there already is no error. */
async function linkBlob(folder: string, { path, digest }: Layer): Promise<void> {
  await link(path, join(folder, 'blobs', 'sha256', digest)).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  });
}
