import { TemplateError, Undecided } from './outcome.ts';

/** A piece of a template, as Go's text/template/parse cuts it (Go 1.26). */
export interface Token {
  kind:
    | 'text'
    | 'open'
    | 'close'
    | 'space'
    | 'identifier'
    | 'field'
    | 'variable'
    | 'dot'
    | 'string'
    | 'number'
    | 'pipe'
    | 'declare'
    | 'assign'
    | 'left'
    | 'right'
    | 'comma'
    | 'end';
  text: string;
}

/** What may stand in an action, with how to know it. The longest that fits at a place is taken in this order. */
const patterns: readonly [Token['kind'], RegExp][] = [
  ['space', /[ \t\r\n]+/y],
  ['declare', /:=/y],
  ['assign', /=/y],
  ['pipe', /\|/y],
  ['left', /\(/y],
  ['right', /\)/y],
  ['comma', /,/y],
  ['string', /"(?:[^"\\\n]|\\[^\n])*"/y],
  ['string', /`[^`]*`/y],
  ['number', /[+-]?(?:0[xXbBoO][\w.]*|[\d][\w.]*|\.\d[\w.]*)/y],
  ['field', /\.[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ['dot', /\./y],
  ['variable', /\$[\p{L}\p{Nd}_]*/uy],
  ['identifier', /[\p{L}_][\p{L}\p{Nd}_]*/uy],
];

/** These must be followed by something that ends a word. */
const words = new Set<Token['kind']>(['field', 'variable', 'identifier']);

/** Cuts a template into tokens; throws a TemplateError where Go's lexer would stop. */
export function lex(template: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let trim = false;
  while (at < template.length) {
    const open = template.indexOf('{{', at);
    const before = template.slice(at, open === -1 ? undefined : open);
    if (open === -1) {
      tokens.push({ kind: 'text', text: trim ? before.trimStart() : before });
      break;
    }
    const trimsLeft = /^-[ \t\r\n]/.test(template.slice(open + 2, open + 4));
    let text = trim ? before.trimStart() : before;
    if (trimsLeft) text = text.trimEnd();
    if (text !== '') tokens.push({ kind: 'text', text });
    const inside = open + 2 + (trimsLeft ? 2 : 0);
    const action = template.startsWith('/*', inside)
      ? { tokens: [], ...afterComment(template, inside) }
      : lexAction(template, inside);
    tokens.push(...action.tokens);
    at = action.at;
    trim = action.trim;
  }
  return [...tokens, { kind: 'end', text: '' }];
}

function afterComment(template: string, from: number): { at: number; trim: boolean } {
  const end = template.indexOf('*/', from);
  if (end === -1) throw new TemplateError('a comment is not closed');
  const close = /^(?:[ \t\r\n]-)?\}\}/.exec(template.slice(end + 2));
  if (close === null) throw new TemplateError('a comment ends before the closing }}');
  return { at: end + 2 + close[0].length, trim: close[0].length > 2 };
}

function lexAction(template: string, from: number): { tokens: Token[]; at: number; trim: boolean } {
  const tokens: Token[] = [{ kind: 'open', text: '{{' }];
  let depth = 0;
  for (let at = from; ;) {
    const close = /^(?:[ \t\r\n]-)?\}\}/.exec(template.slice(at, at + 4));
    if (close !== null) {
      if (depth > 0) throw new TemplateError('a parenthesis is not closed');
      tokens.push({ kind: 'close', text: '}}' });
      return { tokens, at: at + close[0].length, trim: close[0].length > 2 };
    }
    const token = nextToken(template, at);
    depth += token.kind === 'left' ? 1 : token.kind === 'right' ? -1 : 0;
    if (depth < 0) throw new TemplateError('a parenthesis is closed that was not opened');
    tokens.push(token);
    at += token.text.length;
  }
}

function nextToken(template: string, at: number): Token {
  if (at >= template.length) throw new TemplateError('an action is not closed with }}');
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const [text] = pattern.exec(template) ?? [];
    if (text === undefined) continue;
    if (kind === 'space') return { kind, text: withoutTrim(template, at, text) };
    if (words.has(kind) && !endsWord(template, at + text.length))
      throw badCharacter(template, at + text.length);
    if (kind === 'number') checkNumber(text, template.slice(at + text.length));
    return { kind, text };
  }
  if (template[at] === '"' || template[at] === '`') throw new TemplateError('a quoted text is not closed');
  if (template[at] === "'") throw new Undecided('it has a constant of a character');
  throw badCharacter(template, at);
}

/** The space before `-}}` belongs to the mark that trims. */
function withoutTrim(template: string, at: number, space: string): string {
  const trims = template.startsWith('-}}', at + space.length);
  return trims && space.length > 1 ? space.slice(0, -1) : space;
}

function endsWord(template: string, at: number): boolean {
  const next = template[at];
  return next === undefined || /[\s.,|:)(]/.test(next) || template.startsWith('}}', at);
}

function badCharacter(template: string, at: number): TemplateError {
  const character = String.fromCodePoint(template.codePointAt(at) ?? 0);
  const hint =
    character === '-' ? '; a name with - needs index, as in {{ pem (index .Secrets "my-cert").Cert }}' : '';
  return new TemplateError(`the character ${JSON.stringify(character)} cannot stand there${hint}`);
}

function checkNumber(text: string, after: string): void {
  if (!/^[+-]?\d+(\.\d+)?$/.test(text) || /^[+-]?0\d/.test(text)) {
    throw new Undecided(`it has a number such as ${text}`);
  }
  if (/^[\p{L}\p{Nd}_]/u.test(after)) throw new TemplateError(`bad number syntax: ${text}`);
}
