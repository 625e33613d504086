import type { ExpectationFlags } from '../../core/attestation/expectation.ts';
import { SettingsError } from '../../core/settings.ts';
import type { CollateralSource } from '../../io/attestation/collateral.ts';
import type { GivenFiles } from '../../io/given.ts';
import { declare } from '../command.ts';
import { flag, optional, several, url } from '../option.ts';
import { output, place, releaseArgument, type AskedRelease } from '../shared-options.ts';
import { noMore } from '../words.ts';

/** What a party gives to recover a Coordinator, and which one. */
export interface AskedRecover extends AskedRelease, GivenFiles {
  command: 'recover';
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

const file = { completes: 'file' } as const;

/** Which enclave the Coordinator has to be. */
const expected = {
  'unique-id': optional('HEX', 'the UniqueID that the Coordinator has to have'),
  'signer-id': optional('HEX', 'the SignerID that it has to have'),
  'product-id': optional('NUMBER', 'the ProductID that it has to have'),
  'security-version': optional('NUMBER', 'the lowest SecurityVersion that it may have'),
  'accepted-tcb-statuses': optional('LIST', 'TCB statuses besides UpToDate that are accepted'),
  'accepted-advisories': optional('LIST', 'advisories that are accepted'),
};

/** `recover` as a party types it. */
export const recover = declare({
  name: 'recover',
  audience: 'people',
  summary: 'attests a Coordinator in state 1, and gives it the recovery secrets',
  about: [
    'Attests a Coordinator that needs recovery, and gives it what a party has for that, once it is proven to be the enclave that is expected. docs/recovery.md says of each file what it takes.',
  ],
  arguments: [releaseArgument],
  options: {
    ...place,
    coordinator: url("the Coordinator's client API (its pod, through the API server)"),
    secret: several('FILE', 'the file with the recovery secrets; can be given again (required)', file),
    key: several('FILE', 'the private key of the party; can be given again', file),
    signature: several('FILE', 'the signature of the secret; can be given again', file),
    'passphrase-file': optional('FILE', 'the passphrase of the keys (a terminal asks for it)', file),
    'era-config': optional('FILE', 'says which enclave the Coordinator has to be', file),
    ...expected,
    pccs: url("where Intel's collateral comes from (Intel's service)"),
    collateral: optional('FILE', 'the collateral as a file, without asking anyone', file),
    insecure: flag('take a Coordinator in simulation, which proves nothing'),
    continue: flag('go on with the rollout that failed by it, unasked'),
    output,
  },
  examples: [
    {
      does: 'The only party, with its key',
      line: 'recover -n marblerun --secret recovery.json --key key.pem --era-config era.json',
    },
    {
      does: 'Then go on with the upgrade',
      line: 'recover -n marblerun --secret recovery.json --key key.pem --era-config era.json --continue',
    },
  ],
  exitCodes: {
    0: 'recovered, or nothing to recover',
    1: 'not recovered: a person must act',
    143: 'stopped; what had been uploaded is said, and what to run again',
  },
  ask: (values, [release = '', ...more]): AskedRecover => {
    noMore(more);
    const { namespace, context, kubeconfig, coordinator, insecure, pccs, collateral } = values;
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
      expected: {
        'unique-id': values['unique-id'],
        'signer-id': values['signer-id'],
        'product-id': values['product-id'],
        'security-version': values['security-version'],
        'accepted-tcb-statuses': values['accepted-tcb-statuses'],
        'accepted-advisories': values['accepted-advisories'],
      },
      collateral: collateral === undefined ? { pccs } : { file: collateral },
      goOn: values.continue,
      format: values.output,
    };
  },
  run: async (asked, stop) => await (await import('../../by-hand-recover.ts')).recoverByHand(asked, stop),
});
