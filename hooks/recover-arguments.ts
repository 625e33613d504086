import type { ExpectationFlags } from './core/attestation/expectation.ts';
import { SettingsError } from './core/settings.ts';
import type { CollateralSource } from './io/attestation/collateral.ts';
import type { GivenFiles } from './io/given.ts';

/** What a party gives to recover a Coordinator, and which one. */
export interface RecoverInvocation extends GivenFiles {
  command: 'recover';
  /** Empty for the only one in the namespace. */
  release: string;
  namespace: string | undefined;
  context: string | undefined;
  kubeconfig: string | undefined;
  /** Where the Coordinator is reached; undefined for its pod. */
  coordinator: string | undefined;
  /** The file that says which enclave is expected. */
  eraConfig: string | undefined;
  expected: ExpectationFlags;
  collateral: CollateralSource;
  insecure: boolean;
  /** Go on with the rollout afterwards, without being asked. */
  goOn: boolean;
  format: 'text' | 'json';
}

/** The options of `recover` alone, as parseArgs takes them. */
export const recoverOptions = {
  secret: { type: 'string', multiple: true, default: [] as string[] },
  key: { type: 'string', multiple: true, default: [] as string[] },
  signature: { type: 'string', multiple: true, default: [] as string[] },
  'passphrase-file': { type: 'string' },
  'era-config': { type: 'string' },
  'unique-id': { type: 'string' },
  'signer-id': { type: 'string' },
  'product-id': { type: 'string' },
  'security-version': { type: 'string' },
  'accepted-tcb-statuses': { type: 'string' },
  'accepted-advisories': { type: 'string' },
  pccs: { type: 'string' },
  collateral: { type: 'string' },
  insecure: { type: 'boolean', default: false },
  continue: { type: 'boolean', default: false },
} as const;

/** What the command line says, as parseArgs gives it. */
export interface RecoverValues extends ExpectationFlags {
  release: string | undefined;
  namespace?: string | undefined;
  context?: string | undefined;
  kubeconfig?: string | undefined;
  coordinator?: string | undefined;
  secret: string[];
  key: string[];
  signature: string[];
  'passphrase-file'?: string | undefined;
  'era-config'?: string | undefined;
  pccs?: string | undefined;
  collateral?: string | undefined;
  insecure: boolean;
  continue: boolean;
  format: 'text' | 'json';
}

/** What it asks for; throws a SettingsError that names what is wrong. */
export function readRecover(values: RecoverValues): RecoverInvocation {
  const { release = '', namespace, context, kubeconfig, coordinator, insecure, pccs, collateral } = values;
  if (values.secret.length === 0)
    throw new SettingsError('--secret is missing: the file with the recovery secret');
  if (pccs !== undefined && collateral !== undefined) {
    throw new SettingsError(
      '--pccs and --collateral both say where the collateral comes from; give one of them',
    );
  }
  return {
    command: 'recover',
    ...{ release, namespace, context, kubeconfig, coordinator, insecure },
    secrets: values.secret,
    keys: values.key,
    signatures: values.signature,
    passphraseFile: values['passphrase-file'],
    eraConfig: values['era-config'],
    expected: expectationIn(values),
    collateral: collateral === undefined ? { pccs } : { file: collateral },
    goOn: values.continue,
    format: values.format,
  };
}

function expectationIn(values: ExpectationFlags): ExpectationFlags {
  return {
    'unique-id': values['unique-id'],
    'signer-id': values['signer-id'],
    'product-id': values['product-id'],
    'security-version': values['security-version'],
    'accepted-tcb-statuses': values['accepted-tcb-statuses'],
    'accepted-advisories': values['accepted-advisories'],
  };
}
