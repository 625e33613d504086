import { execa } from 'execa';

/** What would make two archives of the same files differ. */
const sameForAll = [
  '--sort=name',
  '--mtime=@0',
  '--owner=0',
  '--group=0',
  '--numeric-owner',
  '--mode=u+rw,go-w,a+rX',
  '--format=gnu',
];

/** Packs a folder into a tar file that is the same for the same files, whoever packs them and when. */
export async function packTar(folder: string, path: string): Promise<void> {
  await execa('tar', [...sameForAll, '-C', folder, '-cf', path, '.']);
}
