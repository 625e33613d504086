/** Words that a Manifest chooses among (v1.9.1: coordinator/manifest/manifest.go). */

/** Types of Secrets; case counts. */
export const secretTypes = ['plain', 'symmetric-key', 'cert-rsa', 'cert-ed25519', 'cert-ecdsa'] as const;

/** How the state is sealed; case counts. */
export const sealModes = ['ProductKey', 'UniqueKey', 'Disabled'] as const;

/** Features, and the first Coordinator that has each. Case counts before v1.9.0. */
export const featureGates: Readonly<Record<string, string>> = {
  SignQuoteEndpoint: '1.5.0',
  MonotonicCounter: '1.6.0',
  AzureHSMSealing: '1.9.0',
};

/** What each type of resource lets users do. The case of types counts, that of actions does not. */
export const roleActions: Readonly<Record<string, readonly string[]>> = {
  Packages: ['UpdateSecurityVersion'],
  Secrets: ['ReadSecret', 'WriteSecret'],
  Manifest: ['UpdateManifest'],
};

/** What a platform may report of itself; the Coordinator takes any word (v1.9.1: EGo's attestation/tcbstatus). */
export const tcbStatuses = [
  'UpToDate',
  'OutOfDate',
  'Revoked',
  'ConfigurationNeeded',
  'OutOfDateConfigurationNeeded',
  'SWHardeningNeeded',
  'ConfigurationAndSWHardeningNeeded',
] as const;

/** How Data of a file is written; case does not count. */
export const encodings = ['string', 'base64', 'hex'] as const;
