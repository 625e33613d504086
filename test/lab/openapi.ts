import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lab } from './handle.ts';

type Schema = Record<string, unknown>;

interface OpenApi {
  readonly definitions: Readonly<Record<string, Schema>>;
}

interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

const kindsKey = 'x-kubernetes-group-version-kind';

/**
 * Writes the JSON schemas of some kinds, as the lab's API server describes them, into a folder, as kubeconform looks for them, and
 * answers the place that it is told. A key that the server does not know is an error there.
 */
export async function writeSchemas(lab: Lab, folder: string, kinds: ReadonlySet<string>): Promise<string> {
  await mkdir(folder, { recursive: true });
  const { definitions } = JSON.parse(await lab.kubectl('get', '--raw', '/openapi/v2')) as OpenApi;
  const strict = Object.fromEntries(
    Object.entries(definitions).map(([name, schema]) => [name, strictly(name, schema)]),
  );
  for (const [name, schema] of Object.entries(definitions)) {
    for (const { group, version, kind } of (schema[kindsKey] ?? []) as Kind[]) {
      if (!kinds.has(kind)) continue;
      const suffix = [group.split('.')[0], version].filter((part) => part !== '').join('-');
      const file = `${kind.toLowerCase()}-${suffix}.json`;
      const content = { $ref: `#/definitions/${name}`, definitions: partsOf(name, strict) };
      await writeFile(join(folder, file), JSON.stringify(content));
    }
  }
  return join(folder, '{{ .ResourceKind }}{{ .KindSuffix }}.json');
}

/** The definitions that one is made of, itself included. */
function partsOf(name: string, definitions: Readonly<Record<string, Schema>>): Record<string, Schema> {
  const parts: Record<string, Schema> = {};
  const open = [name];
  for (const next of open) {
    const schema = definitions[next];
    if (schema === undefined || next in parts) continue;
    parts[next] = schema;
    const references = JSON.stringify(schema).matchAll(/"#\/definitions\/([^"]+)"/g);
    for (const [, reference = ''] of references) open.push(reference);
  }
  return parts;
}

/** What the API server takes and its OpenAPI 2 cannot say: numbers as quantities, and either of both as ports. */
function strictly(name: string, schema: Schema): Schema {
  if (name.endsWith('.Quantity')) return { type: ['string', 'number'] };
  if (name.endsWith('.IntOrString')) return { type: ['string', 'integer'] };
  return schema.properties === undefined ? schema : { ...schema, additionalProperties: false };
}
