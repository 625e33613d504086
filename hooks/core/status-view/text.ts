import type { Mark, Row } from './rows.ts';
import type { StatusView } from './view.ts';
import { wrapped } from '../wrap.ts';

/** How the text may look. */
export interface Looks {
  /** Columns; infinite where lines are not to be broken. */
  width: number;
  colour: boolean;
}

/** What a mark looks like without colour; a row that needs no attention has none. */
const signs: Readonly<Record<Mark, string>> = { good: ' ', bad: '!', unknown: '?', plain: ' ' };
/** SGR parameters (ECMA-48). */
const colours: Readonly<Record<Mark, string>> = { good: '32', bad: '31', unknown: '33', plain: '' };
const outcomes = { passed: 'good', blocked: 'bad', unknown: 'unknown' } as const;
/** Names that are longer stand on a line of their own. */
const longestName = 48;
const shortestValue = 24;

/** The view for people: what it comes to and what to do first, then everything that was looked at. */
export function statusText({ verdict, next, outcome, sections }: StatusView, looks: Looks): string {
  const paint = painter(looks);
  const names = sections.flatMap(({ rows }) => rows.map(({ name }) => name.length));
  const column = Math.max(0, ...names.filter((length) => length <= longestName));
  return [
    ...wrapped(verdict, looks.width).map((line) => paint(outcomes[outcome], line)),
    // Commands are to be copied: they stay whole.
    ...next.map((line) => `  ${line}`),
    ...sections.flatMap(({ title, rows }) => [
      '',
      title,
      ...rows.flatMap((row) => rowLines(row, column, looks)),
    ]),
  ].join('\n');
}

function rowLines({ name, value, mark }: Row, column: number, looks: Looks): string[] {
  const paint = painter(looks);
  const indent = ' '.repeat(column + 4);
  const [first = '', ...others] = value
    .split('\n')
    .flatMap((line) => wrapped(line, Math.max(shortestValue, looks.width - indent.length)));
  const head = `${signs[mark]} ${name.padEnd(column)}`;
  const rest = others.map((line) => indent + paint(mark, line));
  if (name.length > column) return [head, indent + paint(mark, first), ...rest];
  return [`${head}  ${paint(mark, first)}`.trimEnd(), ...rest];
}

function painter({ colour }: Looks): (mark: Mark, text: string) => string {
  return (mark, text) =>
    colour && colours[mark] !== '' && text !== '' ? `\u001b[${colours[mark]}m${text}\u001b[0m` : text;
}
