import { expect } from 'chai';
import type { Pod } from '../../hooks/core/objects.ts';
import type { StatefulSet } from '../../hooks/core/objects/workloads.ts';
import { orderedReadyTrap } from '../../hooks/core/status/ordered-ready-trap.ts';
import { succeeded } from './begun.ts';
import { giveManifest } from './mesh-facts.ts';
import { Release } from './release.ts';
import { afterwards, useLab } from './shared-lab.ts';
import { barePod, endlessJob, makeRollouts, rolloutDefinition, workload, type Place } from './workloads.ts';

describe('an upgrade that restarts Marbles of every kind', function () {
  this.timeout('5m');
  const lab = useLab();
  let release: Release;
  let place: Place;
  /** What is in a namespace of its own, so that only its test looks at it. */
  let crowd: Place;

  before(async () => {
    release = await Release.prepare(lab(), 4);
    await succeeded(release.install());
    await giveManifest(release);
    await lab().apply(rolloutDefinition);
    await lab().kubectl('wait', '--for=condition=Established', 'crd/rollouts.argoproj.io', '--timeout=30s');
    const mesh = release.namespace;
    place = { namespace: `${mesh}-marbles`, mesh };
    crowd = { namespace: `${mesh}-crowd`, mesh };
    for (const { namespace } of [place, crowd]) {
      await lab().kubectl('create', 'namespace', namespace);
      await lab().kubectl(
        ...['-n', namespace, 'wait', '--for=create', 'serviceaccount/default', '--timeout=30s'],
      );
    }
  });
  afterwards(async () => {
    await lab().kubectl('delete', 'namespace', place.namespace, crowd.namespace);
    await lab().kubectl('delete', 'crd', 'rollouts.argoproj.io');
    await release.remove();
  });

  async function upgraded(nonce: string, { namespace }: Place): Promise<string> {
    const settings = { 'rollout.nonce': nonce, 'rollout.namespaces[0]': namespace };
    const all = await succeeded(release.upgrade(settings));
    return all;
  }

  /** Uids of the pods by name, or by workload where names change: equal before and after means not replaced. */
  async function pods(): Promise<Map<string, string>> {
    const { items } = await lab().get<{ items: Pod[] }>('pods', '-n', place.namespace);
    const present = items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    return new Map(
      present.map(({ metadata, spec }) => {
        const app = metadata.labels?.app ?? '';
        const ordinal = /^db-\d$/.exec(metadata.name)?.[0];
        const node = app === 'agent' ? `agent on ${spec.nodeName ?? ''}` : undefined;
        return [ordinal ?? node ?? app, metadata.uid ?? ''];
      }),
    );
  }

  async function makeOneOfEach(): Promise<void> {
    const { namespace } = place;
    await lab().kubectl('-n', namespace, 'create', 'configmap', 'orders');
    const { metadata } = await lab().get<{ metadata: { uid: string } }>(
      'configmap',
      'orders',
      '-n',
      namespace,
    );
    const operator = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      name: 'orders',
      uid: metadata.uid,
      controller: true,
    };
    const partition = { type: 'RollingUpdate', rollingUpdate: { partition: 2 } };
    await lab().apply(
      workload('Deployment', 'web', place, { real: true, annotations: { 'marblerun-hooks/wave': 'last' } }),
      workload('StatefulSet', 'db', place, {
        real: true,
        spec: { replicas: 3, podManagementPolicy: 'Parallel', updateStrategy: partition },
      }),
      workload('DaemonSet', 'agent', place, { real: true }),
      workload('StatefulSet', 'manual', place, { spec: { updateStrategy: { type: 'OnDelete' } } }),
      workload('Deployment', 'idle', place, { spec: { replicas: 0 } }),
      workload('StatefulSet', 'orders', place, { ownerReferences: [operator] }),
      workload('Deployment', 'kept', place, { annotations: { 'marblerun-hooks/restart': 'never' } }),
      workload('Deployment', 'held', place),
      barePod('tool', place),
      endlessJob('import', place),
    );
    await makeRollouts(lab(), place, 1, 'canary');
    const kubectl = ['-n', namespace, 'rollout', 'status', '--timeout=120s'];
    for (const name of ['deployment/web', 'deployment/held', 'daemonset/agent']) {
      await lab().kubectl(...kubectl, name);
    }
    await lab().kubectl('-n', namespace, 'wait', '--for=condition=Ready', 'pods', '--all', '--timeout=120s');
    await lab().kubectl('-n', namespace, 'rollout', 'pause', 'deployment/held');
  }

  const leftAlone: [string, string][] = [
    ['deployment/held', 'it is paused'],
    ['statefulset/manual', 'its update strategy is OnDelete'],
    ['statefulset/orders', 'it belongs to configmap/orders, whose operator would take the change back'],
    ['deployment/kept', 'its annotation marblerun-hooks/restart is never'],
    ['deployment/idle', 'it is scaled to zero'],
    ['job/import', 'a Job runs to its end'],
    ['pod/tool', 'nothing controls the pod'],
  ];
  let report: string;
  let first: Map<string, string>;

  it('replaces the pods that may be replaced, and no other', async () => {
    await makeOneOfEach();
    first = await pods();
    report = await upgraded('one', place);
    const after = await pods();
    const replaced = [...first].filter(([name, uid]) => after.get(name) !== uid).map(([name]) => name);
    const agents = lab().nodes.map((node) => `agent on ${node}`);
    expect(replaced.sort()).to.deep.equal([...agents, 'db-2', 'web'].sort());
    expect([...after.keys()].sort()).to.deep.equal([...first.keys()].sort());
  });

  it('has asked an Argo Rollout for its roll', async () => {
    const { spec } = await lab().get<{ spec: { template: { metadata: { annotations: object } } } }>(
      ...['rollouts.argoproj.io', 'canary', '-n', place.namespace],
    );
    expect(spec.template.metadata.annotations).to.have.property('marblerun-hooks/started-under');
  });

  for (const [name, why] of leftAlone) {
    it(`says of ${name} that ${why}`, () => {
      const text = report.replaceAll(/\s+/g, ' ');
      const found = text.indexOf(`${name} in ${place.namespace}`);
      expect(found, text).to.be.greaterThan(-1);
      expect(text).to.contain(why);
    });
  }

  it('names the wave that is no integer', () => {
    expect(report).to.contain('wave-unreadable');
  });

  it('replaces nothing when it runs again', async () => {
    const known = await pods();
    await upgraded('one', place);
    expect(await pods()).to.deep.equal(known);
  });

  it('reads workloads by list where there are many of a kind', async () => {
    const names = Array.from({ length: 21 }, (_, index) => `m-${index}`);
    const none = { spec: { replicas: 0 } };
    const nowhere = { nodeSelector: { 'marblerun-hooks/none': 'here' } };
    const daemons = names.map((name) => {
      const set = workload('DaemonSet', name, crowd) as { spec: { template: { spec: object } } };
      Object.assign(set.spec.template.spec, nowhere);
      return set;
    });
    await lab().apply(
      ...names.flatMap((name) => [
        workload('Deployment', name, crowd, none),
        workload('StatefulSet', name, crowd, none),
      ]),
      ...daemons,
    );
    await makeRollouts(lab(), crowd, 0, ...names);
    const all = await upgraded('two', crowd);
    expect(all).to.match(/84 found, 0 restarted/);
    const user = /^system:serviceaccount:.*-(preflight|rollout)$/;
    const read = (await lab().audit()).filter(
      ({ user: who, object }) => user.test(who) && object?.namespace === crowd.namespace,
    );
    const asked = new Set(read.map(({ verb, object }) => `${verb} ${object?.resource ?? ''}`));
    const kinds = [
      'deployments',
      'statefulsets',
      'daemonsets',
      'rollouts',
      'replicasets',
      'controllerrevisions',
    ];
    expect([...asked].sort()).to.deep.equal([...kinds, 'pods'].map((kind) => `list ${kind}`).sort());
  });

  it('knows a StatefulSet that waits for a broken pod, and what gets it moving', async () => {
    const { namespace } = place;
    const broken = (command: string[]): object => {
      const set = workload('StatefulSet', 'trap', place) as {
        spec: { template: { spec: { containers: object[] } } };
      };
      Object.assign(set.spec.template.spec.containers[0] ?? {}, { command });
      return set;
    };
    const look = async (): Promise<ReturnType<typeof orderedReadyTrap>> => {
      const set = await lab().get<StatefulSet>('statefulset', 'trap', '-n', namespace);
      const { items } = await lab().get<{ items: Pod[] }>('pods', '-n', namespace, '-l', 'app=trap');
      return orderedReadyTrap(set, items);
    };
    const until = async (wanted: (trap: Awaited<ReturnType<typeof look>>) => boolean) => {
      for (let tries = 60; tries > 0; tries--) {
        const trap = await look();
        if (wanted(trap)) return trap;
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
      return await look();
    };
    await lab().apply(broken(['/missing']));
    expect((await until((trap) => trap !== undefined))?.message).to.contain('once its template is mended');
    await lab().apply(workload('StatefulSet', 'trap', place));
    const trap = await until((found) => found?.message.includes('older template') === true);
    expect(trap?.message).to.contain('which is of an older template');
    expect(trap?.command).to.equal(`kubectl -n ${namespace} delete pod trap-0`);
    const [, ...args] = (trap?.command ?? '').split(' ');
    await lab().kubectl(...args);
    await lab().kubectl('-n', namespace, 'rollout', 'status', 'statefulset/trap', '--timeout=60s');
    expect(await look()).to.equal(undefined);
  });
});
