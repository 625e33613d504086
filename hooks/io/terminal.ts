import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** A person at a terminal. What is asked goes to stderr, so that the result can be piped. */
export interface Terminal {
  /** Whether the person agrees; anything but y or yes is no. */
  readonly confirm: (question: string) => Promise<boolean>;
  /** What the person types, of which nothing is shown. */
  readonly secret: (question: string) => Promise<string>;
}

/** The terminal of this process; undefined where nobody can answer. A signal that ends it rejects what is asked. */
export function standardTerminal(signal: AbortSignal): Terminal | undefined {
  const { stdin, stderr } = process;
  if (!stdin.isTTY || !stderr.isTTY) return undefined;
  const ask = async (question: string, output: NodeJS.WritableStream): Promise<string> => {
    const lines = createInterface({ input: stdin, output, terminal: true });
    // In raw mode Ctrl-C is a key, and no signal to the process.
    lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    try {
      return await lines.question(question, { signal });
    } catch (error) {
      // What is said next does not belong behind the question.
      stderr.write('\n');
      throw error;
    } finally {
      lines.close();
    }
  };
  return {
    confirm: async (question) => /^y(es)?$/i.test((await ask(`${question} [y/N] `, stderr)).trim()),
    secret: async (question) => {
      stderr.write(`${question}: `);
      const nowhere = new Writable({
        write: (_chunk, _encoding, done) => {
          done();
        },
      });
      const typed = await ask('', nowhere);
      stderr.write('\n');
      return typed;
    },
  };
}
