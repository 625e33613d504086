import { expect } from 'chai';
import { marbleOf } from '../../../../hooks/core/marbles/read.ts';
import { marble } from '../../builders.ts';
import { argoRollout, daemonSet, statefulSet } from '../../workloads.ts';

const here = { mesh: 'marblerun' };

describe('marbleOf', () => {
  it('reads a Deployment', () => {
    const found = marbleOf(
      'Deployment',
      marble('web', ({ metadata, spec }) => {
        metadata.annotations = { 'marblerun-hooks/wave': '3', 'marblerun-hooks/restart': 'never' };
        spec.paused = true;
        spec.strategy = { type: 'Recreate' };
        Object.assign(spec.template.metadata ?? {}, {
          annotations: { 'marblerun-hooks/started-under': 'abc' },
        });
      }),
      here,
    );
    expect(found).to.deep.equal({
      kind: 'Deployment',
      namespace: 'shop',
      name: 'web',
      uid: 'uid-web',
      type: 'frontend',
      replicas: 2,
      heldBack: 0,
      podLabels: { app: 'web', 'marblerun/marbletype': 'frontend' },
      strategy: 'Recreate',
      paused: true,
      wave: 3,
      restart: 'never',
      owner: undefined,
      injected: true,
      startedUnder: 'abc',
      strangeAddress: undefined,
      status: { done: true, failed: false, message: '2 of 2 pods are available' },
    });
  });

  it('reads a StatefulSet, with what its partition holds back', () => {
    const set = statefulSet(({ spec }) => {
      spec.updateStrategy = { type: 'RollingUpdate', rollingUpdate: { partition: 1 } };
    });
    expect(marbleOf('StatefulSet', set, here)).to.deep.include({
      kind: 'StatefulSet',
      type: 'backend',
      replicas: 3,
      heldBack: 1,
      strategy: 'RollingUpdate',
    });
  });

  it('reads a DaemonSet, which has as many pods as there are nodes for it', () => {
    const set = daemonSet(({ spec }) => (spec.updateStrategy = { type: 'OnDelete' }));
    expect(marbleOf('DaemonSet', set, here)).to.deep.include({
      kind: 'DaemonSet',
      replicas: 3,
      strategy: 'OnDelete',
    });
    const nowhere = daemonSet((object) => delete object.status);
    expect(marbleOf('DaemonSet', nowhere, here)?.replicas).to.equal(0);
  });

  it('reads an Argo Rollout, and one whose template is another’s by what its pods say', () => {
    expect(marbleOf('Rollout', argoRollout(), here)).to.deep.include({ kind: 'Rollout', replicas: 3 });
    const elsewhere = argoRollout(({ spec }) => {
      delete spec.template;
      spec.workloadRef = { kind: 'Deployment', name: 'web' };
    });
    expect(marbleOf('Rollout', elsewhere, { ...here, type: 'backend' })).to.deep.include({
      type: 'backend',
      templateOf: { kind: 'Deployment', name: 'web' },
      podLabels: {},
    });
  });

  it('takes what the API server would set where nothing is said', () => {
    const set = statefulSet(({ spec }) => {
      delete spec.replicas;
      delete spec.updateStrategy;
    });
    expect(marbleOf('StatefulSet', set, here)).to.deep.include({
      replicas: 1,
      strategy: 'RollingUpdate',
      wave: 0,
    });
  });

  it('tells the object that controls it, and no other owner', () => {
    const owner = { apiVersion: 'postgresql.cnpg.io/v1', kind: 'Cluster', name: 'orders', uid: 'u' };
    const owned = (controller: boolean) =>
      marbleOf(
        'StatefulSet',
        statefulSet(({ metadata }) => (metadata.ownerReferences = [{ ...owner, controller }])),
        here,
      )?.owner;
    expect(owned(true)).to.deep.include({ kind: 'Cluster', name: 'orders' });
    expect(owned(false)).to.equal(undefined);
  });

  it('is none whose template has no label any more', () => {
    const former = marble('web', ({ spec }) => (spec.template.metadata = { labels: {} }));
    expect(marbleOf('Deployment', former, { ...here, type: 'frontend' })).to.equal(undefined);
  });

  const waves: [string, number, string | undefined][] = [
    ['0', 0, undefined],
    ['12', 12, undefined],
    ['-5', -5, undefined],
    ['+2', 2, undefined],
    ['', 0, ''],
    ['1.5', 0, '1.5'],
    ['last', 0, 'last'],
    ['1e3', 0, '1e3'],
    ['99999999999999999999', 0, '99999999999999999999'],
  ];
  for (const [text, wave, unreadable] of waves) {
    it(`takes the annotation "${text}" for wave ${wave}${unreadable === undefined ? '' : ', unreadable'}`, () => {
      const found = marbleOf(
        'Deployment',
        marble('web', ({ metadata }) => (metadata.annotations = { 'marblerun-hooks/wave': text })),
        here,
      );
      expect(found?.wave).to.equal(wave);
      expect(found?.unreadableWave).to.equal(unreadable);
    });
  }

  const at = (address: string) =>
    marble('web', ({ spec }) => {
      const env = [{ name: 'EDG_MARBLE_COORDINATOR_ADDR', value: address }];
      spec.template.spec.containers = [{ name: 'web', env }];
    });

  it('believes its template more than a pod of it', () => {
    const seen = { ...here, address: 'coordinator-mesh-api.elsewhere:2001' };
    const found = marbleOf('Deployment', at('coordinator-mesh-api.marblerun:2001'), seen);
    expect(found).to.deep.include({ injected: false, strangeAddress: undefined });
    expect(marbleOf('Deployment', marble('web'), seen)).to.equal(undefined);
  });

  it('notes an address that does not tell which Coordinator it is', () => {
    expect(marbleOf('Deployment', at('10.0.0.7:2001'), here)?.strangeAddress).to.equal('10.0.0.7:2001');
    const told = marbleOf('Deployment', marble('web'), { ...here, address: '10.0.0.7:2001' });
    expect(told).to.deep.include({ injected: true, strangeAddress: '10.0.0.7:2001' });
  });
});
