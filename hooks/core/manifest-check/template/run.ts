import { call, secretFunctions } from './functions.ts';
import { TemplateError, Undecided } from './outcome.ts';
import { parseTemplate, type Operand, type Part, type Pipeline } from './parse.ts';
import { fieldOf, truth, type TemplateValue } from './values.ts';

/** Whether the Coordinator takes a template, and why not; `undecided` where that cannot be told here. */
export type TemplateVerdict = { kind: 'taken' } | { kind: 'refused' | 'undecided'; why: string };

/** What the Coordinator's dry run makes of a template for Files or Env. */
export function dryRun(template: string, where: 'Files' | 'Env', data: TemplateValue): TemplateVerdict {
  try {
    const parts = parseTemplate(template, secretFunctions[where]);
    run(parts, { dot: data, variables: [['$', data]] });
    return { kind: 'taken' };
  } catch (error) {
    if (error instanceof TemplateError) return { kind: 'refused', why: error.message };
    if (error instanceof Undecided) return { kind: 'undecided', why: error.message };
    throw error;
  }
}

interface Scope {
  dot: TemplateValue;
  variables: [string, TemplateValue][];
}

function run(parts: readonly Part[], scope: Scope): void {
  for (const part of parts) {
    if (part.kind === 'action') pipeline(part.pipeline, scope);
    else if ('pipeline' in part) runControl(part, { ...scope, variables: [...scope.variables] });
    else throw new Undecided(`it uses {{${part.kind}}}`);
  }
}

function runControl(part: Control, scope: Scope): void {
  const value = pipeline(part.pipeline, scope);
  if (part.kind === 'range') runRange(part, value, scope);
  else runBranch(part, value, scope);
}

type Control = Extract<Part, { then: Part[] }>;

function runBranch(part: Control, value: TemplateValue, scope: Scope): void {
  const dot = part.kind === 'with' ? value : scope.dot;
  const isTrue = truth(value);
  if (isTrue === true) run(part.then, { ...scope, dot });
  else if (isTrue === false) run(part.otherwise, scope);
  else
    bothWays(
      () => {
        run(part.then, { ...scope, dot });
      },
      () => {
        run(part.otherwise, scope);
      },
    );
}

/** What cannot be told is no harm where both ways are taken. */
function bothWays(...ways: (() => void)[]): void {
  for (const way of ways) {
    try {
      way();
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      throw new Undecided(`it depends on something that is not known here: ${error.message}`);
    }
  }
}

function runRange(part: Control, value: TemplateValue, scope: Scope): void {
  if (value.kind !== 'map') throw new Undecided('it uses {{range}} for something else than Secrets');
  if (value.entries.size === 0) run(part.otherwise, scope);
  const { declares } = part.pipeline;
  for (const [name, entry] of value.entries) {
    const given: TemplateValue[] = declares.length > 1 ? [{ kind: 'string', is: name }, entry] : [entry];
    const variables = declares.map((variable, index): [string, TemplateValue] => [
      variable,
      given[index] ?? entry,
    ]);
    run(part.then, { dot: entry, variables: [...scope.variables, ...variables] });
  }
}

function pipeline({ declares, assigns, commands }: Pipeline, scope: Scope): TemplateValue {
  if (assigns) throw new Undecided('it assigns to a variable');
  let value: TemplateValue | undefined;
  for (const operands of commands) value = command(operands, value, scope);
  const result = value ?? { kind: 'absent' };
  for (const name of declares) scope.variables.push([name, result]);
  return result;
}

function command(
  operands: readonly Operand[],
  piped: TemplateValue | undefined,
  scope: Scope,
): TemplateValue {
  const [first, ...rest] = operands;
  if (first === undefined) throw new TemplateError('empty command');
  if (first.kind === 'function' && first.fields.length === 0) {
    return callWith(first.name, rest, piped, scope);
  }
  if (first.kind === 'nil') throw new TemplateError('nil is no command');
  const value = operand(first, scope);
  if (rest.length === 0 && piped === undefined) return value;
  throw new TemplateError('something that is no function is given a value');
}

/** `and` and `or` evaluate their arguments only as far as they need them. */
function callWith(
  name: string,
  operands: readonly Operand[],
  piped: TemplateValue | undefined,
  scope: Scope,
): TemplateValue {
  if (name === 'and' || name === 'or') {
    for (const [index, each] of operands.entries()) {
      const value = operand(each, scope);
      const is = truth(value);
      if (is === undefined || piped !== undefined) throw new Undecided(`it calls ${name}`);
      if (is === (name === 'or') || index === operands.length - 1) return value;
    }
    throw new Undecided(`it calls ${name}`);
  }
  const args = operands.map((each) => operand(each, scope));
  return call(name, piped === undefined ? args : [...args, piped]);
}

function operand(given: Operand, scope: Scope): TemplateValue {
  switch (given.kind) {
    case 'boolean':
    case 'number':
    case 'string':
      return given;
    case 'nil':
      return { kind: 'absent' };
    case 'dot':
      return scope.dot;
    case 'field':
      return fields(scope.dot, given.fields);
    case 'variable':
      return fields(variable(given.name, scope), given.fields);
    case 'function':
      return fields(callWith(given.name, [], undefined, scope), given.fields);
    case 'pipeline':
      return fields(pipeline(given.pipeline, scope), given.fields);
  }
}

function variable(name: string, { variables }: Scope): TemplateValue {
  return variables.findLast(([other]) => other === name)?.[1] ?? { kind: 'absent' };
}

/** Of what is absent Go takes any field: that is absent, too. */
function fields(value: TemplateValue, names: readonly string[]): TemplateValue {
  return names.reduce((receiver, name) => {
    if (receiver.kind === 'absent') return receiver;
    const found = fieldOf(receiver, name);
    if (found === undefined) throw new TemplateError(`there is no field .${name} there`);
    return found;
  }, value);
}
