import type { Command } from '../command.ts';
import type { Completes } from '../option.ts';
import { optionsOf, program, quoted, wordsOf } from './spots.ts';

/** The completion script for bash. File names are readline's own; bash before version 4 offers them for any value. */
export function bashScript(commands: readonly Command[]): string {
  const names = [...commands.map(({ name }) => name), 'help'];
  return `# Completion of ${program} for bash: source <(${program} completion bash)
_marblerun_hooks() {
  local command=\${COMP_WORDS[1]} current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]}
  # Readline parts --NAME=VALUE at the sign.
  if [ "$current" = = ]; then
    current=
  elif [ "$previous" = = ]; then
    previous=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    _marblerun_hooks_offer ${quoted([...names, '--help', '--version'].join(' '))}
    return
  fi
  case "$command $previous" in
${commands.flatMap(valueCases).join('\n')}
  esac
  case "$command $current" in
${commands.map(optionCase).join('\n')}
  esac
  case "$command" in
${commands.map((command) => `  ${command.name}) ${offer(wordsOf(command))} ;;`).join('\n')}
  help) ${offer(names)} ;;
  esac
}
_marblerun_hooks_offer() {
  compopt +o default 2> /dev/null
  COMPREPLY=($(compgen -W "$1" -- "$current"))
}
complete -o default -F _marblerun_hooks ${program}
`;
}

function valueCases(command: Command): string[] {
  return optionsOf(command)
    .filter(({ placeholder }) => placeholder !== undefined)
    .map(({ long, short, completes }) => {
      const names = short === undefined ? [`--${long}`] : [`--${long}`, `-${short}`];
      const pattern = names.map((name) => quoted(`${command.name} ${name}`)).join(' | ');
      return `  ${pattern}) ${offer(completes)}; return ;;`;
    });
}

function optionCase(command: Command): string {
  const names = optionsOf(command).flatMap(({ long, short }) =>
    short === undefined ? [`--${long}`] : [`-${short}`, `--${long}`],
  );
  return `  ${quoted(`${command.name} -`)}*) _marblerun_hooks_offer ${quoted(names.join(' '))}; return ;;`;
}

/** Nothing offered leaves it to readline, which offers files. */
function offer(completes: Completes | undefined): string {
  if (completes === 'file') return ':';
  if (completes === 'folder') return 'compopt +o default -o dirnames 2> /dev/null';
  return `_marblerun_hooks_offer ${quoted((completes ?? []).join(' '))}`;
}
