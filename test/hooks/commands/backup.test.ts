import { expect } from 'chai';
import { backup } from '../../../hooks/commands/backup.ts';
import { restoreName } from '../../../hooks/core/backup/restore-job.ts';
import type { CopyList } from '../../../hooks/core/backup/list.ts';
import type { Pod } from '../../../hooks/core/objects.ts';
import { paths } from '../../../hooks/io/paths.ts';
import { copy, made, sealedKey } from '../backups.ts';
import { coordinator, manifestFingerprint, namespace, node } from '../builders.ts';
import { byHand, endedWith, putCopy, type ByHand } from '../by-hand.ts';
import { claim } from '../claims.ts';
import { commandsOf } from '../commands.ts';

const name = 'marblerun-coordinator-backup-by-hand';
const podPath = paths.pod(namespace, name);
const rights = [
  paths.serviceAccount(namespace, name),
  paths.role(namespace, name),
  paths.roleBinding(namespace, name),
];

describe('backup by hand', () => {
  it('has the state copied by a pod like preflight’s, and leaves neither it nor its rights', async () => {
    const given = ending(JSON.stringify(made));
    expect(await run(given)).to.equal(0);
    expect(given.results).to.deep.equal([
      `Copied the sealed state into secret/marblerun-coordinator-backup-1 in namespace marblerun: 2917 bytes, SHA-256 ${made.dataSha256}, with its sealed key.`,
    ]);
    expect(commandsOf(given.cluster)).to.deep.equal([
      ...rights.map((path) => `patch ${path}`),
      `create ${paths.pods(namespace)}`,
      `delete ${podPath}`,
      ...rights.map((path) => `delete ${path}`),
    ]);
    const { metadata, spec } = given.cluster.writes[3]?.body as Pod;
    expect(metadata.labels).to.include({
      'edgeless.systems/control-plane-component': 'coordinator-backup',
      team: 'mesh',
    });
    expect(metadata.ownerReferences?.[0]?.kind).to.equal('Deployment');
    const [container] = spec.containers;
    expect(container?.image).to.equal('registry.example/marblerun-hooks:0.1.0');
    expect(container?.args?.join(' ')).to.equal(
      `copy-sealed-state --copies 3 --seal-dir /coordinator/data/ --node sgx-1 --coordinator-version v1.8.0 --manifest ${manifestFingerprint}`,
    );
    expect(container?.volumeMounts?.every(({ readOnly }) => readOnly)).to.equal(true);
  });

  it('may read and write the Secrets of the ring, and nothing else', async () => {
    const given = ending(JSON.stringify(made));
    await run(given);
    const ring = [1, 2, 3].map((number) => `marblerun-coordinator-backup-${number}`);
    expect(given.cluster.writes[1]?.body).to.deep.include({
      rules: [
        {
          apiGroups: [''],
          resources: ['secrets'],
          resourceNames: ring,
          verbs: ['get', 'create', 'patch'],
        },
      ],
    });
  });

  it('tolerates that its node takes no new pods', async () => {
    const given = ending(JSON.stringify(made));
    const key = 'node.kubernetes.io/unschedulable';
    given.cluster.put(
      paths.node('sgx-1'),
      node(({ spec }) => (spec.taints = [{ key, effect: 'NoSchedule' }])),
    );
    await run(given);
    const { spec } = given.cluster.writes[3]?.body as Pod;
    expect(spec.tolerations?.map((each) => each.key)).to.include(key);
  });

  const outcomes: [string, object, number, RegExp][] = [
    [
      'is copied already',
      { ...made, result: 'unchanged' },
      0,
      /^The sealed state is copied already, in secret/,
    ],
    ['is not there', { ...made, result: 'nothing' }, 1, /there is no sealed state on the volume/],
    [
      'is too large',
      { ...made, result: 'failed', why: 'it is too large' },
      3,
      /No copy was made: it is too large/,
    ],
    ['has no free Secret', { ...made, foreign: ['x'] }, 0, /secret\/x: It has a name of the ring/],
  ];
  for (const [title, outcome, code, text] of outcomes) {
    it(`ends with ${code} and says so when the state ${title}`, async () => {
      const given = ending(JSON.stringify(outcome));
      expect(await run(given)).to.equal(code);
      expect(given.results[0]).to.match(text);
      leavesNothing(given);
    });
  }

  const refusals: [string, (given: ByHand) => void, RegExp][] = [
    [
      'there is no Manifest',
      (given) => (given.answer = coordinator((c) => (c.state = 2))),
      /no Manifest yet/,
    ],
    [
      'the claim allows one pod only',
      ({ cluster }) => {
        const only = claim(({ spec }) => (spec.accessModes = ['ReadWriteOncePod']));
        cluster.put(paths.claim(namespace, 'coordinator-pv-claim'), only);
      },
      /cannot be copied: .* is ReadWriteOncePod/,
    ],
    [
      'the release does without copies',
      ({ cluster }) => cluster.objects.delete(paths.cronJob(namespace, restoreName)),
      /no cronjob\/marblerun-coordinator-restore .*\nSet backup.enabled=true/,
    ],
  ];
  for (const [title, arrange, text] of refusals) {
    it(`changes nothing when ${title}`, async () => {
      const given = byHand();
      arrange(given);
      expect(await run(given)).to.equal(1);
      expect(given.results[0]).to.match(text);
      expect(given.cluster.changes()).to.deep.equal([]);
    });
  }

  it('says which right is missing, and takes back what it could give', async () => {
    const given = ending(JSON.stringify(made));
    const error = { kind: 'forbidden' as const, message: 'roles is forbidden' };
    given.cluster.refusals.push({ verb: 'patch', path: /roles/, error });
    expect(await run(given)).to.equal(3);
    expect(given.results[0]).to.contain('No copy is known to be made: roles is forbidden.');
    leavesNothing(given);
  });

  it('leaves nothing when it is stopped, and what it cannot take away it names', async () => {
    const given = byHand();
    const error = { kind: 'forbidden' as const, message: 'serviceaccounts is forbidden' };
    given.cluster.refusals.push({ verb: 'delete', path: /serviceaccounts/, error });
    given.clock.onSleep = () => {
      given.clock.deadline.abort(new Error('stopped by SIGINT'));
    };
    await run(given);
    expect(given.results[0]).to.match(/stopped before .*stopped by SIGINT.*\nTo run it again is safe\./);
    expect(given.progress.at(-1)).to.equal(`${rights[0]} is left over: serviceaccounts is forbidden`);
    expect(given.cluster.objects.has(podPath)).to.equal(false);
  });

  it('removes what a killed one has left', async () => {
    const given = ending(JSON.stringify(made));
    for (const path of [...rights, podPath]) given.cluster.put(path, { metadata: { name, namespace } });
    expect(await run(given)).to.equal(0);
    leavesNothing(given);
  });
});

describe('backup --list', () => {
  it('shows the copies, newest first, and which were made under the Manifest in force', async () => {
    const given = byHand();
    const old = copy('old', '2026-11-01T12:00:00.000Z', sealedKey());
    old.note.manifestFingerprint = 'other';
    const last = copy('new', '2026-11-02T12:00:00.000Z');
    last.note.manifestFingerprint = manifestFingerprint;
    putCopy(given.cluster, 1, old);
    putCopy(given.cluster, 2, last);
    putCopy(given.cluster, 3, { ...last, data: old.data });
    expect(await run(given, true)).to.equal(0);
    const lines = given.results[0]?.split('\n') ?? [];
    expect(lines[1]).to.match(
      /^marblerun-coordinator-backup-2 +2026-11-02\S+ +v1.9.1 +sgx-1 +\w{12} +none +in force$/,
    );
    expect(lines[2]).to.match(/^marblerun-coordinator-backup-1 .* sealed +another$/);
    expect(lines[3]).to.equal('secret/marblerun-coordinator-backup-3 is no whole copy, and is left alone.');
    expect(given.cluster.changes()).to.deep.equal([]);
  });

  it('says that there is none', async () => {
    const given = byHand();
    expect(await run(given, true)).to.equal(0);
    expect(given.results[0]).to.equal('There is no copy of a sealed state in namespace marblerun.');
  });

  it('gives them as data', async () => {
    const given = byHand();
    putCopy(given.cluster, 1, copy('old', '2026-11-01T12:00:00.000Z'));
    await backup({ ...given, list: true, format: 'json' });
    const { copies } = JSON.parse(given.results[0] ?? '') as CopyList;
    expect(copies.map(({ secret }) => secret)).to.deep.equal(['marblerun-coordinator-backup-1']);
  });
});

async function run(given: ByHand, list = false): Promise<number> {
  return await backup({ ...given, list, format: 'text' });
}

/** Tools in whose cluster the pod ends with these words as soon as it is made. */
function ending(message: string): ByHand {
  const given = byHand();
  given.cluster.afterWrite = ({ verb, path }) => {
    const found = given.cluster.objects.get(podPath);
    if (verb === 'create' && path === paths.pods(namespace))
      Object.assign(found ?? {}, { status: endedWith(message) });
  };
  return given;
}

function leavesNothing({ cluster }: ByHand): void {
  for (const path of [...rights, podPath]) expect(cluster.objects.has(path), path).to.equal(false);
}
