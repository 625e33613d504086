/** What the Coordinator makes of a value: the types of Go that a Manifest is read into. */
export type Shape =
  | { kind: 'string' | 'boolean' | 'bytes' | 'file' | 'time' | 'address' | 'anything' }
  | { kind: 'number'; least: bigint; most: bigint; optional?: true }
  | { kind: 'list' | 'map'; of: Shape }
  | { kind: 'struct' | 'certificate'; fields: Fields };

/** A field of a section. */
export interface Field {
  shape: Shape;
  /** The first Coordinator that knows it. */
  since?: string;
  description: string;
  /** Whether the Coordinator refuses a section without it; for editors. */
  required?: true;
  /** What it, or each entry of it, is one of; for editors. */
  words?: readonly string[];
}

export type Fields = Readonly<Record<string, Field>>;

export const text: Shape = { kind: 'string' };
export const boolean: Shape = { kind: 'boolean' };
export const bytes: Shape = { kind: 'bytes' };
export const integer: Shape = { kind: 'number', least: -(2n ** 63n), most: 2n ** 63n - 1n };
export const count: Shape = { kind: 'number', least: 0n, most: 2n ** 64n - 1n };
/** A pointer in Go: nothing is not 0. */
export const optionalCount: Shape = { kind: 'number', least: 0n, most: 2n ** 64n - 1n, optional: true };
export const shortCount: Shape = { kind: 'number', least: 0n, most: 2n ** 16n - 1n };
export const listOf = (of: Shape): Shape => ({ kind: 'list', of });
export const mapOf = (of: Shape): Shape => ({ kind: 'map', of });
export const struct = (fields: Fields): Shape & { kind: 'struct' } => ({ kind: 'struct', fields });
