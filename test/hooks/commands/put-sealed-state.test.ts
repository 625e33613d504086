import { expect } from 'chai';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { putBack } from '../../../hooks/commands/put-sealed-state.ts';
import type { SealedCopy } from '../../../hooks/core/backup/copy.ts';
import { bytes, copy, sealedKey } from '../backups.ts';
import { session, type TestSession } from '../session.ts';

const first = 'marblerun-coordinator-backup-1';
const second = 'marblerun-coordinator-backup-2';

describe('put-sealed-state', () => {
  let folder: string;
  let given: TestSession;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'restore-'));
    given = session();
    await mount(first, copy('older state', '2026-11-23T08:00:00.000Z'));
    await mount(second, copy('newer state', '2026-11-24T08:00:00.000Z', sealedKey()));
    // Kubernetes keeps what it mounts behind links to such a folder.
    await mkdir(join(folder, 'backups', '..2026_11_24'));
    await mkdir(join(folder, 'seal'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const mount = async (name: string, { note, data, key }: SealedCopy) => {
    const files = { 'backup.json': JSON.stringify(note), sealed_data: data, sealed_key: key };
    await mkdir(join(folder, 'backups', name), { recursive: true });
    for (const [file, content] of Object.entries(files)) {
      if (content !== undefined) await writeFile(join(folder, 'backups', name, file), content);
    }
  };
  const sealed = async () => {
    const names = (await readdir(join(folder, 'seal'))).toSorted();
    const entries = names.map(async (name) => [name, await readFile(join(folder, 'seal', name))]);
    return Object.fromEntries(await Promise.all(entries)) as Record<string, Buffer>;
  };
  const seal = async (name: string, text: string) => {
    await writeFile(join(folder, 'seal', name), text);
  };
  const run = async (options: { copy?: string; replace?: boolean; sealDir?: string } = {}) => {
    const where = { from: join(folder, 'backups'), sealDir: join(folder, 'seal') };
    const code = await putBack({ ...given, ...where, copy: '', replace: false, ...options });
    return { code, said: given.terminations.at(-1) ?? '' };
  };

  it('puts the newest copy onto an empty volume, readable for its owner only', async () => {
    const { code, said } = await run();
    expect(code, said).to.equal(0);
    expect(await sealed()).to.deep.equal({
      sealed_data: Buffer.from('newer state'),
      sealed_key: Buffer.from(sealedKey()),
    });
    expect((await stat(join(folder, 'seal', 'sealed_data'))).mode & 0o777).to.equal(0o600);
    expect(said).to.contain(`secret/${second} (2026-11-24T08:00:00.000Z, Coordinator v1.9.1`);
    expect(said).to.contain('on the CPU of sgx-1');
    expect(given.results).to.deep.equal(given.terminations);
  });

  it('makes the seal directory where the volume has none', async () => {
    expect((await run({ sealDir: join(folder, 'new', 'seal') })).code).to.equal(0);
    expect(await readdir(join(folder, 'new', 'seal'))).to.have.members(['sealed_data', 'sealed_key']);
  });

  it('puts the copy that is named, and says that one without a key has to be recovered', async () => {
    const { code, said } = await run({ copy: first });
    expect(code).to.equal(0);
    expect(await sealed()).to.deep.equal({ sealed_data: Buffer.from('older state') });
    expect(said).to.contain('The copy has no key').and.to.contain('recovery secrets');
  });

  it('leaves another state on the volume alone, and says how to replace it', async () => {
    await seal('sealed_data', 'living state');
    const { code, said } = await run();
    expect(code).to.equal(1);
    expect(said)
      .to.contain('another sealed state')
      .and.to.contain('REPLACE=yes')
      .and.to.contain('Nothing was changed.');
    expect(await sealed()).to.deep.equal({ sealed_data: Buffer.from('living state') });
  });

  it('keeps the other state beside the copy when it is told to replace it', async () => {
    await seal('sealed_data', 'living state');
    await seal('sealed_key', 'living key');
    const { code, said } = await run({ copy: first, replace: true });
    expect(code).to.equal(0);
    expect(await sealed()).to.deep.equal({
      sealed_data: Buffer.from('older state'),
      'sealed_data.before-restore-20261124T120000Z': Buffer.from('living state'),
      'sealed_key.before-restore-20261124T120000Z': Buffer.from('living key'),
    });
    expect(said).to.contain('sealed_key.before-restore-20261124T120000Z and sealed_data.before-restore-');
  });

  it('does nothing when it runs again', async () => {
    await run();
    const before = await sealed();
    const { code, said } = await run();
    expect(code).to.equal(0);
    expect(said).to.contain('holds the copy').and.to.contain('already');
    expect(await sealed()).to.deep.equal(before);
  });

  it('completes a restore that was killed between the files', async () => {
    await seal('sealed_key', 'old key');
    await seal('sealed_data.restoring', 'newer st');
    expect((await run()).code).to.equal(0);
    expect(await sealed()).to.deep.equal({
      sealed_data: Buffer.from('newer state'),
      sealed_key: Buffer.from(sealedKey()),
      'sealed_key.before-restore-20261124T120000Z': Buffer.from('old key'),
    });
  });

  it('takes no copy that is not whole, and names those that are', async () => {
    await writeFile(join(folder, 'backups', second, 'sealed_data'), 'newer stat');
    const named = await run({ copy: second });
    expect(named.code).to.equal(1);
    expect(named.said)
      .to.contain(`There is no copy in secret/${second}.`)
      .and.to.contain(`Copies are in ${first}.`);
    const newest = await run();
    expect(newest.said).to.contain(`secret/${first}`);
  });

  it('says that there is no copy at all', async () => {
    await rm(join(folder, 'backups'), { recursive: true });
    await mkdir(join(folder, 'backups'));
    const { code, said } = await run();
    expect(code).to.equal(1);
    expect(said).to.equal('There is no copy of a sealed state.\nNothing was changed.');
  });

  it('says why it cannot write', async () => {
    await writeFile(join(folder, 'file'), '');
    const { code, said } = await run({ sealDir: join(folder, 'file', 'seal') });
    expect(code).to.equal(3);
    expect(said).to.match(/^The sealed state was not restored: ENOTDIR/);
  });

  it('says nothing of what it restores but its sum', async () => {
    const { said } = await run();
    expect(said).to.not.contain('newer state');
    expect(said).to.not.contain(Buffer.from(bytes('newer state')).toString('base64'));
  });
});
