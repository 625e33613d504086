import { lex, type Token } from './lex.ts';
import { TemplateError, Undecided } from './outcome.ts';

/** What an action computes: commands of which each takes the result of the one before. */
export interface Pipeline {
  declares: readonly string[];
  assigns: boolean;
  commands: readonly (readonly Operand[])[];
}

/** A word of a command, with the fields that are taken of it. */
export type Operand =
  | { kind: 'dot' | 'nil' }
  | { kind: 'boolean'; is: boolean }
  | { kind: 'number'; is: number }
  | { kind: 'string'; is: string }
  | { kind: 'function'; name: string; fields: readonly string[] }
  | { kind: 'field'; fields: readonly string[] }
  | { kind: 'variable'; name: string; fields: readonly string[] }
  | { kind: 'pipeline'; pipeline: Pipeline; fields: readonly string[] };

/** A part of a template. */
export type Part =
  | { kind: 'action'; pipeline: Pipeline }
  | { kind: 'if' | 'with' | 'range'; pipeline: Pipeline; then: Part[]; otherwise: Part[] }
  | { kind: 'break' | 'continue' };

/** Functions that every Go template has. */
const builtins =
  'and call eq ge gt html index js le len lt ne not or print printf println slice urlquery'.split(' ');

/**
 * Reads a Go template; throws a TemplateError where Go's text/template would not parse it. Templates that define
 * others are not read: that is Undecided.
 */
export function parseTemplate(template: string, functions: readonly string[]): Part[] {
  const parser = new Parser(lex(template), new Set([...builtins, ...functions]));
  const { parts, ended } = parser.list();
  if (ended !== 'template') throw new TemplateError(`unexpected {{${ended}}}`);
  return parts;
}

class Parser {
  private at = 0;
  private variables = ['$'];
  private ranges = 0;
  private readonly tokens: readonly Token[];
  private readonly functions: ReadonlySet<string>;

  constructor(tokens: readonly Token[], functions: ReadonlySet<string>) {
    this.tokens = tokens;
    this.functions = functions;
  }

  /** Parts up to what ends them. */
  list(): { parts: Part[]; ended: 'template' | 'end' | 'else' } {
    const parts: Part[] = [];
    for (;;) {
      const token = this.next();
      if (token.kind === 'end') return { parts, ended: 'template' };
      if (token.kind === 'text') continue;
      const keyword = this.keyword();
      if (keyword === 'end') {
        this.expectClose('end');
        return { parts, ended: 'end' };
      }
      if (keyword === 'else') return { parts, ended: 'else' };
      parts.push(this.part(keyword));
    }
  }

  private part(keyword: string): Part {
    switch (keyword) {
      case 'if':
      case 'with':
      case 'range':
        return this.control(keyword);
      case 'break':
      case 'continue':
        this.expectClose(keyword);
        if (this.ranges === 0) throw new TemplateError(`{{${keyword}}} outside {{range}}`);
        return { kind: keyword };
      case 'define':
      case 'block':
      case 'template':
        throw new Undecided(`it uses {{${keyword}}}`);
      default:
        return { kind: 'action', pipeline: this.pipeline('command', 'close') };
    }
  }

  private control(kind: 'if' | 'with' | 'range'): Part {
    const mark = this.variables.length;
    const pipeline = this.pipeline(kind, 'close');
    this.ranges += kind === 'range' ? 1 : 0;
    const { parts: then, ended } = this.list();
    this.ranges -= kind === 'range' ? 1 : 0;
    const otherwise = ended === 'else' ? this.otherwise(kind) : [];
    if (ended === 'template') throw new TemplateError(`{{${kind}}} has no {{end}}`);
    this.variables.length = mark;
    return { kind, pipeline, then, otherwise };
  }

  private otherwise(kind: 'if' | 'with' | 'range'): Part[] {
    const again = this.keyword();
    if (again !== '' && again === kind && kind !== 'range') return [this.control(kind)];
    if (again !== '') throw new TemplateError(`unexpected ${again} after else`);
    this.expectClose('else');
    const { parts, ended } = this.list();
    if (ended !== 'end') throw new TemplateError(`{{else}} of {{${kind}}} has no {{end}}`);
    return parts;
  }

  /** The keyword that an action begins with, which is then taken; empty when there is none. */
  private keyword(): string {
    const before = this.at;
    this.skipSpace();
    const { kind, text } = this.peek();
    const keywords = [
      'if',
      'with',
      'range',
      'else',
      'end',
      'break',
      'continue',
      'define',
      'block',
      'template',
    ];
    if (kind === 'identifier' && keywords.includes(text)) {
      this.next();
      return text;
    }
    this.at = before;
    return '';
  }

  private pipeline(context: string, end: 'close' | 'right'): Pipeline {
    const { declares, assigns } = this.declarations(context);
    const commands: Operand[][] = [];
    for (;;) {
      this.skipSpace();
      const { kind, text } = this.peek();
      if (kind === end) break;
      if (!startsOperand.has(kind)) throw new TemplateError(`unexpected ${text || 'end'} in ${context}`);
      commands.push(this.command());
    }
    this.next();
    if (commands.length === 0) throw new TemplateError(`missing value for ${context}`);
    for (const [first] of commands.slice(1)) {
      if (first === undefined || !executable.has(first.kind)) {
        throw new TemplateError('what stands after | can take no value');
      }
    }
    return { declares, assigns, commands };
  }

  private declarations(context: string): { declares: string[]; assigns: boolean } {
    const declares: string[] = [];
    const before = this.at;
    for (;;) {
      this.skipSpace();
      const { kind, text } = this.peek();
      if (kind !== 'variable') break;
      this.next();
      this.skipSpace();
      const follows = this.peek().kind;
      if (follows === 'comma') {
        if (context !== 'range' || declares.length > 0)
          throw new TemplateError(`too many declarations in ${context}`);
        declares.push(text);
      } else if (follows === 'declare' || follows === 'assign') {
        declares.push(text);
        this.next();
        this.variables.push(...declares);
        return { declares, assigns: follows === 'assign' };
      } else break;
      this.next();
    }
    if (declares.length > 0) throw new Undecided('it declares variables in an uncommon way');
    this.at = before;
    return { declares: [], assigns: false };
  }

  private command(): Operand[] {
    const operands: Operand[] = [];
    for (;;) {
      this.skipSpace();
      const operand = this.operand();
      if (operand !== undefined) operands.push(operand);
      const { kind, text } = this.peek();
      if (kind === 'space') continue;
      if (kind === 'pipe') this.next();
      else if (kind !== 'close' && kind !== 'right')
        throw new TemplateError(`unexpected ${text || 'end'} in operand`);
      break;
    }
    if (operands.length === 0) throw new TemplateError('empty command');
    return operands;
  }

  private operand(): Operand | undefined {
    const term = this.term();
    const fields: string[] = [];
    while (term !== undefined && this.peek().kind === 'field') fields.push(this.next().text.slice(1));
    if (term === undefined || fields.length === 0) return term;
    if (!('fields' in term)) throw new TemplateError('unexpected . after a constant');
    return { ...term, fields: [...term.fields, ...fields] };
  }

  private term(): Operand | undefined {
    const { kind, text } = this.peek();
    if (!startsOperand.has(kind)) return undefined;
    this.next();
    switch (kind) {
      case 'identifier':
        return this.identifier(text);
      case 'dot':
        return { kind: 'dot' };
      case 'field':
        return { kind: 'field', fields: [text.slice(1)] };
      case 'variable':
        if (!this.variables.includes(text)) throw new TemplateError(`undefined variable ${text}`);
        return { kind: 'variable', name: text, fields: [] };
      case 'number':
        return { kind: 'number', is: Number(text) };
      case 'left':
        return { kind: 'pipeline', pipeline: this.pipeline('parenthesized pipeline', 'right'), fields: [] };
      default:
        return { kind: 'string', is: unquoted(text) };
    }
  }

  private identifier(name: string): Operand {
    if (name === 'true' || name === 'false') return { kind: 'boolean', is: name === 'true' };
    if (name === 'nil') return { kind: 'nil' };
    if (!this.functions.has(name)) throw new TemplateError(`function ${JSON.stringify(name)} is not defined`);
    return { kind: 'function', name, fields: [] };
  }

  private expectClose(context: string): void {
    this.skipSpace();
    const { kind, text } = this.next();
    if (kind !== 'close') throw new TemplateError(`unexpected ${text || 'end'} in ${context}`);
  }

  private skipSpace(): void {
    while (this.peek().kind === 'space') this.at++;
  }

  private peek(): Token {
    return this.tokens[this.at] ?? { kind: 'end', text: '' };
  }

  private next(): Token {
    const token = this.peek();
    this.at++;
    return token;
  }
}

const startsOperand = new Set<Token['kind']>([
  ...(['identifier', 'dot', 'field', 'variable', 'number', 'string', 'left'] as const),
]);
const executable = new Set<Operand['kind']>(['function', 'field', 'variable', 'pipeline']);

/** A text without its quotes; of the escapes only those that JSON has, too. */
function unquoted(text: string): string {
  if (text.startsWith('`')) return text.slice(1, -1);
  try {
    return JSON.parse(text) as string;
  } catch {
    throw new Undecided('it has a text with uncommon escapes');
  }
}
