import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import type { Collateral } from '../../../hooks/core/attestation/collateral.ts';
import type { Expectation } from '../../../hooks/core/attestation/expectation.ts';
import { certify, revocationList, type Identity } from './authority.ts';

/** Intel's part and an SGX machine, made up by a test, whose quotes lead to the test's own root certificate. */
export interface Machine {
  root: Identity;
  /** The authority that certified the machine. */
  ca: Identity;
  /** The machine's own certificate (PCK). */
  pck: Identity;
  /** Who signs TCB info and the quoting enclave's identity. */
  signer: Identity;
  now: number;
  collateral: Collateral;
}

/** What is to be out of the ordinary. */
export interface MachineOptions {
  now: number;
  tcbStatus?: string;
  advisories?: string[];
  /** For machines with several sockets. */
  platformCa?: boolean;
  listUrl?: string;
}

/** What an enclave is like; like the Coordinator unless said otherwise. */
export interface EnclaveOptions {
  uniqueId?: string;
  signerId?: string;
  productId?: number;
  securityVersion?: number;
  debug?: boolean;
  reportData?: Buffer;
}

export const enclave = {
  uniqueId: '6b'.repeat(32),
  signerId: '43'.repeat(32),
  productId: 3,
  securityVersion: 2,
} as const;

/** What that enclave is expected to be, by its signer, on a platform that MarbleRun's CLI accepts. */
export const expected: Expectation = {
  ...enclave,
  uniqueId: '',
  acceptedTcbStatuses: ['UpToDate', 'SWHardeningNeeded'],
  acceptedAdvisories: [],
};

const fmspc = '00A067110000';
const qeSigner = '8c'.repeat(32);
const day = 24 * 60 * 60 * 1000;

/** One with certificates, revocation lists, TCB info and identity of the quoting enclave, all valid at `now`. */
export function makeMachine(options: MachineOptions): Machine {
  const { now, platformCa = false, listUrl } = options;
  const root = certify(
    { name: 'Intel SGX Root CA', ca: true, ...(listUrl === undefined ? {} : { listUrl }) },
    now,
  );
  const name = `Intel SGX PCK ${platformCa ? 'Platform' : 'Processor'} CA`;
  const ca = certify({ name, ca: true }, now, root);
  const pck = certify({ name: 'Intel SGX PCK Certificate', intel: intelExtension() }, now, ca);
  const signer = certify({ name: 'Intel SGX TCB Signing' }, now, root);
  const machine = { root, ca, pck, signer, now };
  return { ...machine, collateral: collateralOf(machine, options) };
}

/** What Intel would publish for the machine; with `forger`, in another's name. */
export function collateralOf(
  { root, ca, signer, now }: Omit<Machine, 'collateral'>,
  { tcbStatus = 'UpToDate', advisories = [] }: Partial<MachineOptions> = {},
): Collateral {
  const common = {
    issueDate: new Date(now - day).toISOString(),
    nextUpdate: new Date(now + 2 * day).toISOString(),
    tcbEvaluationDataNumber: 17,
  };
  const tcbInfo = JSON.stringify({
    ...{ id: 'SGX', version: 3, ...common, fmspc, pceId: '0000', tcbType: 0 },
    tcbLevels: [
      {
        tcb: { sgxtcbcomponents: Array.from({ length: 16 }, () => ({ svn: 1 })), pcesvn: 1 },
        ...{ tcbDate: common.issueDate, tcbStatus, advisoryIDs: advisories },
      },
    ],
  });
  const identity = JSON.stringify({
    ...{ id: 'QE', version: 2, ...common, miscselect: '00000000', miscselectMask: 'FFFFFFFF' },
    attributes: '11000000000000000000000000000000',
    attributesMask: 'FBFFFFFFFFFFFFFF0000000000000000',
    ...{ mrsigner: qeSigner, isvprodid: 1 },
    tcbLevels: [{ tcb: { isvsvn: 8 }, tcbDate: common.issueDate, tcbStatus: 'UpToDate' }],
  });
  return {
    pck_crl_issuer_chain: ca.pem + root.pem,
    root_ca_crl: revocationList(root, now),
    pck_crl: revocationList(ca, now),
    tcb_info_issuer_chain: signer.pem + root.pem,
    tcb_info: tcbInfo,
    tcb_info_signature: signature(signer.key, Buffer.from(tcbInfo)).toString('hex'),
    qe_identity_issuer_chain: signer.pem + root.pem,
    qe_identity: identity,
    qe_identity_signature: signature(signer.key, Buffer.from(identity)).toString('hex'),
  };
}

/** A quote of an enclave on this machine, as its quoting enclave makes them (version 3, without Open Enclave's header). */
export function quoteOf({ root, ca, pck }: Omit<Machine, 'collateral'>, wanted: EnclaveOptions = {}): Buffer {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const attestationKey = Buffer.concat([Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
  const body = Buffer.concat([quoteHeader(), report({ ...enclave, ...wanted })]);
  const authentication = randomBytes(32);
  const quotingReport = report({
    ...{ uniqueId: '00'.repeat(32), signerId: qeSigner, productId: 1, securityVersion: 8, quoting: true },
    reportData: createHash('sha256').update(attestationKey).update(authentication).digest(),
  });
  const chain = Buffer.from(pck.pem + ca.pem + root.pem);
  const signatures = Buffer.concat([
    ...[signature(privateKey, body), attestationKey],
    ...[quotingReport, signature(pck.key, quotingReport)],
    ...[number(32, 2), authentication, number(5, 2), number(chain.length, 4), chain],
  ]);
  return Buffer.concat([body, number(signatures.length, 4), signatures]);
}

/** As Open Enclave hands out a quote. */
export function wrapped(quote: Buffer): Buffer {
  return Buffer.concat([number(1, 4), number(2, 4), number(quote.length, 4), number(0, 4), quote]);
}

function quoteHeader(): Buffer {
  return Buffer.concat([
    number(3, 2),
    number(2, 2),
    number(0, 4),
    number(8, 2),
    number(1, 2),
    Buffer.alloc(36),
  ]);
}

function report(wanted: EnclaveOptions & { quoting?: boolean }): Buffer {
  const bytes = Buffer.alloc(384);
  const {
    uniqueId = '',
    signerId = '',
    reportData = Buffer.alloc(0),
    debug = false,
    quoting = false,
  } = wanted;
  bytes.fill(0xff, 0, 16);
  bytes[48] = (quoting ? 0x11 : 0x05) | (debug ? 0x02 : 0);
  bytes.write(uniqueId, 64, 'hex');
  bytes.write(signerId, 128, 'hex');
  bytes.writeUInt16LE(wanted.productId ?? 0, 256);
  bytes.writeUInt16LE(wanted.securityVersion ?? 0, 258);
  reportData.copy(bytes, 320);
  return bytes;
}

function number(value: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  bytes.writeUIntLE(value, 0, length);
  return bytes;
}

function signature(key: KeyObject, bytes: Buffer): Buffer {
  return sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' });
}

/** What Intel writes into a machine's certificate: its TCB, and the kind that it is of. */
export function intelExtension(): Buffer {
  const tlv = (tag: number, value: Buffer) => Buffer.concat([der(tag, value.length), value]);
  const sequence = (...items: Buffer[]) => tlv(0x30, Buffer.concat(items));
  const base = Buffer.from('2a864886f84d010d01', 'hex');
  const item = (path: number[], value: Buffer) =>
    sequence(tlv(0x06, Buffer.concat([base, Buffer.from(path)])), value);
  const octets = (bytes: Buffer) => tlv(0x04, bytes);
  const integer = (value: number) => tlv(0x02, Buffer.of(value));
  const components = Array.from({ length: 16 }, (_, index) => item([2, index + 1], integer(5)));
  const tcb = [...components, item([2, 17], integer(5)), item([2, 18], octets(Buffer.alloc(16, 5)))];
  return sequence(
    item([1], octets(Buffer.alloc(16, 7))),
    item([2], sequence(...tcb)),
    item([3], octets(Buffer.alloc(2))),
    item([4], octets(Buffer.from(fmspc, 'hex'))),
    item([5], tlv(0x0a, Buffer.of(0))),
  );
}

function der(tag: number, length: number): Buffer {
  if (length < 0x80) return Buffer.of(tag, length);
  return length < 0x100 ? Buffer.of(tag, 0x81, length) : Buffer.of(tag, 0x82, length >> 8, length & 0xff);
}
