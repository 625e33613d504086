import { certificateFields } from './certificate-shape.ts';
import {
  boolean,
  bytes,
  count,
  listOf,
  mapOf,
  optionalCount,
  shortCount,
  struct,
  text,
  type Fields,
} from './shape.ts';
import { encodings, featureGates, roleActions, sealModes, secretTypes, tcbStatuses } from './words.ts';

const packageFields: Fields = {
  Debug: { shape: boolean, description: 'Whether it is a debug enclave, which its host can read.' },
  UniqueID: { shape: text, description: 'Hash of the enclave (MRENCLAVE), 64 hex digits. Stands alone.' },
  SignerID: { shape: text, description: "Hash of the signer's key (MRSIGNER), 64 hex digits." },
  ProductID: {
    shape: optionalCount,
    description: 'Number of the product among those of its signer (ISVPRODID).',
  },
  SecurityVersion: { shape: optionalCount, description: 'The lowest version that is let in (ISVSVN).' },
  AcceptedTCBStatuses: {
    shape: listOf(text),
    words: tcbStatuses,
    since: '1.0.0',
    description:
      'TCB statuses of the platform that are let in beside UpToDate; SWHardeningNeeded by default.',
  },
  AcceptedAdvisories: {
    shape: listOf(text),
    since: '1.6.0',
    description:
      'Intel advisories that a platform in SWHardeningNeeded may have open; none named: all of them.',
  },
};

const infrastructureFields: Fields = {
  CPUSVN: { shape: bytes, description: 'Not used by the Coordinator.' },
  QESVN: { shape: shortCount, description: 'Not used by the Coordinator.' },
  PCESVN: { shape: shortCount, description: 'Not used by the Coordinator.' },
  RootCA: { shape: bytes, description: 'Not used by the Coordinator.' },
};

const parameterFields: Fields = {
  Files: { shape: mapOf({ kind: 'file' }), description: 'Files of the Marble by path, with templates.' },
  Env: { shape: mapOf({ kind: 'file' }), description: 'Environment variables by name, with templates.' },
  Argv: { shape: listOf(text), description: 'The command line, with the program first; no templates.' },
};

/** The keys of an entry of Files or Env that is no mere text. */
export const fileFields: Fields = {
  Data: { shape: text, description: 'The content.' },
  Encoding: { shape: text, words: encodings, description: 'How Data is written: string, base64 or hex.' },
  NoTemplates: { shape: boolean, description: 'Whether {{ }} in Data is taken as it stands.' },
};

const marbleFields: Fields = {
  Package: { shape: text, required: true, description: 'The name of its Package.' },
  MaxActivations: { shape: count, description: 'How many may ever start; 0 for any number.' },
  Parameters: { shape: struct(parameterFields), description: 'What it is given when it starts.' },
  TLS: { shape: listOf(text), description: 'Names of TLS entries whose connections are secured.' },
  DisableSecretBinding: {
    shape: boolean,
    since: '1.6.0',
    description: "Derive its secrets without the Marble's name, as before v1.6.0.",
  },
};

const secretFields: Fields = {
  Type: {
    shape: text,
    required: true,
    words: secretTypes,
    description: 'plain, symmetric-key, cert-rsa, cert-ed25519 or cert-ecdsa.',
  },
  Size: { shape: count, description: 'Of the key, in bits.' },
  Shared: { shape: boolean, description: 'Whether all Marbles have the same; else each has its own.' },
  UserDefined: { shape: boolean, description: 'Whether a user uploads it; else the Coordinator makes it.' },
  Cert: {
    shape: { kind: 'certificate', fields: certificateFields },
    description: 'Fields of the certificate, as of Go x509.Certificate.',
  },
  ValidFor: { shape: count, description: 'Days that a certificate is valid; 365 by default.' },
  Private: { shape: bytes, description: 'Set by the Coordinator.' },
  Public: { shape: bytes, description: 'Set by the Coordinator.' },
};

const tlsEntryFields: Fields = {
  Port: { shape: text, required: true, description: 'The port, as text.' },
  Addr: { shape: text, description: 'The address of the other side; needed for Outgoing.' },
  Cert: { shape: text, description: 'A Secret to use as the certificate of the server.' },
  DisableClientAuth: { shape: boolean, description: 'Let clients in without a certificate; needs Cert.' },
};

const tlsFields: Fields = {
  Outgoing: { shape: listOf(struct(tlsEntryFields)), description: 'Connections to other services.' },
  Incoming: { shape: listOf(struct(tlsEntryFields)), description: 'Connections that are accepted.' },
};

const userFields: Fields = {
  Certificate: { shape: text, required: true, description: 'The certificate that the user shows, in PEM.' },
  Roles: { shape: listOf(text), description: 'Names of Roles.' },
};

const roleFields: Fields = {
  ResourceType: {
    shape: text,
    required: true,
    words: Object.keys(roleActions),
    description: 'Packages, Secrets or Manifest.',
  },
  ResourceNames: { shape: listOf(text), description: 'Which of them; none for Manifest.' },
  Actions: {
    shape: listOf(text),
    words: Object.values(roleActions).flat(),
    description: 'UpdateSecurityVersion, ReadSecret, WriteSecret or UpdateManifest.',
  },
};

const configFields: Fields = {
  SealMode: {
    shape: text,
    words: ['', ...sealModes],
    since: '1.5.0',
    description: 'ProductKey (default), UniqueKey or Disabled.',
  },
  FeatureGates: {
    shape: listOf(text),
    words: Object.keys(featureGates),
    since: '1.5.0',
    description: 'Features to switch on.',
  },
  UpdateThreshold: {
    shape: count,
    since: '1.7.0',
    description: 'How many users must acknowledge an update; 0 for all who may.',
  },
  RecoveryThreshold: {
    shape: count,
    since: '1.9.0',
    description: 'How many of the RecoveryKeys are needed for a recovery; 0 for all.',
  },
  RotateRootSecret: {
    shape: boolean,
    since: '1.9.0',
    description: 'Make new symmetric keys with each update that carries this.',
  },
};

/**
 * A Manifest: every key that the Coordinator knows (v1.9.1: coordinator/manifest/manifest.go, coordinator/quote/ert.go).
 * schemas/manifest.schema.json says the same to editors, and a test holds the two together.
 */
export const manifestFields: Fields = {
  Packages: { shape: mapOf(struct(packageFields)), description: 'The enclaves that are let in.' },
  Infrastructures: {
    shape: mapOf(struct(infrastructureFields)),
    description: 'Not used by the Coordinator.',
  },
  Marbles: { shape: mapOf(struct(marbleFields)), description: 'The services of the mesh.' },
  Users: { shape: mapOf(struct(userFields)), since: '0.4.0', description: 'Who may do something.' },
  Secrets: { shape: mapOf(struct(secretFields)), description: 'Keys and certificates for Marbles.' },
  RecoveryKeys: {
    shape: mapOf(text),
    description: 'Public RSA keys in PEM, with which the state is recovered.',
  },
  Roles: { shape: mapOf(struct(roleFields)), since: '0.4.0', description: 'What users may do.' },
  TLS: { shape: mapOf(struct(tlsFields)), since: '0.4.0', description: 'Connections that Marbles secure.' },
  Config: { shape: struct(configFields), since: '1.5.0', description: 'Settings of the Coordinator.' },
};
