import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf } from './layer.ts';
import { blobPath, type Descriptor, type Platform } from './layout.ts';

/** The configuration of an image, as far as it is carried on. */
export interface ImageConfig {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly rootfs: { readonly type: string; readonly diff_ids: readonly string[] };
  readonly history?: readonly object[];
}

/** An image of a layout, for one platform. */
export interface Base {
  readonly manifest: Descriptor;
  readonly layers: readonly Descriptor[];
  readonly config: ImageConfig;
}

interface Listed {
  readonly manifests?: readonly Descriptor[];
  readonly config?: Descriptor;
  readonly layers?: readonly Descriptor[];
}

/**
 * Finds the images of some platforms, as `linux/arm64`, in an OCI layout. Throws where one is missing, or where a blob is
 * not what its digest says.
 */
export async function basesOf(layout: string, platforms: readonly string[]): Promise<Base[]> {
  const index = JSON.parse(await readFile(join(layout, 'index.json'), 'utf8')) as Listed;
  const bases = await imagesOf(layout, index.manifests ?? []);
  return platforms.map((platform) => {
    const base = bases.find(({ config }) => nameOf(config) === platform);
    if (base !== undefined) return base;
    const there = bases.map(({ config }) => nameOf(config)).join(', ');
    throw new Error(`${layout} has no image for ${platform}, only for: ${there === '' ? 'nothing' : there}`);
  });
}

/** Follows indexes down to the images; what is no image, as an attestation, is passed over. */
async function imagesOf(layout: string, descriptors: readonly Descriptor[]): Promise<Base[]> {
  const found: Base[] = [];
  for (const manifest of descriptors) {
    const { manifests, config, layers } = await readBlob<Listed>(layout, manifest);
    if (manifests !== undefined) found.push(...(await imagesOf(layout, manifests)));
    else if (config !== undefined && layers !== undefined && manifest.platform?.os !== 'unknown') {
      found.push({ manifest, layers, config: await readBlob<ImageConfig>(layout, config) });
    }
  }
  return found;
}

async function readBlob<T>(layout: string, { digest }: Descriptor): Promise<T> {
  return JSON.parse(await readFile(await verifiedBlob(layout, digest), 'utf8')) as T;
}

/** The path of a blob, once it is known to be the one that its digest names. */
export async function verifiedBlob(layout: string, digest: string): Promise<string> {
  const path = blobPath(layout, digest);
  const actual = `sha256:${await digestOf(path)}`;
  if (actual !== digest) throw new Error(`${path} is damaged: its digest is ${actual}`);
  return path;
}

/** What an index says of the platform that a configuration is for. */
export function platformOf({ os, architecture, variant }: ImageConfig): Platform {
  return { os, architecture, ...(variant === undefined ? {} : { variant }) };
}

function nameOf({ os, architecture }: ImageConfig): string {
  return `${os}/${architecture}`;
}
