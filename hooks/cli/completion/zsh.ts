import type { Command } from '../command.ts';
import type { Completes } from '../option.ts';
import { optionsOf, program, quoted, wordsOf, type Spelled } from './spots.ts';

/** The completion script for zsh, to be sourced after compinit or put into a folder of fpath as _marblerun-hooks. */
export function zshScript(commands: readonly Command[]): string {
  const listed = commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`);
  return `#compdef ${program}
# Completion of ${program} for zsh: source <(${program} completion zsh)
_marblerun_hooks() {
  local -a commands
  commands=(
${listed.join('\n')}
    'help:print the help of the program or of a command'
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    _arguments '(- *)'{-h,--help}'[print the help]' '(- *)--version[print the version]'
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${commands.map(commandCase).join('\n')}
  help) _describe command commands ;;
  esac
}
if [ "$funcstack[1]" = _${program} ]; then
  _marblerun_hooks "$@"
else
  compdef _marblerun_hooks ${program}
fi
`;
}

function commandCase(command: Command): string {
  const words = wordsOf(command);
  const specs = [
    ...optionsOf(command).map((option) => optionSpec(option, command)),
    ...(words === undefined ? [] : [quoted(`*:word:${action(words)}`)]),
  ];
  return `  ${command.name})
    _arguments -s ${specs.join(' \\\n      ')}
    ;;`;
}

/** An option that is passed on may come again, as Helm's --set does. */
function optionSpec(
  { long, short, placeholder, about, completes, repeatable }: Spelled,
  command: Command,
): string {
  const again = repeatable === true || command.passedOn?.()[long] !== undefined;
  const value = placeholder === undefined ? '' : `:${escaped(placeholder)}:${action(completes)}`;
  const rest = quoted(`[${escaped(about)}]${value}`);
  const longName = placeholder === undefined ? `--${long}` : `--${long}=`;
  if (short === undefined) return `${again ? "'*'" : ''}${longName}${rest}`;
  const shortName = placeholder === undefined ? `-${short}` : `-${short}+`;
  const apart = again ? "'*'" : quoted(`(-${short} --${long})`);
  return `${apart}{${shortName},${longName}}${rest}`;
}

function action(completes: Completes | undefined): string {
  if (completes === undefined) return ' ';
  if (completes === 'file') return '_files';
  return completes === 'folder' ? '_files -/' : `(${completes.join(' ')})`;
}

/** What parts a specification of _arguments. */
function escaped(text: string): string {
  return text.replaceAll(/[[\]:\\]/g, String.raw`\$&`);
}
