import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CopyList } from '../../hooks/core/backup/list.ts';
import type { Pod, Secret } from '../../hooks/core/objects.ts';
import { copiesOf, tracesOf, volumeOf, watchPods, type PodWatch } from './backups.ts';
import { documentedCommands, runDocumented } from './documented-commands.ts';
import { succeeded } from './begun.ts';
import { giveManifest, startMarbles } from './mesh-facts.ts';
import { kubeconfigOf, runCommand } from './own-commands.ts';
import { Release } from './release.ts';
import { afterwards, useLab } from './shared-lab.ts';

/** Each activation of such a Marble is written into the state (MarbleRun v1.9.1, coordinator/core/marbleapi.go). */
const countedMarbles = {
  Marbles: {
    backend: { Package: 'marble', MaxActivations: 100, Parameters: { Argv: ['/marble', 'serve'] } },
  },
};

/** The pods that copy. */
const copying = 'edgeless.systems/control-plane-component=coordinator-backup';

const name = (number: number): string => `marblerun-coordinator-backup-${number}`;

describe('copies of the sealed state', function () {
  this.timeout('4m');
  const lab = useLab();
  let release: Release;
  let pods: PodWatch;
  const said: string[] = [];
  const seconds: string[] = [];

  before(async () => {
    release = await Release.prepare(lab(), 4, { backups: true });
    await succeeded(release.install());
    pods = await watchPods(release);
  });
  afterwards(async () => {
    await pods.stop();
    await release.remove();
  });

  async function upgrade(): Promise<string> {
    const start = Date.now();
    const { exitCode, all } = await release.upgrade();
    seconds.push(((Date.now() - start) / 1000).toFixed(1));
    expect(exitCode, all).to.equal(0);
    said.push(all);
    return all;
  }

  /** The pod that copies, as it was after each change. */
  async function copyingPods(): Promise<Pod[]> {
    return (await pods.pods()).filter(({ metadata }) => metadata.name === 'marblerun-coordinator-backup');
  }

  async function copyByHand(): Promise<string> {
    const [make = ''] = await documentedCommands('docs/backup.md', 'Make a copy now', release);
    const all = await runDocumented(release, make);
    said.push(all);
    return all;
  }

  async function leavesNothing(): Promise<void> {
    await release.kubectl('wait', '--for=delete', 'pod', '-l', copying, '--timeout=20s');
    const kinds = 'pods,serviceaccounts,roles,rolebindings';
    expect(await release.kubectl('get', kinds, '-o', 'name')).not.to.contain('backup');
  }

  async function activateAgain(): Promise<void> {
    await release.kubectl('rollout', 'restart', 'deployment/web');
    await release.kubectl('rollout', 'status', 'deployment/web', '--timeout=90s');
  }

  it('are not made before there is a Manifest', async () => {
    expect(await upgrade()).not.to.contain('backup');
    expect(await copiesOf(release)).to.deep.equal([]);
    expect(await copyingPods()).to.deep.equal([]);
  });

  it('are made before the first upgrade of a mesh, without the bare key of a Coordinator without enclave', async () => {
    await giveManifest(release, countedMarbles);
    const sealed = await readFile(join(volumeOf(release), 'sealed_data'));
    const output = await upgrade();
    expect(output)
      .to.contain('backup-made')
      .and.to.contain(`secret/${name(1)}`);
    const [copy, ...others] = await copiesOf(release);
    expect(others).to.deep.equal([]);
    expect(copy?.metadata.name).to.equal(name(1));
    expect(Object.keys(copy?.data ?? {})).to.have.members(['backup.json', 'sealed_data']);
    expect(Buffer.from(copy?.data?.sealed_data ?? '', 'base64').equals(sealed)).to.equal(true);
    expect(copy?.metadata.annotations).to.include({
      'marblerun-hooks/coordinator-version': 'v1.9.1',
      'marblerun-hooks/node': await release.coordinatorNode(),
    });
  });

  it('are not made again while the state is the same', async () => {
    const before = await copiesOf(release);
    expect(await upgrade()).to.contain(`found the sealed state copied already, in secret/${name(1)}`);
    expect(await copiesOf(release)).to.deep.equal(before);
  });

  it('are listed by hand, and not made by hand while the state is the same', async () => {
    expect(await copyByHand()).to.contain(`copied already, in secret/${name(1)}`);
    const listed = await runCommand(release, ['backup', '--list', '--output', 'json']);
    expect(listed.exitCode, listed.all).to.equal(0);
    const node = await release.coordinatorNode();
    const { copies } = JSON.parse(listed.stdout) as CopyList;
    expect(copies).to.have.lengthOf(1);
    expect(copies[0]).to.include({ secret: name(1), node, withKey: false, sameManifest: true });
  });

  it('are not made by hand without the rights, and then nothing is left', async () => {
    const kubeconfig = await kubeconfigOf(release, 'view');
    const { exitCode, all } = await runCommand(release, ['backup'], { kubeconfig });
    expect(exitCode, all).to.equal(3);
    expect(all).to.match(/No copy is known to be made: .*cannot patch resource/);
    await leavesNothing();
  });

  it('are not made by hand by a command that is stopped, which leaves nothing but can be run again', async () => {
    const before = await copiesOf(release);
    const stopWhen = `kubectl -n ${release.namespace} get pod marblerun-coordinator-backup-by-hand`;
    const { exitCode, all } = await runCommand(release, ['backup'], { stopWhen });
    expect(exitCode, all).to.equal(143);
    expect(all).to.contain('To run it again is safe.');
    await leavesNothing();
    expect(await copiesOf(release)).to.deep.equal(before);
    expect(await copyByHand()).to.contain('copied already');
  });

  it('are made by hand after a command that was killed, whose pod and rights the next one removes', async () => {
    const pod = 'pod/marblerun-coordinator-backup-by-hand';
    const stopWhen = `kubectl -n ${release.namespace} get ${pod}`;
    const { exitCode, all } = await runCommand(release, ['backup'], { stopWhen, signal: 'KILL' });
    expect(exitCode, all).to.equal(137);
    const left = await release.kubectl('get', 'pods,serviceaccounts,roles,rolebindings', '-o', 'name');
    const ours = left.split('\n').filter((line) => line.endsWith('/marblerun-coordinator-backup-by-hand'));
    expect(ours).to.have.lengthOf(4);
    expect(await copyByHand()).to.contain('copied already');
    await leavesNothing();
  });

  it('go round the ring as the state changes, and the oldest makes way', async () => {
    // A copy that was taken out and brought back is as good as one that was never away.
    const [, , save = '', bringBack = ''] = await documentedCommands(
      'docs/backup.md',
      'Where the copies are',
      release,
    );
    await runDocumented(release, save + bringBack);
    await startMarbles(release, 'web');
    for (const number of [2, 3, 1]) {
      if (number === 3)
        expect(await copyByHand()).to.contain(`Copied the sealed state into secret/${name(3)}`);
      else expect(await upgrade()).to.contain(`copied the sealed state into secret/${name(number)}`);
      await activateAgain();
    }
    const copies = await copiesOf(release);
    const times = copies.map(({ metadata }) => metadata.annotations?.['marblerun-hooks/backup-time'] ?? '');
    expect(copies.map(({ metadata }) => metadata.name)).to.deep.equal([1, 2, 3].map(name));
    expect([1, 2, 0].map((index) => times[index])).to.deep.equal(times.toSorted());
    expect(new Set(copies.map(({ data }) => data?.sealed_data)).size).to.equal(3);
  });

  it('leave a Secret alone that somebody else filled, and say so', async () => {
    const [first] = await copiesOf(release);
    await release.kubectl('patch', 'secret', name(2), '-p', '{"data":{"sealed_data":"b3RoZXI="}}');
    const output = await upgrade();
    expect(output)
      .to.contain('backup-slot-taken')
      .and.to.contain(`delete secret ${name(2)}`);
    expect(output).to.contain(`copied the sealed state into secret/${name(3)}`);
    const now = await copiesOf(release);
    expect(now[1]?.data?.sealed_data).to.equal('b3RoZXI=');
    expect(now[0]).to.deep.equal(first);
  });

  it('put neither the key nor the state anywhere else', async () => {
    const folder = volumeOf(release);
    const traces = [
      ...tracesOf(await readFile(join(folder, 'sealed_key'))),
      ...tracesOf((await readFile(join(folder, 'sealed_data'))).subarray(64)),
      ...(await copiesOf(release)).flatMap(({ data }: Secret) =>
        tracesOf(Buffer.from(data?.sealed_data ?? '', 'base64').subarray(64)),
      ),
    ];
    const seen = JSON.stringify(await pods.pods());
    expect(seen).to.contain(JSON.stringify('"result":"made"').slice(1, -1));
    const kept = await release.kubectl('get', 'events,configmaps,pods,jobs', '-o', 'json');
    const everything = [...said, seen, kept].join('\n');
    for (const trace of traces.filter(({ length }) => length > 0)) {
      expect(everything.includes(trace), `a trace of ${trace.length} characters`).to.equal(false);
    }
  });

  it('leave no pod and no rights', async () => {
    await leavesNothing();
  });

  it('show by how much they make an upgrade longer', async () => {
    const start = Date.now();
    const { exitCode, all } = await release.upgrade({ 'backup.enabled': 'false' });
    const without = ((Date.now() - start) / 1000).toFixed(1);
    expect(exitCode, all).to.equal(0);
    console.log(`      upgrades with a copy took ${seconds.join(', ')} s, without ${without} s`);
  });
});
