import { expect } from 'chai';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copySealedState } from '../../../hooks/commands/copy-sealed-state.ts';
import { sha256 } from '../../../hooks/core/backup/copy.ts';
import { readOutcome } from '../../../hooks/core/backup/outcome.ts';
import type { Secret } from '../../../hooks/core/objects.ts';
import { paths } from '../../../hooks/io/paths.ts';
import { bytes, sealedKey } from '../backups.ts';
import { manifestFingerprint, namespace } from '../builders.ts';
import { MemoryCluster } from '../memory-cluster.ts';
import { rejection } from '../rejection.ts';
import { session, type TestSession } from '../session.ts';

const path = (number: number) => paths.secret(namespace, `marblerun-coordinator-backup-${number}`);

describe('copy-sealed-state', () => {
  let sealDir: string;
  let given: TestSession;
  beforeEach(async () => {
    sealDir = await mkdtemp(join(tmpdir(), 'backup-'));
    given = session({ cluster: new MemoryCluster() });
    await put('sealed_data', 'the sealed state');
    await put('sealed_key', sealedKey());
  });
  afterEach(() => rm(sealDir, { recursive: true }));

  const put = async (name: string, content: string | Uint8Array) => {
    await writeFile(join(sealDir, name), content);
  };
  const run = async (change: { simulation?: boolean; copies?: number } = {}) => {
    const code = await copySealedState({
      ...given,
      namespace,
      sealDir,
      copies: 2,
      node: 'sgx-1',
      coordinatorVersion: 'v1.9.1',
      manifestFingerprint,
      simulation: false,
      ...change,
    });
    const outcome = readOutcome(given.terminations.at(-1) ?? '');
    if (outcome === undefined) throw new Error('the pod says nothing');
    return { code, outcome };
  };
  const secret = (number: number) => given.cluster.objects.get(path(number)) as unknown as Secret | undefined;
  const text = (encoded = '') => Buffer.from(encoded, 'base64').toString('utf8');

  it('copies the state and its sealed key, with a note of what it is', async () => {
    const { code, outcome } = await run();
    expect(code).to.equal(0);
    expect(outcome).to.deep.equal({
      schemaVersion: 1,
      result: 'made',
      secret: 'marblerun-coordinator-backup-1',
      dataBytes: 16,
      dataSha256: sha256(bytes('the sealed state')),
      key: 'copied',
      foreign: [],
    });
    const { data, metadata } = secret(1) ?? {};
    expect(text(data?.sealed_data)).to.equal('the sealed state');
    expect(Buffer.from(data?.sealed_key ?? '', 'base64').equals(sealedKey())).to.equal(true);
    expect(JSON.parse(text(data?.['backup.json']))).to.deep.equal({
      schemaVersion: 1,
      time: '2026-11-24T12:00:00.100Z',
      coordinatorVersion: 'v1.9.1',
      node: 'sgx-1',
      dataSha256: sha256(bytes('the sealed state')),
      keySha256: sha256(sealedKey()),
      manifestFingerprint,
    });
    expect(metadata?.annotations).to.deep.equal({
      'marblerun-hooks/backup-time': '2026-11-24T12:00:00.100Z',
      'marblerun-hooks/coordinator-version': 'v1.9.1',
      'marblerun-hooks/node': 'sgx-1',
    });
  });

  it('writes nothing a second time, and the next state beside the first', async () => {
    await run();
    expect((await run()).outcome).to.include({
      result: 'unchanged',
      secret: 'marblerun-coordinator-backup-1',
    });
    expect(given.cluster.writes).to.have.length(1);
    await put('sealed_data', 'another state');
    expect((await run()).outcome).to.include({ result: 'made', secret: 'marblerun-coordinator-backup-2' });
    await put('sealed_data', 'a third state');
    expect((await run()).outcome).to.include({ result: 'made', secret: 'marblerun-coordinator-backup-1' });
    expect(text(secret(1)?.data?.sealed_data)).to.equal('a third state');
  });

  it('never copies a bare key, nor one of a simulation', async () => {
    expect((await run({ simulation: true })).outcome).to.include({ result: 'made', key: 'left-out' });
    expect(secret(1)?.data).to.have.keys('sealed_data', 'backup.json');
    const bare = new Uint8Array(32).fill(65);
    await put('sealed_key', bare);
    await put('sealed_data', 'another state');
    expect((await run()).outcome).to.include({ result: 'made', key: 'left-out' });
    expect(secret(2)?.data).to.have.keys('sealed_data', 'backup.json');
    expect(JSON.stringify([...given.cluster.objects.values()])).to.not.contain(sha256(bare));
  });

  it('copies the state of a Coordinator in Recovery, which may have no key', async () => {
    await rm(join(sealDir, 'sealed_key'));
    expect((await run()).outcome).to.include({ result: 'made', key: 'missing' });
  });

  it('overwrites a copy whole, and only if nobody has changed it since', async () => {
    await run({ copies: 1 });
    Object.assign(secret(1)?.metadata ?? {}, { resourceVersion: '48213' });
    await put('sealed_data', 'another state');
    await rm(join(sealDir, 'sealed_key'));
    expect((await run({ copies: 1 })).outcome).to.include({ result: 'made', key: 'missing' });
    expect(secret(1)?.data).to.have.keys('sealed_data', 'backup.json');
    expect(given.cluster.writes.at(-1)?.body).to.have.nested.property('metadata.resourceVersion', '48213');
    expect((await run({ copies: 1 })).outcome).to.include({ result: 'unchanged' });
  });

  it('finds nothing to copy where nothing is sealed', async () => {
    await rm(join(sealDir, 'sealed_data'));
    const { code, outcome } = await run();
    expect(code).to.equal(0);
    expect(outcome).to.deep.equal({ schemaVersion: 1, result: 'nothing', foreign: [] });
    expect(given.cluster.writes).to.deep.equal([]);
  });

  it('leaves what is not its own alone, and says so', async () => {
    given.cluster.put(path(1), { metadata: { name: 'x' }, data: { password: 'aHVudGVyMg==' } });
    expect((await run()).outcome).to.deep.include({
      result: 'made',
      foreign: ['marblerun-coordinator-backup-1'],
    });
    expect(secret(1)?.data).to.deep.equal({ password: 'aHVudGVyMg==' });
    const { code, outcome } = await run({ copies: 1 });
    expect(code).to.equal(3);
    expect(outcome.why).to.contain('none of the Secrets for it may be overwritten');
  });

  it('says when the state is too large for a Secret', async () => {
    await put('sealed_data', new Uint8Array(1024 * 1024));
    const { code, outcome } = await run();
    expect(code).to.equal(3);
    expect(outcome.result).to.equal('failed');
    expect(outcome.why).to.match(/^it has 10\d{5} bytes, and a Secret holds no more than 1044480$/);
    expect(given.cluster.writes).to.deep.equal([]);
  });

  it('says which right is missing', async () => {
    const message = 'secrets "marblerun-coordinator-backup-1" is forbidden';
    given.cluster.refusals.push({ verb: 'patch', path: /secrets/, error: { kind: 'forbidden', message } });
    const { code, outcome } = await run();
    expect(code).to.equal(3);
    expect(outcome).to.deep.equal({ schemaVersion: 1, result: 'failed', foreign: [], why: message });
  });

  it('leaves an error of its own to its caller', async () => {
    given.cluster.patch = () => Promise.reject(new TypeError('x is not a function'));
    expect(await rejection(run())).to.be.instanceOf(TypeError);
  });

  it('says nothing of what it copies but its size and sum', async () => {
    await run();
    const said = JSON.stringify([given.results, given.terminations, given.progress]);
    for (const secret of ['the sealed state', Buffer.from('the sealed state').toString('base64')]) {
      expect(said).to.not.contain(secret);
    }
  });
});
