import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { commandHelp, programHelp } from '../../../hooks/cli/help.ts';
import { commands } from '../../../hooks/cli/program.ts';
import { bundle } from '../../../release/bundle.ts';

const kept = join(import.meta.dirname, 'help');
const update = process.env.UPDATE_SNAPSHOTS === '1';

/** The help texts by the files that keep them, and the words that print them. */
const texts: [string, string[]][] = [
  ['program.txt', ['--help']],
  ...commands.map(({ name }): [string, string[]] => [`${name}.txt`, [name, '--help']]),
];

describe('the help of the built program', function () {
  this.timeout(60_000);
  let folder: string;
  let program: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'marblerun-help-'));
    program = join((await bundle(folder)).folder, 'marblerun-hooks.mjs');
  });
  after(async () => {
    await rm(folder, { recursive: true });
  });

  const printed = async (words: readonly string[], env: Record<string, string> = {}): Promise<string> => {
    const { stdout } = await execa(process.execPath, [program, ...words], { env, stripFinalNewline: false });
    return stdout;
  };

  for (const [file, words] of texts) {
    it(`is, for ${words.join(' ')}, what ${file} keeps, with lines of 80 columns at most`, async () => {
      const text = await printed(words, { COLUMNS: '80' });
      if (update) await writeFile(join(kept, file), text);
      expect(text).to.equal(await readFile(join(kept, file), 'utf8'));
      for (const line of text.split('\n')) expect(line.length, line).to.be.at.most(80);
    });
  }

  it('is kept for each command, and for no other', async () => {
    expect((await readdir(kept)).toSorted()).to.deep.equal(texts.map(([file]) => file).toSorted());
  });

  it('is 80 columns wide where nothing says how wide the terminal is', async () => {
    expect(await printed(['plan', '--help'], { COLUMNS: '' })).to.equal(
      await printed(['plan', '--help'], { COLUMNS: '80' }),
    );
  });

  it('is no wider than 100 columns in a terminal that is wider', async () => {
    expect(widest(await printed(['plan', '--help'], { COLUMNS: '200' }))).to.be.within(90, 100);
  });
});

describe('a help text', () => {
  const looks = { width: 44, heading: (words: string) => words };

  it('keeps within a narrow terminal, but for a word that is longer', () => {
    for (const command of commands)
      expect(widest(commandHelp(command, looks)), command.name).to.be.at.most(44);
    expect(widest(programHelp(commands, looks))).to.be.at.most(44);
  });

  it('breaks an example so that a shell takes it as it stands', () => {
    for (const command of commands) {
      const joined = commandHelp(command, looks).replaceAll(/ \\\n +/g, ' ');
      for (const { line } of command.examples) expect(joined).to.contain(`\n  marblerun-hooks ${line}\n`);
    }
  });

  it('shows examples that the command itself understands', () => {
    for (const command of commands) {
      for (const { line } of command.examples) {
        const [name, ...words] = line.split(' > ')[0]?.split(' ') ?? [];
        expect(name).to.equal(command.name);
        expect(command.read(words)?.asked, line).to.include({ command: command.name });
      }
    }
  });
});

/** The longest line that could have been broken. */
function widest(text: string): number {
  const lines = text.split('\n').filter((line) => line.trim().replace(/ \\$/, '').includes(' '));
  return Math.max(...lines.map((line) => line.length));
}
