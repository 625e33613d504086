import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { SettingsError } from '../../../hooks/core/settings.ts';
import { readHookFiles } from '../../../hooks/io/settings.ts';
import { deployment, pod, settings } from '../builders.ts';
import { rejection } from '../rejection.ts';

describe('readHookFiles', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hooks-'));
    await put('settings', settings());
    await put('deployment', deployment());
    await put('pin', pod());
  });
  afterEach(() => rm(folder, { recursive: true }));

  const put = async (name: string, content: unknown): Promise<void> => {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    await writeFile(join(folder, `${name}.json`), text);
  };

  it('reads the three files of the chart', async () => {
    const files = await readHookFiles(folder);
    expect(files.settings).to.deep.equal(settings());
    expect(files.deployment).to.deep.equal(deployment());
    expect(files.pin).to.deep.equal(pod());
  });

  it('reads the Job that rolls the Marbles, where there is one', async () => {
    const job = { metadata: { name: 'marblerun-coordinator-roll' } };
    await put('roll', job);
    expect((await readHookFiles(folder)).roll).to.equal(undefined);
    await put(
      'settings',
      settings(({ rollout }) => (rollout.detach = true)),
    );
    expect((await readHookFiles(folder)).roll).to.deep.equal(job);
  });

  for (const name of ['settings', 'deployment', 'pin']) {
    it(`names ${name}.json when it is not there`, async () => {
      await rm(join(folder, `${name}.json`));
      const error = await rejection(readHookFiles(folder));
      expect(error).to.be.instanceOf(SettingsError);
      expect(error.message).to.contain(`${name}.json cannot be read: ENOENT`);
    });

    it(`names ${name}.json when it is no JSON`, async () => {
      await put(name, 'schemaVersion: 1');
      const error = await rejection(readHookFiles(folder));
      expect(error).to.be.instanceOf(SettingsError);
      expect(error.message).to.contain(`${name}.json cannot be read: `);
    });
  }
});
