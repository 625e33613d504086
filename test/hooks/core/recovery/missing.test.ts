import { expect } from 'chai';
import { known, unknown, type Known } from '../../../../hooks/core/known.ts';
import { missingParties, recoveryObstacle } from '../../../../hooks/core/recovery/missing.ts';
import type { Uploads } from '../../../../hooks/core/recovery/uploads.ts';
import type { RecoveryKeys } from '../../../../hooks/core/record.ts';

const three = { parties: 3, threshold: 3 };
const twoOfThree = { parties: 3, threshold: 2 };
const only = 'the recovery secret of its only party is missing';

/** Title, version, keys, uploads, what is said. */
const cases: [string, string, RecoveryKeys | undefined, Known<Uploads>, string][] = [
  ['a version that knows one party only', 'v1.8.0', undefined, unknown('it was not asked'), only],
  ['a Manifest with one party', 'v1.9.1', { parties: 1, threshold: 1 }, unknown('it was not asked'), only],
  ['nothing uploaded', 'v1.9.1', three, known('none'), 'all 3 parties are needed, 3 are missing'],
  ['two of three uploaded', 'v1.9.1', three, known(1), 'all 3 parties are needed, 1 is missing'],
  ['a threshold', 'v1.9.1', twoOfThree, known('none'), '2 of 3 parties are needed, 2 are missing'],
  ['one upload under a threshold', 'v1.9.1', twoOfThree, known(2), '2 of 3 parties are needed, 1 is missing'],
  ['more uploads than needed', 'v1.9.1', twoOfThree, known(0), '2 of 3 parties are needed, 0 are missing'],
  [
    'a log that may not be read',
    'v1.9.1',
    three,
    unknown('pods/log is forbidden'),
    'all 3 parties are needed; how many are missing is not known: pods/log is forbidden',
  ],
  [
    'a Coordinator that cannot count',
    'v1.9.1',
    three,
    known('uncountable'),
    'all 3 parties are needed; how many are missing is not known: the Coordinator has lost the data that it counts with',
  ],
  [
    'no record and no upload',
    'v1.9.1',
    undefined,
    known('none'),
    'how many parties are missing is not known: no record tells of the RecoveryKeys',
  ],
  [
    'no record and an upload',
    'v1.9.1',
    undefined,
    known(2),
    "by its own count 2 of the parties' secrets remain; with a RecoveryThreshold fewer are needed",
  ],
];

describe('missingParties', () => {
  for (const [title, version, keys, uploads, expected] of cases) {
    it(`tells how many are missing with ${title}`, () => {
      expect(missingParties(version, keys, uploads)).to.equal(expected);
    });
  }
});

describe('recoveryObstacle', () => {
  it('says that nobody can recover a Manifest without RecoveryKeys', () => {
    expect(recoveryObstacle('v1.9.1', { parties: 0, threshold: 0 })).to.contain('nobody can recover it');
  });

  it('says that an older version cannot put the secrets of several parties together', () => {
    expect(recoveryObstacle('v1.8.0', three)).to.contain('go back to v1.9.0 or later');
  });

  for (const [version, keys] of [
    ['v1.9.1', three],
    ['v1.8.0', { parties: 1, threshold: 1 }],
    ['v1.8.0', undefined],
  ] as const) {
    it(`finds none for ${version} with ${keys?.parties ?? 'unknown'} parties`, () => {
      expect(recoveryObstacle(version, keys)).to.equal(undefined);
    });
  }
});
