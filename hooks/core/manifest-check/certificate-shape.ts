import { boolean, bytes, integer, listOf, struct, text, type Fields, type Shape } from './shape.ts';

const anything: Shape = { kind: 'anything' };
const texts = listOf(text);

function all(shape: Shape, description: string, ...names: string[]): Fields {
  return Object.fromEntries(names.map((name) => [name, { shape, description }]));
}

/** Go's crypto/x509/pkix.Name, which a Subject is read into. */
const nameFields: Fields = {
  ...all(texts, 'Part of a name.', 'Country', 'Organization', 'OrganizationalUnit', 'Locality', 'Province'),
  ...all(texts, 'Part of a name.', 'StreetAddress', 'PostalCode'),
  ...all(text, 'Part of a name.', 'SerialNumber', 'CommonName'),
  ...all(anything, 'Further parts of a name.', 'Names', 'ExtraNames'),
};

/** Go's crypto/x509.Certificate (Go 1.26), which `Cert` of a Secret is read into. */
export const certificateFields: Fields = {
  Subject: { shape: struct(nameFields), description: 'Whose certificate it is.' },
  DNSNames: { shape: texts, description: 'Names that it is valid for; localhost by default.' },
  IPAddresses: { shape: listOf({ kind: 'address' }), description: 'Addresses that it is valid for.' },
  EmailAddresses: { shape: texts, description: 'Mail addresses that it is valid for.' },
  NotAfter: { shape: { kind: 'time' }, description: 'When it ends (RFC 3339); instead of ValidFor.' },
  NotBefore: { shape: { kind: 'time' }, description: 'Set by the Coordinator.' },
  KeyUsage: { shape: integer, description: "Bits of Go's x509.KeyUsage." },
  ExtKeyUsage: { shape: listOf(integer), description: "Numbers of Go's x509.ExtKeyUsage." },
  IsCA: { shape: boolean, description: 'Whether it may sign others.' },
  MaxPathLen: { shape: integer, description: 'How many others may stand between.' },
  MaxPathLenZero: { shape: boolean, description: 'Whether MaxPathLen 0 is meant.' },
  Issuer: { shape: struct(nameFields), description: 'Set by the Coordinator.' },
  ...all(bytes, 'Set by the Coordinator.', 'Raw', 'RawTBSCertificate', 'RawSubjectPublicKeyInfo'),
  ...all(bytes, 'Set by the Coordinator.', 'RawSubject', 'RawIssuer', 'Signature'),
  ...all(bytes, 'Identifier of a key.', 'SubjectKeyId', 'AuthorityKeyId'),
  ...all(integer, 'Set by the Coordinator.', 'SignatureAlgorithm', 'PublicKeyAlgorithm', 'Version'),
  ...all(integer, 'A field of X.509.', 'InhibitAnyPolicy', 'InhibitPolicyMapping', 'RequireExplicitPolicy'),
  ...all(boolean, 'A field of X.509.', 'BasicConstraintsValid', 'PermittedDNSDomainsCritical'),
  ...all(boolean, 'A field of X.509.', 'InhibitAnyPolicyZero', 'InhibitPolicyMappingZero'),
  ...all(boolean, 'A field of X.509.', 'RequireExplicitPolicyZero'),
  ...all(texts, 'A field of X.509.', 'OCSPServer', 'IssuingCertificateURL', 'CRLDistributionPoints'),
  ...all(texts, 'A constraint of names.', 'PermittedDNSDomains', 'ExcludedDNSDomains'),
  ...all(texts, 'A constraint of names.', 'PermittedEmailAddresses', 'ExcludedEmailAddresses'),
  ...all(texts, 'A constraint of names.', 'PermittedURIDomains', 'ExcludedURIDomains'),
  ...all(anything, 'A field of X.509.', 'PublicKey', 'SerialNumber', 'Extensions', 'ExtraExtensions'),
  ...all(anything, 'A field of X.509.', 'UnhandledCriticalExtensions', 'UnknownExtKeyUsage', 'URIs'),
  ...all(anything, 'A field of X.509.', 'PermittedIPRanges', 'ExcludedIPRanges', 'PolicyIdentifiers'),
  ...all(anything, 'A field of X.509.', 'Policies', 'PolicyMappings'),
};
