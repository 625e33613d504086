import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { bundle } from '../../release/bundle.ts';
import { installPackages } from '../lab/packages.ts';
import { openTerminal } from '../support/terminal.ts';

/** What is typed before the tabulator, and the words that the program then gets. */
const lines: [string, string][] = [
  ['stat\t', 'status'],
  ['check-m\t', 'check-manifest'],
  ['help prefl\t', 'help preflight'],
  ['status --ku\t', 'status --kubeconfig'],
  ['check-manifest --cur\t', 'check-manifest --current'],
  ['plan --output m\t', 'plan --output markdown'],
  ['plan --reset-th\t', 'plan --reset-then-reuse-values'],
  ['plan web ./chart -f manif\t', 'plan web ./chart -f manifest.json'],
  ['status --kubeconfig manif\t', 'status --kubeconfig manifest.json'],
  ['check-manifest manif\t', 'check-manifest manifest.json'],
  ['preflight --config fol\t', 'preflight --config folder'],
  ['completion f\t', 'completion fish'],
  ['status --output=js\t', 'status --output=json'],
  ['status -n manif\t', 'status -n manif'],
];

/** How each shell is started without anyone's settings, and what has it take the script. */
const shells: Record<string, { start: string; settings: (script: string) => string }> = {
  bash: { start: 'bash --norc --noprofile -i', settings: (script) => `source ${script}` },
  zsh: {
    start: 'zsh -f -i',
    settings: (script) => `autoload -Uz compinit && compinit -u -D && source ${script}`,
  },
  fish: { start: 'fish --no-config --interactive', settings: (script) => `source ${script}` },
};

for (const [shell, { start, settings }] of Object.entries(shells)) {
  describe(`completion in ${shell}`, function () {
    this.timeout(120_000);
    let folder = '';

    before(async function () {
      if (process.env.REQUIRE_CLUSTER === '1') await installPackages(console.log, { [shell]: shell });
      else if (!(await isInstalled(shell))) this.skip();
      folder = await mkdtemp(join(tmpdir(), 'marblerun-completion-'));
      const { folder: built } = await bundle(join(folder, 'built'));
      const program = join(built, 'marblerun-hooks.mjs');
      const { stdout } = await execa(process.execPath, [program, 'completion', shell]);
      await Promise.all([
        writeFile(join(folder, 'script'), stdout),
        writeFile(join(folder, 'manifest.json'), '{}'),
        mkdir(join(folder, 'folder')),
        writeFile(join(folder, 'marblerun-hooks'), '#!/bin/sh\necho "got<$*>"\n', { mode: 0o755 }),
      ]);
    });
    after(async () => {
      if (folder !== '') await rm(folder, { recursive: true, force: true });
    });

    it('completes commands, options, their values and files, and nothing where any word can stand', async () => {
      const terminal = openTerminal(start, {
        cwd: folder,
        env: { PATH: `${folder}:${process.env.PATH ?? ''}`, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder },
      });
      try {
        terminal.type(`${settings(join(folder, 'script'))}; echo rea''dy\n`);
        await terminal.until(/ready/);
        for (const [typed, got] of lines) {
          terminal.type(`marblerun-hooks ${typed}\n`);
          // A shell ends a completed word with a blank, a folder with a stroke; zsh takes the stroke away at the end.
          await terminal.until(new RegExp(`got<${escaped(got)}[/ ]?>`));
        }
      } finally {
        terminal.close();
      }
    });
  });
}

async function isInstalled(shell: string): Promise<boolean> {
  const { exitCode } = await execa(shell, ['--version'], { reject: false });
  return exitCode === 0;
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^$()|[\]{}\\]/g, String.raw`\$&`);
}
