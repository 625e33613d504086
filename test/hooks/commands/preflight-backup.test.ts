import { expect } from 'chai';
import { preflight } from '../../../hooks/commands/preflight.ts';
import type { Deployment, Pod } from '../../../hooks/core/objects.ts';
import { ClusterError } from '../../../hooks/io/cluster-error.ts';
import { paths } from '../../../hooks/io/paths.ts';
import { backupTemplate, made, sealingSpec } from '../backups.ts';
import { claim } from '../claims.ts';
import { coordinatorName, namespace, pod } from '../builders.ts';
import { commandsOf } from '../commands.ts';
import type { MemoryCluster } from '../memory-cluster.ts';
import { fromPlainChart } from '../plain-chart.ts';
import { rejection } from '../rejection.ts';
import { session, type SessionOptions, type TestSession } from '../session.ts';

const podsPath = paths.pods(namespace);
const podPath = paths.pod(namespace, 'marblerun-coordinator-backup');
const claimPath = paths.claim(namespace, 'coordinator-pv-claim');

describe('preflight with backup.enabled', () => {
  it('has the state copied by a pod that is gone afterwards', async () => {
    const given = withBackup();
    end(given.cluster, { phase: 'Succeeded', ...said(JSON.stringify(made)) });
    expect(await preflight(given)).to.equal(0);
    expect(commandsOf(given.cluster)).to.deep.equal([`create ${podsPath}`, `delete ${podPath}`]);
    expect(given.report().actions).to.deep.equal([
      'copied the sealed state into secret/marblerun-coordinator-backup-1',
    ]);
    expect(codes(given)).to.deep.equal(['backup-made']);
    const { spec } = given.cluster.writes[0]?.body as Pod;
    expect(spec.containers[0]?.args).to.include.members([
      '--node',
      'sgx-1',
      '--coordinator-version',
      'v1.8.0',
    ]);
  });

  it('says nothing of a state that is copied already, but tells that it looked', async () => {
    const given = withBackup();
    end(given.cluster, { phase: 'Succeeded', ...said(JSON.stringify({ ...made, result: 'unchanged' })) });
    await preflight(given);
    expect(codes(given)).to.deep.equal([]);
    expect(given.report().actions[0]).to.contain('copied already');
  });

  it('does the rest beside it: baseline, pin, strategy, image', async () => {
    const given = withBackup(fromPlainChart());
    end(given.cluster, { phase: 'Succeeded', ...said(JSON.stringify(made)) });
    const { afterWrite } = given.cluster;
    given.cluster.afterWrite = (write) => {
      const pin = given.cluster.objects.get(paths.pod(namespace, 'marblerun-coordinator-pin')) as
        Pod | undefined;
      if (pin !== undefined) Object.assign(pin, { status: { phase: 'Running' } });
      afterWrite(write);
    };
    expect(await preflight(given)).to.equal(0);
    expect(codes(given)).to.deep.equal(['backup-made', 'node-held', 'strategy-switched', 'image-taken-back']);
  });

  it('makes none when a check blocks', async () => {
    const given = withBackup();
    Object.assign(given.cluster.objects.get(paths.node('sgx-1'))?.spec ?? {}, { unschedulable: true });
    expect(await preflight(given)).to.equal(1);
    expect(given.cluster.changes()).to.deep.equal([]);
  });

  const obstacles: [string, (given: TestSession) => void, RegExp][] = [
    [
      'the pod may not be made',
      ({ cluster }) => {
        const message =
          'pods "x" is forbidden: violates PodSecurity "restricted:latest": runAsNonRoot != true';
        cluster.refusals.push({ verb: 'create', path: /pods/, error: { kind: 'forbidden', message } });
      },
      /violates PodSecurity/,
    ],
    [
      'the claim allows one pod only',
      ({ cluster, files }) => {
        files.settings.claim = {};
        cluster.put(
          claimPath,
          claim(({ spec }) => (spec.accessModes = ['ReadWriteOncePod'])),
        );
      },
      /is ReadWriteOncePod/,
    ],
    [
      'the image cannot be pulled',
      ({ cluster }) => {
        const waiting = { reason: 'ErrImagePull', message: 'not found' };
        const containerStatuses = [
          { name: 'marblerun-hooks', ready: false, restartCount: 0, state: { waiting } },
        ];
        end(cluster, { phase: 'Pending', containerStatuses });
      },
      /did not end within 60 s \(pod\/marblerun-coordinator-backup: container marblerun-hooks waits: ErrImagePull/,
    ],
    [
      'the pod says why it could not',
      ({ cluster }) => {
        const outcome = { schemaVersion: 1, result: 'failed', why: 'it is too large', foreign: [] };
        end(cluster, { phase: 'Failed', ...said(JSON.stringify(outcome)) });
      },
      /it is too large/,
    ],
    [
      'the pod is killed',
      ({ cluster }) => {
        end(cluster, { phase: 'Failed' });
      },
      /without saying what it did: phase Failed/,
    ],
    [
      'somebody deletes the pod',
      ({ cluster, clock }) => {
        end(cluster, { phase: 'Pending' });
        const sleep = clock.sleep.bind(clock);
        clock.sleep = async (...time) => {
          cluster.objects.delete(podPath);
          await sleep(...time);
        };
      },
      /somebody deleted the pod/,
    ],
    ['the chart gave no pod', ({ files }) => delete files.backup, /gave no pod/],
  ];
  for (const [title, arrange, why] of obstacles) {
    it(`goes on with a warning when ${title}`, async () => {
      const given = withBackup();
      arrange(given);
      expect(await preflight(given)).to.equal(0);
      expect(codes(given)).to.deep.equal(['backup-skipped']);
      expect(given.report().findings[0]?.message).to.match(why);
      expect(given.cluster.objects.has(podPath)).to.equal(false);
    });
  }

  it('takes a third of the hook’s time at most', async () => {
    const given = withBackup({ deadlineSeconds: 30, settings: ({ hooks }) => (hooks.deadlineSeconds = 30) });
    end(given.cluster, { phase: 'Pending' });
    const start = given.clock.now();
    expect(await preflight(given)).to.equal(0);
    expect(given.report().findings[0]?.message).to.contain('did not end within 10 s');
    expect(given.clock.now() - start).to.be.within(10_000, 11_000);
  });

  it('replaces the pod that a killed hook has left', async () => {
    const given = withBackup();
    given.cluster.put(podPath, { ...backupTemplate(), status: { phase: 'Running' } });
    end(given.cluster, { phase: 'Succeeded', ...said(JSON.stringify(made)) });
    expect(await preflight(given)).to.equal(0);
    expect(commandsOf(given.cluster)).to.deep.equal([
      `delete ${podPath}`,
      `create ${podsPath}`,
      `delete ${podPath}`,
    ]);
  });

  it('waits for one that is on its way out', async () => {
    const given = withBackup();
    const leaving = backupTemplate();
    leaving.metadata.deletionTimestamp = '2026-11-24T12:00:00Z';
    given.cluster.put(podPath, leaving);
    end(given.cluster, { phase: 'Succeeded', ...said(JSON.stringify(made)) });
    const sleep = given.clock.sleep.bind(given.clock);
    given.clock.sleep = async (...time) => {
      const found = given.cluster.objects.get(podPath);
      if (found?.metadata.deletionTimestamp !== undefined) given.cluster.objects.delete(podPath);
      await sleep(...time);
    };
    expect(await preflight(given)).to.equal(0);
    expect(commandsOf(given.cluster)).to.deep.equal([`create ${podsPath}`, `delete ${podPath}`]);
  });

  it('removes the pod when the hook is stopped, and does not take that for a pass', async () => {
    const given = withBackup();
    end(given.cluster, { phase: 'Pending' });
    given.clock.sleep = async () => {
      given.clock.deadline.abort(new Error('stopped by SIGTERM'));
      await Promise.reject(new Error('stopped'));
    };
    expect((await rejection(preflight(given))).message).to.contain('stopped by SIGTERM');
    expect(given.cluster.objects.has(podPath)).to.equal(false);
  });

  it('does not take a lost API server for a pass', async () => {
    const given = withBackup();
    given.cluster.create = () => {
      given.clock.deadline.abort(new Error('the time is up'));
      return Promise.reject(new ClusterError({ kind: 'unreachable', message: 'POST: cannot be reached' }));
    };
    expect((await rejection(preflight(given))).message).to.equal('POST: cannot be reached');
  });

  it('says when the pod is left over', async () => {
    const given = withBackup();
    end(given.cluster, { phase: 'Succeeded', ...said(JSON.stringify(made)) });
    const error = { kind: 'forbidden' as const, message: 'pods is forbidden' };
    given.cluster.refusals.push({ verb: 'delete', path: /pods/, error });
    expect(await preflight(given)).to.equal(0);
    expect(given.progress).to.include(`${podPath} is left over: pods is forbidden`);
  });
});

function withBackup(options: SessionOptions = {}): TestSession {
  const given = session({
    ...options,
    settings: (settings) => {
      settings.backup.enabled = true;
      options.settings?.(settings);
    },
  });
  given.files.backup = backupTemplate();
  given.cluster.put(claimPath, claim());
  const running = pod().metadata.name;
  Object.assign(given.cluster.objects.get(paths.pod(namespace, running)) ?? {}, {
    spec: { nodeName: 'sgx-1', ...sealingSpec() },
  });
  const live = given.cluster.objects.get(
    paths.deployment(namespace, coordinatorName),
  ) as unknown as Deployment;
  live.spec.template.spec = sealingSpec();
  const [sealing] = sealingSpec().containers;
  for (const container of given.files.deployment.spec.template.spec.containers) {
    Object.assign(container, { env: sealing?.env, volumeMounts: sealing?.volumeMounts });
  }
  return given;
}

/** Plays the kubelet: what becomes of the pod once it is made. */
function end(cluster: MemoryCluster, status: NonNullable<Pod['status']>): void {
  cluster.afterWrite = ({ verb, path }) => {
    const pod = cluster.objects.get(podPath);
    if (verb === 'create' && path === podsPath && pod !== undefined) pod.status = status;
  };
}

function said(message: string): object {
  const terminated = { exitCode: 0, reason: 'Completed', message };
  return {
    containerStatuses: [{ name: 'marblerun-hooks', ready: false, restartCount: 0, state: { terminated } }],
  };
}

function codes(given: TestSession): string[] {
  return given.report().findings.map(({ code }) => code);
}
