import type { Documented } from './generate.ts';

export const chartReadme = new URL('../charts/marblerun-coordinator/README.md', import.meta.url);

const start =
  '<!-- values: written by `npm run generate` from values.yaml -->\n<!-- prettier-ignore-start -->';
const end = '<!-- prettier-ignore-end -->';

/**
 * The README with the table of all values between its markers. The rows are not padded, so that a new value is one new
 * line and changes no other.
 */
export function withValuesTable(readme: string, values: ReadonlyMap<string, Documented>): string {
  const [before, rest] = split(readme, start);
  const [, after] = split(rest, end);
  const rows = [...values].map(([key, { description = '', default: value }]) =>
    row([`\`${key}\``, description, `\`${JSON.stringify(value)}\``]),
  );
  const table = [row(['value', 'meaning', 'default']), row(['---', '---', '---']), ...rows].join('\n');
  return `${before}${start}\n\n${table}\n\n${end}${after}`;
}

function split(text: string, marker: string): [string, string] {
  const [before, after, more] = text.split(marker);
  if (before === undefined || after === undefined || more !== undefined)
    throw new Error(`the README of the chart must have this once: ${marker}`);
  return [before, after];
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
