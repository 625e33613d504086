import { expect } from 'chai';
import type { Deployment } from '../../../hooks/core/objects.ts';
import { findMarbles, restartMarble } from '../../../hooks/io/marbles.ts';
import { paths } from '../../../hooks/io/paths.ts';
import { marble, namespace } from '../builders.ts';
import { putMarble, putRevision } from '../marbles.ts';
import { MemoryCluster, type Refuse } from '../memory-cluster.ts';
import { rejection } from '../rejection.ts';
import { argoRollout, daemonSet, podOf, statefulSet } from '../workloads.ts';

const everywhere = { namespaces: [], mesh: namespace };
const argo = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: 'canary' };

/** One workload of every kind, and two things that are none. */
function everyKind(): MemoryCluster {
  const cluster = new MemoryCluster();
  putMarble(cluster, marble('web'));
  putRevision(cluster, 'StatefulSet', statefulSet());
  putRevision(cluster, 'DaemonSet', daemonSet());
  const rollout = argoRollout();
  cluster.put(paths.workload({ kind: 'Rollout', namespace: 'shop', name: 'canary' }), rollout);
  cluster.put(`${paths.replicaSets('shop')}/canary-6d5`, {
    metadata: { ...podOf(argo, 'canary-6d5').metadata },
  });
  const job = { apiVersion: 'batch/v1', kind: 'Job', name: 'import' };
  for (const pod of [podOf(undefined, 'tool'), podOf(job, 'import-x')]) {
    cluster.put(paths.pod('shop', pod.metadata.name), pod);
  }
  return cluster;
}

/** Counts the requests for paths, by method. */
function counted(cluster: MemoryCluster): { get: string[]; list: string[] } {
  const requests = { get: [] as string[], list: [] as string[] };
  const get = cluster.get.bind(cluster);
  const list = cluster.list.bind(cluster);
  cluster.get = (path) => (requests.get.push(path), get(path)) as never;
  cluster.list = (path, ...rest) => (requests.list.push(path), list(path, ...rest));
  return requests;
}

async function namesIn(cluster: MemoryCluster, namespaces: string[] = []): Promise<string[]> {
  const { workloads } = await findMarbles(cluster, { ...everywhere, namespaces });
  return workloads.map(({ kind, name }) => `${kind} ${name}`);
}

describe('findMarbles', () => {
  it('finds the workloads of every kind, and what is none', async () => {
    const found = await findMarbles(everyKind(), everywhere);
    expect(found.workloads.map(({ kind, name }) => `${kind} ${name}`)).to.deep.equal([
      'Deployment web',
      'StatefulSet db',
      'DaemonSet agent',
      'Rollout canary',
    ]);
    expect(found.loose.map(({ subject }) => subject)).to.deep.equal([
      'job/import in shop',
      'pod/tool in shop',
    ]);
    expect(found.unknown).to.deep.equal([]);
  });

  it('finds nothing where there is nothing, in three lists', async () => {
    const cluster = new MemoryCluster();
    const requests = counted(cluster);
    expect(await findMarbles(cluster, everywhere)).to.deep.equal({ workloads: [], loose: [], unknown: [] });
    expect(requests.list).to.have.length(3);
    expect(requests.get).to.deep.equal([]);
  });

  it('finds a workload once that has several revisions, in order of names', async () => {
    const cluster = new MemoryCluster();
    putMarble(cluster, marble('web'));
    putMarble(cluster, marble('web'), { suffix: 'older' });
    putMarble(cluster, marble('api'));
    expect(await namesIn(cluster)).to.deep.equal(['Deployment api', 'Deployment web']);
  });

  it('leaves out what is a Marble no longer, and what is gone', async () => {
    const cluster = new MemoryCluster();
    putMarble(
      cluster,
      marble('former', ({ spec }) => (spec.template.metadata = { labels: {} })),
    );
    putMarble(cluster, marble('gone'));
    cluster.objects.delete(paths.deployment('shop', 'gone'));
    expect(await namesIn(cluster)).to.deep.equal([]);
  });

  it('leaves out a workload that owns a ReplicaSet without controlling it', async () => {
    const cluster = new MemoryCluster();
    putMarble(cluster, marble('web'));
    const owner = cluster.objects.get(`${paths.replicaSets('shop')}/web-5d`)?.metadata.ownerReferences?.[0];
    Object.assign(owner ?? {}, { controller: false });
    expect(await namesIn(cluster)).to.deep.equal([]);
  });

  it('takes the Coordinator’s address from a pod that the injector has told it', async () => {
    const cluster = new MemoryCluster();
    for (const [name, address] of [
      ['ours', 'coordinator-mesh-api.marblerun:2001'],
      ['others', 'coordinator-mesh-api.elsewhere:2001'],
      ['unclear', '10.0.0.7:2001'],
    ] as const) {
      putMarble(cluster, marble(name));
      const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${name}-5d` };
      const env = [{ name: 'EDG_MARBLE_COORDINATOR_ADDR', value: address }];
      cluster.put(
        paths.pod('shop', `${name}-x`),
        podOf(owner, `${name}-x`, ({ spec }) => (spec.containers = [{ name: 'main', env }])),
      );
    }
    const { workloads } = await findMarbles(cluster, everywhere);
    expect(workloads.map(({ name, strangeAddress }) => [name, strangeAddress])).to.deep.equal([
      ['ours', undefined],
      ['unclear', '10.0.0.7:2001'],
    ]);
  });

  it('does not count pods that have ended', async () => {
    const cluster = new MemoryCluster();
    const ended = podOf(undefined, 'tool', ({ status }) =>
      Object.assign(status ?? {}, { phase: 'Succeeded' }),
    );
    cluster.put(paths.pod('shop', 'tool'), ended);
    expect((await findMarbles(cluster, everywhere)).loose).to.deep.equal([]);
  });

  it('looks only into the namespaces that are named, and into each once', async () => {
    const cluster = everyKind();
    putMarble(
      cluster,
      marble('other', ({ metadata }) => (metadata.namespace = 'elsewhere')),
    );
    const requests = counted(cluster);
    expect(await namesIn(cluster, ['elsewhere', 'elsewhere'])).to.deep.equal(['Deployment other']);
    expect(requests.list).to.have.length(3);
    expect(await namesIn(cluster, ['empty'])).to.deep.equal([]);
  });

  describe('with many workloads', () => {
    const many = (count: number, namespaces: number): MemoryCluster => {
      const cluster = new MemoryCluster();
      for (let index = 0; index < count; index++) {
        putMarble(
          cluster,
          marble(`web-${index}`, ({ metadata }) => (metadata.namespace = `shop-${index % namespaces}`)),
        );
      }
      return cluster;
    };

    /** Workloads, namespaces, requests for them. */
    const sizes: [number, number, { get: number; list: number }][] = [
      [20, 20, { get: 20, list: 0 }],
      [21, 1, { get: 0, list: 1 }],
      [1000, 5, { get: 0, list: 5 }],
      [1000, 200, { get: 0, list: 1 }],
    ];
    for (const [count, namespaces, expected] of sizes) {
      it(`reads ${count} in ${namespaces} namespaces by ${expected.get} reads and ${expected.list} lists`, async () => {
        const cluster = many(count, namespaces);
        const requests = counted(cluster);
        expect(await namesIn(cluster)).to.have.length(count);
        expect(requests.get).to.have.length(expected.get);
        expect(requests.list).to.have.length(3 + expected.list);
      });
    }

    it('keeps to the namespaces that are named, however many', async () => {
      const cluster = many(60, 30);
      const requests = counted(cluster);
      const named = Array.from({ length: 25 }, (_, index) => `shop-${index}`);
      expect(await namesIn(cluster, named)).to.have.length(50);
      expect(requests.list.every((path) => path.includes('/namespaces/'))).to.equal(true);
    });
  });

  describe('without a right', () => {
    const forbid = (verb: Refuse['verb'], path: RegExp): Refuse => {
      return { verb, path, error: { kind: 'forbidden', message: `${verb} ${path.source} is forbidden` } };
    };
    /** What is forbidden, what is found still. */
    const rights: [Refuse, string[]][] = [
      [forbid('list', /replicasets/), ['StatefulSet db', 'DaemonSet agent']],
      [forbid('list', /pods/), ['Deployment web', 'StatefulSet db', 'DaemonSet agent', 'Rollout canary']],
      [forbid('get', /statefulsets/), ['Deployment web', 'DaemonSet agent', 'Rollout canary']],
      [forbid('get', /rollouts/), ['Deployment web', 'StatefulSet db', 'DaemonSet agent']],
    ];
    for (const [refusal, expected] of rights) {
      it(`finds the rest where ${refusal.error.message}, and says so once`, async () => {
        const cluster = everyKind();
        cluster.refusals.push(refusal);
        const found = await findMarbles(cluster, everywhere);
        expect(found.workloads.map(({ kind, name }) => `${kind} ${name}`)).to.deep.equal(expected);
        expect(found.unknown).to.deep.equal([refusal.error.message]);
      });
    }

    it('finds what other namespaces hold', async () => {
      const cluster = everyKind();
      cluster.refusals.push(forbid('list', /elsewhere/));
      const found = await findMarbles(cluster, { ...everywhere, namespaces: ['elsewhere', 'shop'] });
      expect(found.workloads).to.have.length(4);
      expect(found.unknown).to.have.length(1);
    });

    it('hands on an API server that cannot be reached', async () => {
      const cluster = everyKind();
      const error = { kind: 'unreachable' as const, message: 'cannot be reached' };
      cluster.refusals.push({ verb: 'list', path: /controllerrevisions/, error });
      expect((await rejection(findMarbles(cluster, everywhere))).message).to.equal('cannot be reached');
    });
  });

  it('finds no Argo Rollouts where their API is gone', async () => {
    const cluster = everyKind();
    const error = { kind: 'not-found' as const, message: 'no such API' };
    cluster.refusals.push({ verb: 'get', path: /rollouts/, error });
    const found = await findMarbles(cluster, everywhere);
    expect(found.workloads.map(({ kind }) => kind)).to.not.include('Rollout');
    expect(found.unknown).to.deep.equal([]);
  });
});

describe('restartMarble', () => {
  const web = { kind: 'Deployment', namespace: 'shop', name: 'web' } as const;

  it('sets one annotation of the pod template, and the same key again changes nothing', async () => {
    const cluster = new MemoryCluster();
    putMarble(cluster, marble('web'));
    const first = await restartMarble(cluster, web, 'key');
    const again = await restartMarble(cluster, web, 'key');
    expect(first.metadata.generation).to.equal(4);
    expect(again.metadata.generation).to.equal(4);
    const { spec } = cluster.objects.get(paths.workload(web)) as unknown as Deployment;
    expect(spec.template.metadata).to.deep.equal({
      labels: { app: 'web', 'marblerun/marbletype': 'frontend' },
      annotations: { 'marblerun-hooks/started-under': 'key' },
    });
  });

  for (const [kind, path] of [
    ['StatefulSet', '/apis/apps/v1/namespaces/shop/statefulsets/db'],
    ['DaemonSet', '/apis/apps/v1/namespaces/shop/daemonsets/db'],
    ['Rollout', '/apis/argoproj.io/v1alpha1/namespaces/shop/rollouts/db'],
  ] as const) {
    it(`asks the API of the kind for a ${kind}`, async () => {
      const cluster = new MemoryCluster().put(path, statefulSet());
      await restartMarble(cluster, { kind, namespace: 'shop', name: 'db' }, 'key');
      expect(cluster.writes.map((write) => write.path)).to.deep.equal([path]);
    });
  }
});
