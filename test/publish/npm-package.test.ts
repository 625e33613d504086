import { cp, mkdir, readdir, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import packageJson from '../../package.json' with { type: 'json' };
import { root } from '../../release/bundle.ts';
import { temporary } from './release.ts';

/** What a work tree has and its package does not come from. */
const left = ['node_modules', '.git', 'dist'];

describe('The npm package of this project', function () {
  this.timeout('60s');

  it('installs the program without a registry, and nothing but it', async () => {
    const tree = join(await temporary(), 'tree');
    await cp(root, tree, { recursive: true, filter: (path) => !left.includes(basename(path)) });
    await symlink(join(root, 'node_modules'), join(tree, 'node_modules'));
    await execa('npm', ['pack'], { cwd: tree });
    const archive = join(tree, `marblerun-hooks-${packageJson.version}.tgz`);
    const { stdout: names } = await execa('tar', ['-tzf', archive]);
    expect(names.split('\n').map((name) => name.split('/')[1])).to.have.all.members([
      ...names.split('\n').flatMap((name) => (name.startsWith('package/dist/') ? ['dist'] : [])),
      'LICENSE',
      'README.md',
      'package.json',
    ]);
    const home = join(await temporary(), 'home');
    await mkdir(home);
    await execa('npm', ['install', '--offline', '--no-save', archive], { cwd: home });
    expect(await readdir(join(home, 'node_modules'))).to.have.members([
      '.bin',
      '.package-lock.json',
      'marblerun-hooks',
    ]);
    const program = join(home, 'node_modules/.bin/marblerun-hooks');
    expect((await execa(program, ['--version'])).stdout).to.equal(packageJson.version);
    expect((await execa(program, ['status', '--help'])).stdout).to.contain('marblerun-hooks status');
  });
});
