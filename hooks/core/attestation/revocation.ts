import { verify, type X509Certificate } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import { CertificateList } from '@peculiar/asn1-x509';

/** A list of revoked certificates and who has to have signed it. */
export interface IssuedList {
  /** As in "the list of certificates that NAME has revoked". */
  name: string;
  /** DER. */
  der: Buffer;
  issuer: X509Certificate;
  /** The certificates of the issuer that must not be in it. */
  certificates: readonly X509Certificate[];
}

/**
 * What is wrong with a revocation list, at a time in milliseconds since the epoch, or with the certificates that it must not
 * contain. The DCAP library passes over a list that it cannot read, and verifies neither its signature nor its dates
 * (@phala/dcap-qvl 0.3.9: src/utils.js, checkCrlRevocation).
 */
export function revocationProblems({ name, der, issuer, certificates }: IssuedList, now: number): string[] {
  const list = parsed(der);
  if (list?.tbsCertListRaw === undefined) {
    return [`the list of certificates that ${name} has revoked cannot be read: fetch the collateral again`];
  }
  const { tbsCertList, tbsCertListRaw, signature } = list;
  if (!verify('sha256', Buffer.from(tbsCertListRaw), issuer.publicKey, Buffer.from(signature))) {
    return [
      `the list of certificates that ${name} has revoked is not what ${name} has signed: fetch the collateral again`,
    ];
  }
  const { thisUpdate, nextUpdate, revokedCertificates = [] } = tbsCertList;
  const isCurrent =
    thisUpdate.getTime().getTime() <= now && now <= (nextUpdate?.getTime().getTime() ?? -Infinity);
  const revoked = new Set(revokedCertificates.map(({ userCertificate }) => numberOf(userCertificate)));
  return [
    ...(isCurrent
      ? []
      : [
          `the list of certificates that ${name} has revoked is not of this time: fetch the collateral again, or set this machine's clock`,
        ]),
    ...certificates
      .filter(({ serialNumber }) => revoked.has(BigInt(`0x${serialNumber}`)))
      .map(
        ({ subject }) =>
          `${name} has revoked a certificate behind this quote (${commonName(subject)}): the machine is not to be trusted any more`,
      ),
  ];
}

/** The common name of a subject as node:crypto writes it, a line for each part. */
export function commonName(subject: string): string {
  return /^CN=(.*)$/m.exec(subject)?.[1] ?? '';
}

function parsed(der: Buffer): CertificateList | undefined {
  try {
    return AsnConvert.parse(der, CertificateList);
  } catch {
    return undefined;
  }
}

function numberOf(bytes: ArrayBuffer): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}
