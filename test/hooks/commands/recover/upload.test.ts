import { expect } from 'chai';
import { uploadAll } from '../../../../hooks/commands/recover/upload.ts';
import type { Uploadable } from '../../../../hooks/core/recovery/uploadable.ts';
import type { RecoveryApi, RecoveryUpload } from '../../../../hooks/io/recovery-api.ts';

const upload = (party: string): Uploadable => ({
  file: 'recovery.json',
  party,
  secret: Buffer.alloc(16, 1),
  plain: true,
  signature: Buffer.of(1),
});

describe('uploadAll', () => {
  it('sends a secret as it is to a Coordinator that has no key for it', async () => {
    const sent: RecoveryUpload[] = [];
    const api: RecoveryApi = {
      ephemeralKey: () => Promise.resolve(undefined),
      upload: (one) => Promise.resolve({ taken: true, remaining: sent.push(one) - 1 }),
    };
    const lines: string[] = [];
    const done = await uploadAll(api, [upload('alice')], new AbortController().signal, {
      step: (line) => lines.push(line),
      progress: (line) => lines.push(line),
    });
    expect(sent).to.deep.equal([{ secret: Buffer.alloc(16, 1), signature: Buffer.of(1) }]);
    expect(done.remaining).to.equal(0);
    expect(lines).to.deep.equal([
      'Asking the Coordinator for its key',
      'Uploading the secret of alice (recovery.json)',
      'The Coordinator took the secret of alice (recovery.json).',
    ]);
  });

  it('ends when it is stopped, and keeps what was taken by then', async () => {
    const stop = new AbortController();
    const api: RecoveryApi = {
      ephemeralKey: () => Promise.resolve(undefined),
      upload: (_one, signal) => {
        if (signal.aborted) return Promise.reject(signal.reason as Error);
        stop.abort(new Error('stopped by SIGINT'));
        return Promise.resolve({ taken: true, remaining: 2 });
      },
    };
    const parties = ['alice', 'bob', 'carol'].map(upload);
    const silent = { step: () => undefined, progress: () => undefined };
    const done = await uploadAll(api, parties, stop.signal, silent);
    expect(done.taken.map(({ party }) => party)).to.deep.equal(['alice']);
    expect(done).to.deep.include({ remaining: 2, broken: 'stopped by SIGINT', unanswered: parties[1] });
  });
});
