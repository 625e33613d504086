import { expect } from 'chai';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSealedState, SealDirError } from '../../../../hooks/io/backup/seal-dir.ts';
import { rejection } from '../../rejection.ts';
import { TestClock } from '../../test-clock.ts';

describe('readSealedState', () => {
  let folder: string;
  let clock: TestClock;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'seal-dir-'));
    clock = new TestClock();
  });
  afterEach(() => rm(folder, { recursive: true }));

  const put = async (name: string, text: string) => {
    await writeFile(join(folder, name), text);
  };
  /** Does something between two looks. */
  const meanwhile = (change: (look: number) => Promise<void>) => {
    const sleep = clock.sleep.bind(clock);
    let look = 0;
    clock.sleep = async (...time) => {
      await change(look++);
      await sleep(...time);
    };
  };
  const read = async () => {
    const files = await readSealedState(folder, clock);
    const text = (bytes?: Uint8Array) => (bytes === undefined ? undefined : new TextDecoder().decode(bytes));
    return files === undefined ? undefined : [text(files.data), text(files.key)];
  };

  it('reads data and key', async () => {
    await put('sealed_data', 'data');
    await put('sealed_key', 'key');
    expect(await read()).to.deep.equal(['data', 'key']);
  });

  it('reads data without a key, as a Coordinator in Recovery may have it', async () => {
    await put('sealed_data', 'data');
    expect(await read()).to.deep.equal(['data', undefined]);
  });

  it('finds nothing in a folder without sealed data, with an empty file, or that is not there', async () => {
    expect(await read()).to.equal(undefined);
    await put('sealed_data', '');
    expect(await read()).to.equal(undefined);
    folder = join(folder, 'none');
    await mkdir(folder);
    expect(await readSealedState(join(folder, 'deeper'), clock)).to.equal(undefined);
  });

  it('takes data and key of one moment only, however long they change', async () => {
    await put('sealed_data', 'data 1');
    await put('sealed_key', 'key 1');
    meanwhile(async (look) => {
      if (look === 0) await put('sealed_data', 'data 2');
      if (look === 1) await put('sealed_key', 'key 2');
    });
    expect(await read()).to.deep.equal(['data 2', 'key 2']);
  });

  it('waits for a file that is being replaced', async () => {
    meanwhile(async (look) => {
      if (look === 0) await put('sealed_data', 'data');
    });
    expect(await read()).to.deep.equal(['data', undefined]);
  });

  it('gives up on files that never come to rest', async () => {
    meanwhile((look) => put('sealed_data', `data ${look}`));
    const error = await rejection(readSealedState(folder, clock));
    expect(error).to.be.instanceOf(SealDirError);
    expect(error.message).to.contain('kept changing for 2 s');
  });

  it('says what cannot be read', async () => {
    await mkdir(join(folder, 'sealed_data'));
    const error = await rejection(readSealedState(folder, clock));
    expect(error.message).to.match(/sealed_data cannot be read: EISDIR/);
  });
});
