import { isTree, type Tree } from './lost/tree.ts';

/**
 * What a client demands of the Coordinator's quote: the file coordinator-era.json (MarbleRun, type Config of
 * api/attestation/attestation.go at v1.9.1).
 */
export interface ClientPolicy {
  /** MRENCLAVE in hexadecimal; empty when the client pins none. */
  uniqueId: string;
  /** The least SecurityVersion (ISVSVN); 0 when the client demands none. */
  securityVersion: number;
}

/** One client of `clients`: its name, and its policy or what is wrong with it. */
export type Client = { name: string } & ({ policy: ClientPolicy } | { problem: string });

type Kind = 'number' | 'string' | 'boolean' | 'list';

const keys: Readonly<Record<string, Kind>> = {
  SecurityVersion: 'number',
  ProductID: 'number',
  UniqueID: 'string',
  SignerID: 'string',
  Debug: 'boolean',
  Nonce: 'string',
  AcceptedTCBStatuses: 'list',
  AcceptedAdvisories: 'list',
};

/** Reads the value `clients`, of any shape: the schema can be skipped. */
export function readClients(value: unknown): Client[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return [{ name: 'clients', problem: 'clients is no list' }];
  return value.map((item: unknown, index) => {
    const name = isTree(item) && typeof item.name === 'string' ? item.name : `clients[${index}]`;
    if (!isTree(item)) return { name, problem: 'it is no map' };
    const { era, ...others } = item;
    const direct = Object.fromEntries(Object.entries(others).filter(([key]) => key !== 'name'));
    const given = era === undefined || era === null ? direct : readEra(era, direct);
    return typeof given === 'string' ? { name, problem: given } : { name, ...readPolicy(given) };
  });
}

/** The era file as a map, or what is wrong with it. */
function readEra(era: unknown, direct: Tree): Tree | string {
  const [key] = Object.keys(direct);
  if (key !== undefined) return `it has both era and ${key}`;
  if (typeof era !== 'string') return isTree(era) ? era : 'its era is neither text nor a map';
  try {
    const document: unknown = JSON.parse(era);
    return isTree(document) ? document : 'its era is JSON, but no map';
  } catch {
    // The parser's message would show a part of the text, which may be the wrong file.
    return 'its era is not JSON';
  }
}

/** MarbleRun's tools are written in Go and take keys in any case. */
function readPolicy(given: Tree): { policy: ClientPolicy } | { problem: string } {
  const policy: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(given)) {
    const known = Object.keys(keys).find((name) => name.toLowerCase() === key.toLowerCase());
    if (known === undefined) return { problem: `${key} is no key of an era file` };
    if (value === null) continue;
    if (!isOfKind(value, keys[known])) return { problem: `its ${known} is no ${keys[known]}` };
    policy[known] = value;
  }
  const { UniqueID: uniqueId = '', ProductID, SecurityVersion } = policy;
  if (uniqueId !== '') {
    const isHash = /^[0-9a-f]{64}$/i.test(String(uniqueId));
    return isHash
      ? {
          policy: { uniqueId: String(uniqueId).toLowerCase(), securityVersion: Number(SecurityVersion ?? 0) },
        }
      : { problem: 'its UniqueID is not 64 hexadecimal digits' };
  }
  const missing = Object.entries({ ProductID, SecurityVersion }).find(([, value]) => !value)?.[0];
  return missing === undefined
    ? { policy: { uniqueId: '', securityVersion: Number(SecurityVersion) } }
    : { problem: `it has neither UniqueID nor ${missing}, which MarbleRun refuses` };
}

function isOfKind(value: unknown, kind: Kind | undefined): boolean {
  return kind === 'list' ? Array.isArray(value) : typeof value === kind;
}
