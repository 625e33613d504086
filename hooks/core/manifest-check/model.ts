/** A Manifest as the Coordinator has it after reading: every field is there, with its zero value where none was given. */
export interface Manifest {
  Packages: ReadonlyMap<string, Package>;
  Infrastructures: ReadonlyMap<string, unknown>;
  Marbles: ReadonlyMap<string, Marble>;
  Users: ReadonlyMap<string, User>;
  Secrets: ReadonlyMap<string, Secret>;
  RecoveryKeys: ReadonlyMap<string, string>;
  Roles: ReadonlyMap<string, Role>;
  TLS: ReadonlyMap<string, TlsTag>;
  Config: Config;
}

export interface Package {
  Debug: boolean;
  UniqueID: string;
  SignerID: string;
  /** Undefined is not 0: the Coordinator has a pointer here. */
  ProductID: bigint | undefined;
  SecurityVersion: bigint | undefined;
  AcceptedTCBStatuses: readonly string[];
  AcceptedAdvisories: readonly string[];
}

export interface Marble {
  Package: string;
  MaxActivations: bigint;
  Parameters: Parameters;
  TLS: readonly string[];
  DisableSecretBinding: boolean;
}

export interface Parameters {
  Files: ReadonlyMap<string, File>;
  Env: ReadonlyMap<string, File>;
  Argv: readonly string[];
}

/** An entry of Files or Env, decoded. */
export interface File {
  Data: string;
  NoTemplates: boolean;
}

export interface Secret {
  Type: string;
  Size: bigint;
  Shared: boolean;
  UserDefined: boolean;
  Cert: Certificate;
  ValidFor: bigint;
}

/** What the rules look at of a certificate that a Secret describes. */
export interface Certificate {
  /** RFC 3339; empty where none is given. */
  NotAfter: string;
  DNSNames: readonly string[];
  EmailAddresses: readonly string[];
  /** A whole certificate instead of its fields; nobody gives one. */
  Raw: string;
}

export interface TlsTag {
  Outgoing: readonly TlsEntry[];
  Incoming: readonly TlsEntry[];
}

export interface TlsEntry {
  Port: string;
  Addr: string;
  Cert: string;
  DisableClientAuth: boolean;
}

export interface User {
  Certificate: string;
  Roles: readonly string[];
}

export interface Role {
  ResourceType: string;
  ResourceNames: readonly string[];
  Actions: readonly string[];
}

export interface Config {
  SealMode: string;
  FeatureGates: readonly string[];
  UpdateThreshold: bigint;
  RecoveryThreshold: bigint;
  RotateRootSecret: boolean;
}
