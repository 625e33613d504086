import type { HelpLooks } from './help.ts';

/** Lines that are longer are hard to read, however wide the terminal is. */
const widest = 100;
/** A terminal's usual width, for a pipe and a file. */
const usual = 80;

/** Prints a help text as wide as the terminal, or as COLUMNS says; headings are bold where colours are welcome. */
export async function writeHelp(text: (looks: HelpLooks) => string): Promise<void> {
  const { stdout, env } = process;
  const columns = stdout.isTTY ? stdout.columns : Number(env.COLUMNS);
  const width = Math.min(widest, columns > 0 ? columns : usual);
  const heading = stdout.isTTY ? await bold() : (words: string) => words;
  stdout.write(text({ width, heading }));
}

/** Loaded for a terminal alone: a help text in a pipe comes sooner. */
async function bold(): Promise<HelpLooks['heading']> {
  const { styleText } = await import('node:util');
  return (words) => styleText('bold', words, { stream: process.stdout });
}
