import { copyBlob, media, writeBlob, writeLayout, type Descriptor } from '../../../release/image/layout.ts';
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

/** Writes images into one OCI archive, as `ctr images import` takes it. */
export async function writeArchive(path: string, images: readonly Image[]): Promise<void> {
  await writeLayout(path, async (layout) => {
    const manifests: Descriptor[] = [];
    for (const image of images) {
      const manifest = await writeImage(layout, image);
      manifests.push({ ...manifest, annotations: { 'io.containerd.image.name': image.name } });
    }
    return manifests;
  });
}

async function writeImage(layout: string, image: Image): Promise<Descriptor> {
  for (const { path, digest } of image.layers) await copyBlob(layout, path, digest);
  const config = await writeBlob(layout, media.config, {
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
    mediaType: media.layer,
    digest: `sha256:${digest}`,
    size,
  }));
  const mediaType = media.manifest;
  return writeBlob(layout, mediaType, { schemaVersion: 2, mediaType, config, layers });
}
