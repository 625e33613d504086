import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Bundle } from '../bundle.ts';
import { basesOf, platformOf, verifiedBlob, type Base } from './base.ts';
import { packLayer, type Layer, type Source } from './layer.ts';
import { blobPath, media, writeBlob, writeLayout, type Descriptor } from './layout.ts';

/** How the containers of the hook image start, whatever their base: the Dockerfile says the same. */
export const start = {
  entrypoint: ['/nodejs/bin/node', '/app/marblerun-hooks.mjs'],
  user: '65532:65532',
} as const;

/** What the hook image is made of. */
export interface HookImage {
  readonly program: Bundle;
  /** An OCI layout of the image below: Node.js for each of the platforms. */
  readonly base: string;
  /** As `linux/amd64`. */
  readonly platforms: readonly string[];
  readonly version: string;
  /** Words about the image, by their OCI annotation keys. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly created: Date;
}

/** The files of the program, as the image has them. */
export function programFiles({ files }: Bundle): Record<string, Source> {
  return Object.fromEntries(Object.entries(files).map(([file, text]) => [`/app/${file}`, { text }]));
}

/** Writes the hook image as an OCI archive. The same program on the same base gives the same bytes. */
export async function writeHookImage(path: string, image: HookImage): Promise<void> {
  const bases = await basesOf(image.base, image.platforms);
  await writeLayout(path, async (layout) => {
    const app = await writeApp(layout, image.program);
    const manifests: Descriptor[] = [];
    for (const base of bases) manifests.push(await writeManifest(layout, base, app, image));
    const index = { schemaVersion: 2, mediaType: media.index, manifests, annotations: image.annotations };
    const listed = await writeBlob(layout, media.index, index);
    return [{ ...listed, annotations: { 'org.opencontainers.image.ref.name': image.version } }];
  });
}

/** The program's layer: one for all platforms, since nothing in it is machine code. */
async function writeApp(layout: string, program: Bundle): Promise<{ layer: Layer; packed: Descriptor }> {
  const folder = await mkdtemp(join(tmpdir(), 'marblerun-layer-'));
  try {
    const layer = await packLayer(folder, folder, programFiles(program));
    const bytes = await promisify(gzip)(await readFile(layer.path), { level: 9 });
    return { layer, packed: await writeBlob(layout, `${media.layer}+gzip`, bytes) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function writeManifest(
  layout: string,
  base: Base,
  app: { layer: Layer; packed: Descriptor },
  image: HookImage,
): Promise<Descriptor> {
  for (const { digest } of base.layers) {
    await copyFile(await verifiedBlob(image.base, digest), blobPath(layout, digest));
  }
  const created = image.created.toISOString();
  const config = await writeBlob(layout, media.config, {
    ...platformOf(base.config),
    created,
    config: {
      ...base.config.config,
      Entrypoint: start.entrypoint,
      Cmd: [],
      User: start.user,
      Labels: image.annotations,
    },
    rootfs: {
      type: 'layers',
      diff_ids: [...base.config.rootfs.diff_ids, `sha256:${app.layer.digest}`],
    },
    history: [...(base.config.history ?? []), { created, comment: 'the hook program' }],
  });
  const manifest = await writeBlob(layout, media.manifest, {
    schemaVersion: 2,
    mediaType: media.manifest,
    config,
    layers: [...base.layers, app.packed],
    annotations: { ...image.annotations, 'org.opencontainers.image.base.digest': base.manifest.digest },
  });
  return { ...manifest, platform: platformOf(base.config) };
}
