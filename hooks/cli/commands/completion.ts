import { ExitCode } from '../../core/exit-code.ts';
import { SettingsError } from '../../core/settings.ts';
import { declare, type Asked } from '../command.ts';
import { noMore } from '../words.ts';

/** The shells that there is a script for. */
const shells = ['bash', 'zsh', 'fish'] as const;

/** For which shell a script is asked. */
export interface AskedCompletion extends Asked {
  command: 'completion';
  shell: (typeof shells)[number];
}

/** `completion` as a person types it. */
export const completion = declare({
  name: 'completion',
  audience: 'people',
  summary: 'prints the script that completes commands in bash, zsh or fish',
  about: [
    'Prints a script that has the shell complete the commands, their options, the words that an option can have, and files.',
  ],
  arguments: [{ name: 'SHELL', about: 'bash, zsh or fish', completes: shells }],
  options: {},
  examples: [
    { does: 'bash; then source that file in ~/.bashrc', line: 'completion bash > ~/.marblerun-hooks.bash' },
    {
      does: 'zsh; then source that file in ~/.zshrc, after compinit',
      line: 'completion zsh > ~/.marblerun-hooks.zsh',
    },
    {
      does: 'fish',
      line: 'completion fish > ~/.config/fish/completions/marblerun-hooks.fish',
    },
  ],
  ask: (_, [typed = '', ...more]): AskedCompletion => {
    noMore(more);
    const shell = shells.find((one) => one === typed);
    if (shell === undefined)
      throw new SettingsError(
        typed === ''
          ? 'completion needs the shell: bash, zsh or fish'
          : `there is no completion for "${typed}"; it must be bash, zsh or fish`,
      );
    return { command: 'completion', shell };
  },
  run: async ({ shell }) => {
    const [{ commands }, { scripts }] = await Promise.all([
      import('../program.ts'),
      import('../completion/scripts.ts'),
    ]);
    process.stdout.write(scripts[shell](commands));
    return ExitCode.Fine;
  },
});
