import { generateKeyPairSync, randomBytes, sign, X509Certificate, type KeyObject } from 'node:crypto';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  BasicConstraints,
  Certificate,
  CertificateList,
  CRLDistributionPoints,
  DistributionPoint,
  DistributionPointName,
  Extension,
  Extensions,
  GeneralName,
  id_ce_basicConstraints,
  id_ce_cRLDistributionPoints,
  Name,
  RelativeDistinguishedName,
  RevokedCertificate,
  SubjectPublicKeyInfo,
  TBSCertificate,
  TBSCertList,
  Time,
  Validity,
  Version,
} from '@peculiar/asn1-x509';

/** A certificate and its private key. */
export interface Identity {
  der: Buffer;
  pem: string;
  key: KeyObject;
  name: string;
}

/** What a certificate is to say, besides whose it is. */
export interface Wanted {
  name: string;
  ca?: boolean;
  /** Where the revocation list of its issuer is. */
  listUrl?: string;
  /** Its Intel extension, in DER. */
  intel?: Buffer;
}

const ecdsaWithSha256 = new AlgorithmIdentifier({ algorithm: '1.2.840.10045.4.3.2' });
const intelExtension = '1.2.840.113741.1.13.1';
const day = 24 * 60 * 60 * 1000;

/** A new key with a certificate that `issuer` signed, or itself; valid for ten days around `now`. */
export function certify(wanted: Wanted, now: number, issuer?: Identity): Identity {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const body = new TBSCertificate({
    version: Version.v3,
    serialNumber: Uint8Array.of(0x11, ...randomBytes(8)).buffer,
    signature: ecdsaWithSha256,
    issuer: named(issuer?.name ?? wanted.name),
    validity: new Validity({ notBefore: new Date(now - 5 * day), notAfter: new Date(now + 5 * day) }),
    subject: named(wanted.name),
    subjectPublicKeyInfo: AsnConvert.parse(spki, SubjectPublicKeyInfo),
    extensions: new Extensions(extensionsOf(wanted)),
  });
  const key = issuer?.key ?? privateKey;
  const der = Buffer.from(
    AsnConvert.serialize(
      new Certificate({
        tbsCertificate: body,
        signatureAlgorithm: ecdsaWithSha256,
        signatureValue: signed(key, AsnConvert.serialize(body)),
      }),
    ),
  );
  return { der, pem: new X509Certificate(der).toString(), key: privateKey, name: wanted.name };
}

/** The list of what `issuer` has revoked, in hexadecimal; valid for six days around `now`. */
export function revocationList(issuer: Identity, now: number, revoked: readonly Identity[] = []): string {
  const body = new TBSCertList({
    version: Version.v2,
    signature: ecdsaWithSha256,
    issuer: named(issuer.name),
    thisUpdate: new Time(new Date(now - 3 * day)),
    nextUpdate: new Time(new Date(now + 3 * day)),
    ...(revoked.length === 0 ? {} : { revokedCertificates: revoked.map((one) => revocationOf(one, now)) }),
  });
  const list = new CertificateList({
    tbsCertList: body,
    signatureAlgorithm: ecdsaWithSha256,
    signature: signed(issuer.key, AsnConvert.serialize(body)),
  });
  return Buffer.from(AsnConvert.serialize(list)).toString('hex');
}

function revocationOf({ der }: Identity, now: number): RevokedCertificate {
  return new RevokedCertificate({
    userCertificate: AsnConvert.parse(der, Certificate).tbsCertificate.serialNumber,
    revocationDate: new Time(new Date(now - 4 * day)),
  });
}

function signed(key: KeyObject, bytes: ArrayBuffer): ArrayBuffer {
  return new Uint8Array(sign('sha256', Buffer.from(bytes), key)).buffer;
}

function named(name: string): Name {
  const value = new AttributeValue({ utf8String: name });
  return new Name([new RelativeDistinguishedName([new AttributeTypeAndValue({ type: '2.5.4.3', value })])]);
}

function extensionsOf({ ca = false, listUrl, intel }: Wanted): Extension[] {
  const extension = (extnID: string, value: ArrayBuffer | Buffer, critical = false) =>
    new Extension({ extnID, critical, extnValue: new OctetString(value) });
  const list = (url: string) =>
    new CRLDistributionPoints([
      new DistributionPoint({
        distributionPoint: new DistributionPointName({
          fullName: [new GeneralName({ uniformResourceIdentifier: url })],
        }),
      }),
    ]);
  return [
    extension(id_ce_basicConstraints, AsnConvert.serialize(new BasicConstraints({ cA: ca })), true),
    ...(listUrl === undefined
      ? []
      : [extension(id_ce_cRLDistributionPoints, AsnConvert.serialize(list(listUrl)))]),
    ...(intel === undefined ? [] : [extension(intelExtension, intel)]),
  ];
}
