import type { Command } from '../command.ts';
import type { Completes } from '../option.ts';
import { optionsOf, program, wordsOf, type Spelled } from './spots.ts';

/** The completion script for fish. */
export function fishScript(commands: readonly Command[]): string {
  const named = [
    ...commands.map(({ name, summary }) => [name, summary] as const),
    ['help', 'print the help of the program or of a command'] as const,
  ];
  return `# Completion of ${program} for fish: ${program} completion fish | source
function __marblerun_hooks_command
    set -l words (commandline -opc)
    test "$words[2]" = "$argv[1]"
end
complete -c ${program} -f
complete -c ${program} -n '__marblerun_hooks_command ""' -s h -l help -d 'print the help'
complete -c ${program} -n '__marblerun_hooks_command ""' -l version -d 'print the version'
${named.map(([name, summary]) => `complete -c ${program} -n '__marblerun_hooks_command ""' -a ${name} -d ${quoted(summary)}`).join('\n')}
complete -c ${program} -n '__marblerun_hooks_command help' -a ${quoted(named.map(([name]) => name).join(' '))}
${commands.flatMap(commandLines).join('\n')}
`;
}

function commandLines(command: Command): string[] {
  const start = `complete -c ${program} -n '__marblerun_hooks_command ${command.name}'`;
  const words = wordsOf(command);
  return [
    ...optionsOf(command).map((option) => start + optionWords(option)),
    ...(words === undefined ? [] : [start + offer(words)]),
  ];
}

function optionWords({ long, short, placeholder, about, completes }: Spelled): string {
  const names = `${short === undefined ? '' : ` -s ${short}`} -l ${long}`;
  const value = placeholder === undefined ? '' : ` -r${completes === undefined ? ' -f' : offer(completes)}`;
  return `${names}${value} -d ${quoted(about)}`;
}

function offer(completes: Completes): string {
  if (completes === 'file') return ' -F';
  if (completes === 'folder') return " -f -a '(__fish_complete_directories)'";
  return ` -f -a ${quoted(completes.join(' '))}`;
}

/** fish knows a backslash within quotes, unlike the other shells. */
function quoted(text: string): string {
  return `'${text.replaceAll(/[\\']/g, String.raw`\$&`)}'`;
}
