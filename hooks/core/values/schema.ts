import source from '../../../schemas/values.schema.json' with { type: 'json' };

/** The parts of a JSON schema that messages are made of. */
export interface Schema {
  $ref?: string;
  /** What a value must be, in words that follow "must be". */
  title?: string;
  type?: string | string[];
  enum?: unknown[];
  minimum?: number;
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  /** Labels and annotations: one pattern that every key has to match. */
  patternProperties?: Record<string, Schema>;
  items?: Schema;
}

const { definitions, ...root } = source as unknown as Schema & { definitions: Record<string, Schema> };

/** What the schema of the values says about the place that a path of keys and list positions leads to. */
export function schemaAt(path: readonly string[]): Schema {
  return path.reduce<Schema>((schema, key) => resolved(below(schema, key)), root);
}

function below(schema: Schema, key: string): Schema {
  const named = schema.properties?.[key];
  if (named !== undefined) return named;
  if (schema.items !== undefined) return schema.items;
  const [patterned] = Object.values(schema.patternProperties ?? {});
  if (patterned !== undefined) return patterned;
  return typeof schema.additionalProperties === 'object' ? schema.additionalProperties : {};
}

/** The schema with the definition that it refers to merged in, as the chart ships it. */
function resolved(schema: Schema): Schema {
  const name = schema.$ref?.replace('#/definitions/', '');
  return name === undefined ? schema : { ...definitions[name], ...schema };
}

const typeWords: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  integer: 'a whole number',
  number: 'a number',
  object: 'a map',
  string: 'a text',
};

/** What a value must be there, in words. */
export function expected(schema: Schema): string {
  if (schema.title !== undefined) return schema.title;
  if (schema.enum !== undefined) return oneOf(schema.enum);
  const types = [schema.type ?? []].flat().flatMap((type) => typeWords[type] ?? []);
  const least = schema.minimum === undefined ? '' : ` of at least ${schema.minimum}`;
  return `${types.join(' or ')}${least}`;
}

function oneOf(values: readonly unknown[]): string {
  const words = values.filter((value) => value !== null && value !== '').map(String);
  const last = words.pop() ?? '';
  return words.length === 0 ? last : `${words.join(', ')} or ${last}`;
}
