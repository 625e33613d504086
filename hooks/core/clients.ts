import { missingKeys, parseEra, readEra } from './era.ts';
import { isTree, type Tree } from './lost/tree.ts';

/** What of a client's era file a new image of the Coordinator has to meet. */
export interface ClientPolicy {
  /** MRENCLAVE in hexadecimal; empty when the client pins none. */
  uniqueId: string;
  /** The least SecurityVersion (ISVSVN); 0 when the client demands none. */
  securityVersion: number;
}

/** One client of `clients`: its name, and its policy or what is wrong with it. */
export type Client = { name: string } & ({ policy: ClientPolicy } | { problem: string });

/** Reads the value `clients`, of any shape: the schema can be skipped. */
export function readClients(value: unknown): Client[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return [{ name: 'clients', problem: 'clients is no list' }];
  return value.map((item: unknown, index) => {
    const name = isTree(item) && typeof item.name === 'string' ? item.name : `clients[${index}]`;
    if (!isTree(item)) return { name, problem: 'it is no map' };
    const { era, ...others } = item;
    const direct = Object.fromEntries(Object.entries(others).filter(([key]) => key !== 'name'));
    const given = era === undefined || era === null ? direct : eraAlone(era, direct);
    return typeof given === 'string' ? { name, problem: given } : { name, ...readPolicy(given) };
  });
}

/** The era file as a map, or what is wrong with it. */
function eraAlone(era: unknown, direct: Tree): Tree | string {
  const [key] = Object.keys(direct);
  if (key !== undefined) return `it has both era and ${key}`;
  if (typeof era !== 'string') return isTree(era) ? era : 'its era is neither text nor a map';
  const read = parseEra(era);
  return typeof read === 'string' ? `its era ${read}` : read;
}

function readPolicy(given: Tree): { policy: ClientPolicy } | { problem: string } {
  const read = readEra(given);
  if ('problem' in read) return read;
  const { uniqueId, securityVersion } = read.era;
  const [missing] = missingKeys(read.era);
  return missing === undefined
    ? { policy: { uniqueId, securityVersion } }
    : { problem: `it has neither UniqueID nor ${missing}, which MarbleRun refuses` };
}
