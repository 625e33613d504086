import { createHash } from 'node:crypto';
import { constants, copyFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { packTar } from './tar.ts';

/** What an OCI layout calls a blob. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly platform?: Platform;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** What an image runs on. */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

const image = 'application/vnd.oci.image';

/** The media types of an image's parts. */
export const media = {
  config: `${image}.config.v1+json`,
  index: `${image}.index.v1+json`,
  manifest: `${image}.manifest.v1+json`,
  layer: `${image}.layer.v1.tar`,
} as const;

/** Writes an OCI archive: `fill` puts the blobs into a layout and answers what its index lists. */
export async function writeLayout(
  path: string,
  fill: (layout: string) => Promise<readonly Descriptor[]>,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const folder = await mkdtemp(`${path}.partial-`);
  try {
    const layout = join(folder, 'oci');
    await mkdir(join(layout, 'blobs', 'sha256'), { recursive: true });
    const manifests = await fill(layout);
    await writeFile(
      join(layout, 'index.json'),
      JSON.stringify({ schemaVersion: 2, mediaType: media.index, manifests }),
    );
    await writeFile(join(layout, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
    await packTar(layout, join(folder, 'archive.tar'));
    await rename(join(folder, 'archive.tar'), path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Puts a blob into a layout: bytes as they are, anything else as JSON. */
export async function writeBlob(layout: string, mediaType: string, content: object): Promise<Descriptor> {
  const bytes = content instanceof Uint8Array ? content : Buffer.from(JSON.stringify(content));
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  await writeFile(blobPath(layout, digest), bytes);
  return { mediaType, digest, size: bytes.byteLength };
}

/**
 * Puts a file into a layout that is its blob already. Images share layers; one that is there already is no error. Not a hard
 * link: tar fails when another process links the same file meanwhile.
 */
export async function copyBlob(layout: string, path: string, digest: string): Promise<void> {
  const mode = constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE;
  await copyFile(path, blobPath(layout, digest), mode).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  });
}

/** Where a layout keeps a blob. */
export function blobPath(layout: string, digest: string): string {
  return join(layout, 'blobs', 'sha256', digest.replace(/^sha256:/, ''));
}
