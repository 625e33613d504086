import { expect } from 'chai';
import { readClients } from '../../../hooks/core/clients.ts';

const uniqueId = '6B'.repeat(32);
const rest = { ProductID: 3, SecurityVersion: 2 };
const policy = (id: string, securityVersion: number) => [
  { name: 'a', policy: { uniqueId: id.toLowerCase(), securityVersion } },
];
const pinned = policy(uniqueId, 0);
const free = policy('', 2);

const read: [string, unknown, unknown][] = [
  [
    'the text of an era file',
    [{ name: 'a', era: JSON.stringify({ UniqueID: uniqueId, ...rest }) }],
    policy(uniqueId, 2),
  ],
  ['an era file as a map', [{ name: 'a', era: { UniqueID: uniqueId } }], pinned],
  ['the keys themselves', [{ name: 'a', UniqueID: uniqueId }], pinned],
  ['keys in any case, as Go does', [{ name: 'a', era: { uniqueid: uniqueId } }], pinned],
  ['an empty UniqueID as none', [{ name: 'a', UniqueID: '', SignerID: '43'.repeat(32), ...rest }], free],
  [
    'a policy without a signer',
    [{ name: 'a', era: null, ...rest, AcceptedAdvisories: [], Nonce: null }],
    free,
  ],
  ['no clients', undefined, []],
];

const broken: [string, unknown, RegExp][] = [
  ['text that is not JSON', [{ name: 'a', era: '-----BEGIN PRIVATE KEY-----' }], /^its era is not JSON$/],
  ['JSON that is no map', [{ name: 'a', era: '[]' }], /no map/],
  ['an era of another kind', [{ name: 'a', era: 7 }], /neither text nor a map/],
  ['a key of no era file', [{ name: 'a', era: '{"UniqeID": ""}' }], /^UniqeID is no key/],
  ['a number as text', [{ name: 'a', ProductID: '3' }], /its ProductID is no whole number/],
  [
    'a list as text',
    [{ name: 'a', era: { AcceptedTCBStatuses: 'UpToDate' } }],
    /AcceptedTCBStatuses is no list/,
  ],
  ['a version below 0', [{ name: 'a', SecurityVersion: -1 }], /its SecurityVersion is no whole number/],
  ['a signer that is none', [{ name: 'a', SignerID: 'me', ...rest }], /its SignerID is not 64/],
  ['an id that is none', [{ name: 'a', UniqueID: 'latest' }], /64 hexadecimal digits/],
  ['both an era and a key', [{ name: 'a', era: '{}', UniqueID: uniqueId }], /both era and UniqueID/],
  ['a policy that MarbleRun refuses', [{ name: 'a', SecurityVersion: 3 }], /neither UniqueID nor ProductID/],
  ['nothing but a name', [{ name: 'a' }], /neither UniqueID nor/],
  ['a client without a name', [7], /no map/],
  ['no list', 'alice', /no list/],
];

describe('readClients', () => {
  for (const [title, value, expected] of read) {
    it(`reads ${title}`, () => {
      expect(readClients(value)).to.deep.equal(expected);
    });
  }

  for (const [title, value, problem] of broken) {
    it(`says what is wrong with ${title}`, () => {
      const [client] = readClients(value);
      expect(client).to.have.property('problem').that.matches(problem);
      expect(JSON.stringify(client)).to.not.contain('PRIVATE');
    });
  }

  it('names a client without a name by its place', () => {
    expect(readClients([{ name: 'a', ...rest }, { UniqueID: '' }])[1]).to.include({ name: 'clients[1]' });
  });
});
