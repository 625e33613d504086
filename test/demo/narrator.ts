import type { ExecResult } from '../lab/inside.ts';
import type { Lab } from '../lab/lab.ts';
import { unfolded } from '../support/helm-output.ts';

/** Shows what is done as a person would type it. */
export interface Narrator {
  say: (text: string) => void;
  /** Shows a command, runs it on the lab, shows what it prints. Throws when it ends otherwise than expected. */
  type: (command: readonly string[], expected?: 'success' | 'failure') => Promise<ExecResult>;
}

/** A narrator for a lab that writes to standard output. */
export function narrator(lab: Lab): Narrator {
  const say = (text: string): void => {
    console.log(text);
  };
  return {
    say,
    type: async (command, expected = 'success') => {
      const [file = '', ...args] = command;
      say(`\n$ ${command.map(quoted).join(' ')}`);
      const result = await lab.exec(file, args, { reject: false });
      say(unfolded(result.all).replace(/^(?=.)/gm, '  '));
      const succeeded = result.exitCode === 0;
      if (succeeded !== (expected === 'success')) {
        throw new Error(`The command above should have been a ${expected}, and was not.`);
      }
      return result;
    },
  };
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`;
}
