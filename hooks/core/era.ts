import { isTree, type Tree } from './lost/tree.ts';

/**
 * What a client of the Coordinator demands of its quote: the file coordinator-era.json (MarbleRun, type Config of
 * api/attestation/attestation.go at v1.9.1). As in Go, what is not given is empty or 0, which demands nothing.
 */
export interface Era {
  /** MRENCLAVE, in lower case. */
  uniqueId: string;
  /** MRSIGNER, in lower case. */
  signerId: string;
  productId: number;
  /** The least SecurityVersion (ISVSVN). */
  securityVersion: number;
  acceptedTcbStatuses: readonly string[];
  acceptedAdvisories: readonly string[];
}

type Kind = 'whole number' | 'string' | 'boolean' | 'list';

const keys: Readonly<Record<string, Kind>> = {
  SecurityVersion: 'whole number',
  ProductID: 'whole number',
  UniqueID: 'string',
  SignerID: 'string',
  Debug: 'boolean',
  Nonce: 'string',
  AcceptedTCBStatuses: 'list',
  AcceptedAdvisories: 'list',
};

/** The text of an era file as a map, or what it is instead, without showing any of it: it may be the wrong file. */
export function parseEra(text: string): Tree | string {
  try {
    const document: unknown = JSON.parse(text);
    return isTree(document) ? document : 'is JSON, but no map';
  } catch {
    // The parser's message would show a part of the text.
    return 'is not JSON';
  }
}

/**
 * Reads the keys of an era file, or says what is wrong with them. MarbleRun's tools are written in Go and take keys in any
 * case; an unknown one is refused, because a key that is misspelt demands nothing.
 */
export function readEra(given: Tree): { era: Era } | { problem: string } {
  const read: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(given)) {
    const known = Object.keys(keys).find((name) => name.toLowerCase() === key.toLowerCase());
    if (known === undefined) return { problem: `${key} is no key of an era file` };
    if (value === null) continue;
    if (!isOfKind(value, keys[known])) return { problem: `its ${known} is no ${keys[known]}` };
    read[known] = value;
  }
  const text = (name: string) => ((read[name] ?? '') as string).toLowerCase();
  const wrong = ['UniqueID', 'SignerID'].find((name) => !/^([0-9a-f]{64})?$/.test(text(name)));
  if (wrong !== undefined) return { problem: `its ${wrong} is not 64 hexadecimal digits` };
  const list = (name: string) => (read[name] ?? []) as string[];
  return {
    era: {
      uniqueId: text('UniqueID'),
      signerId: text('SignerID'),
      productId: Number(read.ProductID ?? 0),
      securityVersion: Number(read.SecurityVersion ?? 0),
      acceptedTcbStatuses: list('AcceptedTCBStatuses'),
      acceptedAdvisories: list('AcceptedAdvisories'),
    },
  };
}

/** The keys without which MarbleRun refuses to compare a quote: none with a UniqueID, ProductID and SecurityVersion without. */
export function missingKeys({ uniqueId, productId, securityVersion }: Era): string[] {
  if (uniqueId !== '') return [];
  return Object.entries({ ProductID: productId, SecurityVersion: securityVersion }).flatMap(([key, value]) =>
    value === 0 ? [key] : [],
  );
}

function isOfKind(value: unknown, kind: Kind | undefined): boolean {
  switch (kind) {
    case 'list':
      return Array.isArray(value) && value.every((item) => typeof item === 'string');
    case 'whole number':
      return Number.isInteger(value) && Number(value) >= 0;
    default:
      return typeof value === kind;
  }
}
