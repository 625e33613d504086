import { expect } from 'chai';
import { readCommandLine } from '../../../hooks/cli/program.ts';
import { SettingsError } from '../../../hooks/core/settings.ts';

const read = (line: string) => readCommandLine(line.split(' ')).asked;
const nothing = {
  'unique-id': undefined,
  'signer-id': undefined,
  'product-id': undefined,
  'security-version': undefined,
  'accepted-tcb-statuses': undefined,
  'accepted-advisories': undefined,
};

describe('the arguments of recover', () => {
  it('are at least a secret; the rest is left to the kubeconfig', () => {
    expect(read('recover --secret recovery.json')).to.deep.equal({
      command: 'recover',
      release: '',
      namespace: undefined,
      context: undefined,
      kubeconfig: undefined,
      coordinator: undefined,
      insecure: false,
      secrets: ['recovery.json'],
      keys: [],
      signatures: [],
      passphraseFile: undefined,
      eraConfig: undefined,
      expected: nothing,
      collateral: { pccs: undefined },
      goOn: false,
      format: 'text',
    });
  });

  it('may name several secrets and keys, which enclave is expected, and what follows', () => {
    const line =
      'recover mesh -n shop --secret a --secret b --key a.pem --key b.pem --signer-id ab --product-id 3 --security-version 2 --collateral c.json --continue';
    expect(read(line)).to.deep.include({
      release: 'mesh',
      namespace: 'shop',
      secrets: ['a', 'b'],
      keys: ['a.pem', 'b.pem'],
      expected: { ...nothing, 'signer-id': 'ab', 'product-id': '3', 'security-version': '2' },
      collateral: { file: 'c.json' },
      goOn: true,
    });
  });

  /** What is typed, what is said. */
  const wrong: [string, RegExp][] = [
    ['recover', /^--secret is missing/],
    ['recover mesh other --secret a', /^unexpected argument "other"$/],
    ['recover --secret a --pccs https://p --collateral c', /^--pccs and --collateral both say/],
  ];
  for (const [line, message] of wrong) {
    it(`are refused as "${line}"`, () => {
      expect(() => read(line)).to.throw(SettingsError, message);
    });
  }
});
