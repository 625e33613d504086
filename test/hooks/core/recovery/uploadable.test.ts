import { verify } from 'node:crypto';
import { expect } from 'chai';
import { match, type Given } from '../../../../hooks/core/recovery/uploadable.ts';
import { encryptedFor, party } from './parties.ts';

const alice = party('alice');
const bob = party('bob');
const stranger = party('stranger');
const names = new Map([alice, bob].map(({ name, key }) => [key.digest, name]));
const share = Buffer.alloc(33, 1);
const otherShare = Buffer.alloc(33, 2);
const nothing: Given = { secrets: [], keys: [], signatures: [], uploads: [] };

describe('what can be uploaded', () => {
  it('is each secret that a key opens, signed with it, under the name of its party', () => {
    const secrets = [encryptedFor(alice, share), encryptedFor(bob, otherShare)];
    const { uploads, problems } = match({ ...nothing, secrets, keys: [bob.key, alice.key] }, names);
    expect(problems).to.deep.equal([]);
    expect(uploads.map(({ file, party, secret, plain }) => ({ file, party, secret, plain }))).to.deep.equal([
      { file: 'alice.enc', party: 'alice', secret: share, plain: true },
      { file: 'bob.enc', party: 'bob', secret: otherShare, plain: true },
    ]);
    const [first, second] = uploads;
    expect(verify('sha256', share, alice.publicKey, first?.signature ?? Buffer.of())).to.equal(true);
    expect(verify('sha256', otherShare, bob.publicKey, second?.signature ?? Buffer.of())).to.equal(true);
  });

  it('is a party’s own secret out of the file with those of all', () => {
    const secrets = [alice, bob].map((each) => ({
      ...encryptedFor(each, share, 'recovery.json'),
      party: each.name,
    }));
    const { uploads, problems } = match({ ...nothing, secrets, keys: [bob.key] }, new Map());
    expect(problems).to.deep.equal([]);
    expect(uploads.map(({ party }) => party)).to.deep.equal(['bob']);
  });

  it('is a secret in plain, signed with the key that opened none', () => {
    const secrets = [encryptedFor(alice, share), { file: 'plain', party: undefined, bytes: otherShare }];
    const { uploads, problems } = match({ ...nothing, secrets, keys: [bob.key, alice.key] }, names);
    expect(problems).to.deep.equal([]);
    const second = uploads[1];
    expect(second).to.include({ file: 'plain', party: 'bob', plain: true });
    expect(verify('sha256', otherShare, bob.publicKey, second?.signature ?? Buffer.of())).to.equal(true);
  });

  it('is a secret in plain without a signature, which is for the Coordinator to judge', () => {
    const secrets = [{ file: 'plain', party: undefined, bytes: share }];
    const { uploads, problems } = match({ ...nothing, secrets }, names);
    expect(problems).to.deep.equal([]);
    expect(uploads).to.deep.equal([
      { file: 'plain', party: undefined, secret: share, plain: true, signature: undefined },
    ]);
  });

  it('is a secret with a signature that was made elsewhere, in plain or encrypted for the Coordinator', () => {
    const sealed = Buffer.alloc(512, 3);
    const secrets = [
      { file: 'plain', party: undefined, bytes: share },
      { file: 'sealed', party: undefined, bytes: sealed },
    ];
    const signatures = [
      { file: 'plain.sig', bytes: Buffer.of(1) },
      { file: 'sealed.sig', bytes: Buffer.of(2) },
    ];
    const { uploads, problems } = match({ ...nothing, secrets, signatures }, names);
    expect(problems).to.deep.equal([]);
    expect(uploads.map(({ plain, signature }) => ({ plain, signature }))).to.deep.equal([
      { plain: true, signature: Buffer.of(1) },
      { plain: false, signature: Buffer.of(2) },
    ]);
  });

  it('is what a party has handed out as an upload', () => {
    const upload = { file: 'upload.json', secret: Buffer.alloc(512), signature: Buffer.of(1) };
    const { uploads, problems } = match({ ...nothing, uploads: [upload] }, names);
    expect(problems).to.deep.equal([]);
    expect(uploads).to.deep.equal([{ ...upload, party: undefined, plain: false }]);
  });
});

describe('what cannot be uploaded', () => {
  /** Title, what is given, what is said. */
  const cases: [string, Partial<Given>, string[]][] = [
    [
      'an encrypted secret without a key',
      { secrets: [encryptedFor(alice, share)] },
      ['alice.enc is encrypted: give the private key of its RecoveryKey with --key'],
    ],
    [
      'a secret and a key that do not belong together',
      { secrets: [encryptedFor(alice, share)], keys: [stranger.key] },
      [
        'alice.enc opens with none of the keys (stranger.pem): give that of its RecoveryKey with --key',
        'stranger.pem is the key of none of the secrets: give its secret with --secret',
      ],
    ],
    [
      'a signature of nothing',
      {
        secrets: [encryptedFor(alice, share)],
        keys: [alice.key],
        signatures: [{ file: 'x.sig', bytes: share }],
      },
      ['x.sig is the signature of none of the secrets: give that with --secret'],
    ],
  ];
  for (const [title, given, problems] of cases) {
    it(`is ${title}`, () => {
      expect(match({ ...nothing, ...given }, names).problems).to.deep.equal(problems);
    });
  }
});
