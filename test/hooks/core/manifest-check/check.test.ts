import { expect } from 'chai';
import { checkManifest } from '../../../../hooks/core/manifest-check/check.ts';
import type { ManifestFinding } from '../../../../hooks/core/manifest-check/findings.ts';
import { inForceOf, raisedBy } from '../../../../hooks/core/manifest-check/in-force.ts';

const yaml = `
Packages:
  backend:
    SignerID: ${'0a'.repeat(32)}
    ProductID: 1
    SecurityVersion: 2
Marbles:
  web:
    Package: backnd
    Parameters:
      Env:
        PORT: 8080
        "my var": x
      Enviroment: {}
RecoveryKey: {}
`;

function found(text: string, code: string, version = 'v1.9.1'): ManifestFinding | undefined {
  return checkManifest(text, version).findings.find((finding) => finding.code === code);
}

describe('checkManifest', () => {
  it('says where a mistake stands, what it is and what to do', () => {
    expect(found(yaml.replace('8080', '"8080"'), 'package-undefined')).to.deep.equal({
      code: 'package-undefined',
      severity: 'block',
      path: 'Marbles.web.Package',
      line: 9,
      column: 14,
      message: 'The Marble web names the Package backnd, which is not among Packages.',
      remedy: 'Did you mean backend?',
    });
  });

  it('takes what could not be read for a mistake, and judges nothing that hangs on it', () => {
    const { findings } = checkManifest(yaml, 'v1.9.1');
    const [wrong, ...others] = findings.filter(({ severity }) => severity === 'block');
    expect(wrong).to.include({
      code: 'wrong-type',
      path: 'Marbles.web.Parameters.Env.PORT',
      line: 12,
      column: 15,
    });
    expect(wrong?.remedy).to.equal('Write it in quotes.');
    expect(others).to.deep.equal([]);
  });

  const keys: [string, string, string][] = [
    ['RecoveryKey: {}', 'RecoveryKey', 'Did you mean RecoveryKeys?'],
    ['SealMode: x', 'SealMode', 'Did you mean Config.SealMode?'],
    ['Admins: {}', 'Admins', 'Since v0.4.0 it is Users, with Roles.'],
    ['Clients: {}', 'Clients', 'It is gone since v0.5.0. Remove it.'],
    ['Port: 1', 'Port', 'Did you mean TLS.<name>.Outgoing[].Port or TLS.<name>.Incoming[].Port?'],
    ['Marbles: {web: {Parameters: {Enviroment: {}}}}', 'Marbles.web.Parameters.Enviroment', 'Remove it'],
    ['Marbles: {web: {Parameter: {}}}', 'Marbles.web.Parameter', 'Did you mean Marbles.web.Parameters?'],
  ];
  for (const [text, path, remedy] of keys) {
    it(`finds ${path} in "${text}", and says what may be meant`, () => {
      const finding = found(text, 'unknown-key');
      expect(finding).to.include({ path, severity: 'warn' });
      expect(finding?.remedy).to.contain(remedy);
    });
  }

  it('lets editors find the schema', () => {
    expect(found('{"$schema": "manifest.schema.json"}', 'unknown-key')).to.equal(undefined);
  });

  it('puts what is missing where it would have to be', () => {
    const text = '{"Packages": {"a": {"SignerID": "x"}},\n "Marbles": {"m": {"Package": "a"}}}';
    expect(found(text, 'package-incomplete')).to.include({ path: 'Packages.a', line: 1, column: 15 });
    expect(found('{\n"Marbles": {}}', 'section-empty')).to.include({ line: 1, column: 1 });
  });

  it('shows no text of the Manifest that may be a secret', () => {
    const secret = 'hunter2';
    const text = JSON.stringify({
      RecoveryKeys: { alice: secret },
      Marbles: { web: { Parameters: { Env: { A: { Data: secret, Encoding: 'hex' } }, Argv: secret } } },
      Secrets: { a: { Private: secret } },
      Users: { bob: { Certificate: secret } },
    });
    expect(JSON.stringify(checkManifest(text, 'v1.9.1'))).to.not.contain(secret);
  });

  const older: [string, string, string][] = [
    ['Config: {RecoveryThreshold: 2}', 'v1.8.0', 'Config.RecoveryThreshold'],
    ['Config: {UpdateThreshold: 2}', 'v1.6.0', 'Config.UpdateThreshold'],
    ['Marbles: {a: {DisableSecretBinding: true}}', 'v1.5.0', 'Marbles.a.DisableSecretBinding'],
    ['Packages: {a: {AcceptedAdvisories: [x]}}', 'v1.5.0', 'Packages.a.AcceptedAdvisories'],
  ];
  for (const [text, version, path] of older) {
    it(`says that Coordinator ${version} ignores ${path}, and a newer one does not`, () => {
      expect(found(text, 'ignored-by-version', version)).to.include({ path });
      expect(found(text, 'ignored-by-version')).to.equal(undefined);
    });
  }
});

describe('The Manifest in force', () => {
  it('is undefined when it cannot be read', () => {
    for (const manifest of ['{', '[]', '{"Packages": 1}']) {
      expect(inForceOf({ manifest, updateLog: [] })).to.equal(undefined);
    }
  });

  const raise = (name: string, version: number) =>
    JSON.stringify({ update: 'SecurityVersion increased', package: name, 'new version': version });

  it('has the SecurityVersions that updates have raised since, which it does not show', () => {
    const log = [
      JSON.stringify({ update: 'Initial manifest set' }),
      raise('a', 2),
      raise('b', 7),
      raise('a', 3),
    ];
    expect(raisedBy(log)).to.deep.equal(
      new Map([
        ['a', 3n],
        ['b', 7n],
      ]),
    );
  });

  it('forgets them when it is replaced as a whole', () => {
    const whole = JSON.stringify({ update: 'Complete Manifest updated', manifestFingerprint: 'x' });
    expect(raisedBy([raise('a', 2), whole, raise('b', 3), 'no line of JSON', 'null'])).to.deep.equal(
      new Map([['b', 3n]]),
    );
  });
});
