import { Ajv } from 'ajv';
import { expect } from 'chai';
import { backup } from '../../../hooks/commands/backup.ts';
import { restore, type RestoreTools } from '../../../hooks/commands/restore.ts';
import type { BackupOutcome } from '../../../hooks/core/backup/outcome.ts';
import type { CopyList } from '../../../hooks/core/backup/list.ts';
import type { RestoreOutcome } from '../../../hooks/core/restore/outcome.ts';
import { paths } from '../../../hooks/io/paths.ts';
import backupSchema from '../../../schemas/backup.schema.json' with { type: 'json' };
import restoreSchema from '../../../schemas/restore.schema.json' with { type: 'json' };
import { copy, made, sealedKey } from '../backups.ts';
import { coordinator, manifestFingerprint, namespace } from '../builders.ts';
import { byHand, endedWith, putCopy, type ByHand } from '../by-hand.ts';
import { jobPath, lostVolume } from '../lost-volume.ts';

const ajv = new Ajv({ allErrors: true });
const fits = {
  backup: ajv.compile<BackupOutcome | CopyList>(backupSchema),
  restore: ajv.compile<RestoreOutcome>(restoreSchema),
};
const podPath = paths.pod(namespace, 'marblerun-coordinator-backup-by-hand');

describe('restore --output json', () => {
  async function outcome(given: ByHand, more: Partial<RestoreTools> = {}): Promise<RestoreOutcome> {
    const wish = { copy: '', replace: false };
    await restore({ ...given, wish, confirm: undefined, yes: true, driver: '', format: 'json', ...more });
    const data: unknown = JSON.parse(given.results[0] ?? '');
    if (!fits.restore(data)) throw new Error(ajv.errorsText(fits.restore.errors));
    return data;
  }

  it('tells of a copy that is back which one it is, what was done and what the Coordinator came up in', async () => {
    const { lines, ...data } = await outcome(lostVolume());
    expect(data).to.deep.equal({
      schemaVersion: 1,
      result: 'restored',
      secret: 'marblerun-coordinator-backup-2',
      state: 1,
      done: [
        'stopped the Coordinator',
        'had the copy in secret/marblerun-coordinator-backup-2 put onto the volume',
        'started the Coordinator',
      ],
    });
    expect(lines[0]).to.equal('Restored it.');
  });

  it('tells what a person has to do first, and that nothing was done', async () => {
    const given = lostVolume();
    given.answer = coordinator();
    const { lines, ...data } = await outcome(given);
    expect(data).to.deep.equal({ schemaVersion: 1, result: 'refused', done: [] });
    expect(lines.at(-1)).to.equal('Nothing was changed.');
  });

  it('tells of a Job that found another state that it was refused, and that the Coordinator runs', async () => {
    const data = await outcome(lostVolume({ said: 'The volume holds another sealed state.', code: 1 }));
    expect(data).to.deep.include({ result: 'refused', state: 1 });
    expect(data.done.at(-1)).to.equal('started the Coordinator');
  });

  it('tells of one that ended midway what was done by then', async () => {
    const failed = await outcome(lostVolume({ said: 'killed', code: 137 }));
    expect(failed).to.deep.include({ result: 'unfinished', done: ['stopped the Coordinator'] });
    const stopped = lostVolume();
    stopped.cluster.refusals.push({
      ...{ verb: 'get', path: new RegExp(`${jobPath}$`) },
      error: { kind: 'unreachable', message: 'no route to host' },
    });
    expect(await outcome(stopped)).to.deep.include({ result: 'unfinished' });
  });

  it('tells of a missing right that it failed', async () => {
    const given = lostVolume();
    given.cluster.denied.add('create jobs');
    expect(await outcome(given)).to.deep.include({ result: 'failed', done: [] });
  });
});

describe('backup --output json', () => {
  async function data(given: ByHand, list = false): Promise<BackupOutcome | CopyList> {
    await backup({ ...given, list, format: 'json' });
    const said: unknown = JSON.parse(given.results[0] ?? '');
    if (!fits.backup(said)) throw new Error(ajv.errorsText(fits.backup.errors));
    return said;
  }

  it('tells what the pod said', async () => {
    const given = byHand();
    given.cluster.afterWrite = ({ verb }) => {
      if (verb === 'create')
        Object.assign(given.cluster.objects.get(podPath) ?? {}, { status: endedWith(JSON.stringify(made)) });
    };
    expect(await data(given)).to.deep.equal(made);
  });

  it('tells why there is no copy', async () => {
    const given = byHand();
    given.answer = coordinator((object) => (object.state = 2));
    expect(await data(given)).to.include({ result: 'failed' });
  });

  it('lists the copies, also where it is not known under which Manifest', async () => {
    const given = byHand();
    const known = copy('old', '2026-11-01T12:00:00.000Z', sealedKey());
    known.note.manifestFingerprint = manifestFingerprint;
    putCopy(given.cluster, 1, known);
    putCopy(given.cluster, 2, copy('new', '2026-11-02T12:00:00.000Z'));
    const listed = await data(given, true);
    expect('copies' in listed && listed.copies.map(({ sameManifest }) => sameManifest)).to.deep.equal([
      undefined,
      true,
    ]);
  });
});
