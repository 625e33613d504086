import { isTree } from '../lost/tree.ts';

/**
 * What Intel publishes for a kind of machine, to verify its quotes with; bytes in hexadecimal. As in the files of the DCAP
 * library, except that the certificates of the machine itself come from its quote.
 */
export interface Collateral {
  /** In PEM, the chain that issued pck_crl; for other tools, nothing here needs it. */
  pck_crl_issuer_chain: string;
  root_ca_crl: string;
  pck_crl: string;
  /** In PEM, the signer first. */
  tcb_info_issuer_chain: string;
  /** The text that is signed. */
  tcb_info: string;
  tcb_info_signature: string;
  qe_identity_issuer_chain: string;
  qe_identity: string;
  qe_identity_signature: string;
}

const texts = [
  'pck_crl_issuer_chain',
  'tcb_info_issuer_chain',
  'tcb_info',
  'qe_identity_issuer_chain',
  'qe_identity',
];
const bytes = ['root_ca_crl', 'pck_crl', 'tcb_info_signature', 'qe_identity_signature'];

/** Reads a collateral file: JSON, bytes in hexadecimal or as a list of numbers. Otherwise says what is wrong with it. */
export function readCollateral(text: string): { collateral: Collateral } | { problem: string } {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return { problem: 'it is not JSON' };
  }
  if (!isTree(document)) return { problem: 'it is no map' };
  const given = document;
  const entries = [
    ...texts.map((key) => [key, textOf(given[key])] as const),
    ...bytes.map((key) => [key, hexOf(given[key])] as const),
  ];
  const broken = entries.flatMap(([key, value]) => (value === undefined ? [key] : []));
  if (broken.length > 0) return { problem: `${broken.join(', ')} missing or of another kind` };
  return { collateral: Object.fromEntries(entries) as unknown as Collateral };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function hexOf(value: unknown): string | undefined {
  if (typeof value === 'string') return /^([0-9a-f]{2})+$/i.test(value) ? value : undefined;
  const isBytes = (list: unknown[]): list is number[] =>
    list.every((item) => Number.isInteger(item) && Number(item) >= 0 && Number(item) <= 0xff);
  return Array.isArray(value) && isBytes(value) ? Buffer.from(value).toString('hex') : undefined;
}
