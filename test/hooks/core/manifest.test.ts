import { expect } from 'chai';
import { readManifest } from '../../../hooks/core/manifest.ts';
import { party } from './recovery/parties.ts';

const read = (manifest: object) => readManifest(JSON.stringify(manifest));
const symmetric = { key: { Type: 'symmetric-key', Size: 128 } };

describe('readManifest', () => {
  it('finds nothing in an empty one, which seals to the product', () => {
    expect(readManifest('')).to.deep.equal({
      recoveryKeys: [],
      recoveryKeyDigests: {},
      recoveryThreshold: 0,
      sealMode: 'ProductKey',
      maxActivations: {},
      oldTemplates: false,
      unlistedHardening: [],
      bindsSecrets: false,
    });
  });

  it('matches keys without regard to case, as the Coordinator does', () => {
    const manifest = read({ recoverykeys: { alice: '' }, CONFIG: { sealmode: 'UniqueKey' } });
    expect(manifest).to.include({ sealMode: 'UniqueKey', recoveryThreshold: 1 });
    expect(manifest.recoveryKeys).to.deep.equal(['alice']);
  });

  it('tells each RecoveryKey by its digest, as a party knows it by its private key', () => {
    const alice = party('alice');
    const pem = alice.publicKey.export({ type: 'spki', format: 'pem' });
    const { recoveryKeyDigests } = read({ RecoveryKeys: { alice: pem, bob: 'no key', carol: 3 } });
    expect(recoveryKeyDigests).to.deep.equal({ alice: alice.key.digest });
  });

  it('takes the key that is spelt as documented first', () => {
    expect(read({ recoverykeys: { a: '' }, RecoveryKeys: { b: '' } }).recoveryKeys).to.deep.equal(['b']);
  });

  it('tells which Marble types are bounded', () => {
    const Marbles = { web: { MaxActivations: 3 }, free: {}, open: { MaxActivations: 0 } };
    expect(read({ Marbles }).maxActivations).to.deep.equal({ web: 3 });
  });

  it('tells templates of v0.4 from later ones', () => {
    const env = (value: string) => read({ Marbles: { web: { Parameters: { Env: { ROOT: value } } } } });
    expect(env('{{ pem .Marblerun.RootCA.Cert }}').oldTemplates).to.equal(true);
    expect(env('{{ pem .MarbleRun.RootCA.Cert }}').oldTemplates).to.equal(false);
    expect(env('about .Marblerun. in words').oldTemplates).to.equal(false);
  });

  it('names Packages that leave SWHardeningNeeded out of a list', () => {
    const Packages = {
      strict: { AcceptedTCBStatuses: ['UpToDate'] },
      open: { AcceptedTCBStatuses: ['UpToDate', 'SWHardeningNeeded'] },
      empty: { AcceptedTCBStatuses: [] },
      none: {},
    };
    expect(read({ Packages }).unlistedHardening).to.deep.equal(['strict']);
  });

  const binding: [string, object, boolean][] = [
    ['symmetric keys of single Marbles', { Secrets: symmetric, Marbles: { web: {} } }, true],
    ['shared ones', { Secrets: { key: { ...symmetric.key, Shared: true } }, Marbles: { web: {} } }, false],
    ['certificates', { Secrets: { cert: { Type: 'cert-rsa' } }, Marbles: { web: {} } }, false],
    [
      'Marbles that switch it off',
      { Secrets: symmetric, Marbles: { web: { DisableSecretBinding: true } } },
      false,
    ],
  ];
  for (const [title, manifest, expected] of binding) {
    it(`${expected ? 'finds' : 'finds no'} secrets to bind for ${title}`, () => {
      expect(read(manifest).bindsSecrets).to.equal(expected);
    });
  }

  it('survives sections that are no objects', () => {
    expect(read({ RecoveryKeys: null, Config: 7, Marbles: [], Packages: 'x', Secrets: null })).to.include({
      recoveryThreshold: 0,
      sealMode: 'ProductKey',
    });
  });
});
