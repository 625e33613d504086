import { expect } from 'chai';
import { uploadsIn, type Uploads } from '../../../../hooks/core/recovery/uploads.ts';

/** Lines as Coordinator v1.9.1 wrote them in a pod. */
const called =
  '{"level":"info","ts":1764099133.4,"caller":"clientapi/recovery.go:84","msg":"Recover called"}';
const status =
  '{"level":"info","ts":1764099133.4,"caller":"clientapi/clientapi.go:267","msg":"GetStatus called"}';
const remaining = (count: number) =>
  `{"level":"info","ts":1764099133.4,"caller":"clientapi/recovery.go:108","msg":"Recover: recovery incomplete, more keys needed","remaining":${count}}`;
const failed = (why: string) =>
  `{"level":"error","ts":1764099133.4,"caller":"clientapi/recovery.go:92","msg":"Recover failed","error":"${why}","stacktrace":"github.com"}`;
const lost = `{"level":"warn","msg":"Recovery data not available and provided secret couldn't decrypt the ciphertext. Assuming multi-party recovery. Please provide more secrets."}`;
const development =
  '2026-11-25T20:00:01.000Z\tINFO\tclientapi/recovery.go:108\tRecover: recovery incomplete, more keys needed\t{"remaining": 4}';
const refused = 'setting recovery key: uploaded an invalid or already used secret';

/** Title, lines, what was known before, what is known then. */
const cases: [string, string[], Uploads, Uploads][] = [
  ['none in a log without a recovery', [status, status], 'none', 'none'],
  ['the count of the last upload', [called, remaining(2), status, called, remaining(1)], 'none', 1],
  ['what was known where nothing is new', [status], 2, 2],
  ['the count in the form of a developer’s log', [development], 'none', 4],
  ['no upload in a secret that was refused', [called, remaining(2), called, failed(refused)], 'none', 2],
  [
    'none again where the last step failed',
    [remaining(1), failed('loading state: no matching recovery key')],
    2,
    'none',
  ],
  ['the count of the next try after that', [failed('loading state: no'), remaining(2)], 1, 2],
  ['no count where the Coordinator cannot count', [lost, remaining(1)], 'none', 'uncountable'],
];

describe('uploadsIn', () => {
  for (const [title, lines, before, expected] of cases) {
    it(`finds ${title}`, () => {
      expect(uploadsIn(lines.join('\n'), before)).to.equal(expected);
    });
  }

  it('finds the same when it reads lines twice', () => {
    const log = [remaining(2), remaining(1)].join('\n');
    expect(uploadsIn(log, uploadsIn(log, 'none'))).to.equal(1);
  });
});
