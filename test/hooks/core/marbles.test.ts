import { expect } from 'chai';
import {
  coordinatorAddress,
  decideMarbles,
  meshNamespace,
  startConditions,
  startKey,
  startKeyOfPod,
  type MarbleWorkload,
  type StartConditions,
} from '../../../hooks/core/marbles.ts';
import type { PodSpec } from '../../../hooks/core/objects.ts';
import type { RolloutRecord } from '../../../hooks/core/record.ts';
import { coordinator, intermediateCertificate, record, rootCertificate } from '../builders.ts';

const now: StartConditions = {
  bootstrapping: 6,
  rootCertificate,
  intermediateCertificate,
  nonce: '',
};
const key = startKey(now);
const web: MarbleWorkload = {
  namespace: 'shop',
  name: 'web',
  type: 'frontend',
  replicas: 2,
  paused: false,
  injected: true,
};

describe('startConditions', () => {
  it('takes the bootstrapping epoch from the version and the certificates from the Coordinator', () => {
    expect(startConditions(coordinator(), 'v1.9.1', '')).to.deep.equal(now);
    expect(startConditions(coordinator(), 'v1.4.1', '').bootstrapping).to.equal(5);
  });

  it('takes the nonce as it is', () => {
    expect(startConditions(coordinator(), 'v1.9.1', '2026-11-24').nonce).to.equal('2026-11-24');
  });
});

describe('startKey', () => {
  it('is equal for equal conditions and fits into an annotation', () => {
    expect(startKey({ ...now }))
      .to.equal(key)
      .and.to.match(/^[0-9a-f]{16}$/);
  });

  it('changes with each condition', () => {
    const changes: Partial<StartConditions>[] = [
      { bootstrapping: 5 },
      { rootCertificate: 'x' },
      { intermediateCertificate: 'x' },
      { nonce: '1' },
    ];
    const keys = changes.map((change) => startKey({ ...now, ...change }));
    expect(new Set([key, ...keys]).size).to.equal(5);
  });
});

describe('startKeyOfPod', () => {
  it('is the key with a digest of the Coordinator’s pod behind it, and fits into an annotation', () => {
    const ofPod = startKeyOfPod(now, 'pod-1');
    expect(ofPod).to.match(/^[0-9a-f]{16}\.[0-9a-f]{8}$/);
    expect(ofPod.split('.')[0]).to.equal(key);
    expect(startKeyOfPod({ ...now }, 'pod-1')).to.equal(ofPod);
  });

  it('changes with the pod and with the conditions', () => {
    const keys = [
      startKeyOfPod(now, 'pod-1'),
      startKeyOfPod(now, 'pod-2'),
      startKeyOfPod({ ...now, nonce: '1' }, 'pod-1'),
    ];
    expect(new Set(keys).size).to.equal(3);
  });
});

describe('coordinatorAddress', () => {
  const variable = (value?: string) => ({
    name: 'EDG_MARBLE_COORDINATOR_ADDR',
    ...(value === undefined ? {} : { value }),
  });
  const specs: [string, PodSpec, string | undefined][] = [
    ['a container', { containers: [{ name: 'web', env: [variable('a:2001')] }] }, 'a:2001'],
    [
      'an init container',
      { containers: [{ name: 'web' }], initContainers: [{ name: 'init', env: [variable('b:2001')] }] },
      'b:2001',
    ],
    ['no container', { containers: [{ name: 'web', env: [{ name: 'OTHER', value: 'x' }] }] }, undefined],
    ['a reference instead of a value', { containers: [{ name: 'web', env: [variable()] }] }, undefined],
  ];
  for (const [title, spec, expected] of specs) {
    it(`reads ${expected ?? 'nothing'} from ${title}`, () => {
      expect(coordinatorAddress(spec)).to.equal(expected);
    });
  }
});

describe('meshNamespace', () => {
  const addresses: [string, string | undefined][] = [
    ['coordinator-mesh-api.marblerun:2001', 'marblerun'],
    ['coordinator-mesh-api.marblerun.svc.cluster.local:2001', 'marblerun'],
    ['coordinator-mesh-api.marblerun', 'marblerun'],
    ['coordinator-mesh-api:2001', 'shop'],
    ['10.0.0.7:2001', undefined],
    ['mesh.example.com:2001', undefined],
  ];
  for (const [address, expected] of addresses) {
    it(`finds ${expected ?? 'no namespace'} in ${address}`, () => {
      expect(meshNamespace(address, 'shop')).to.equal(expected);
    });
  }
});

describe('decideMarbles', () => {
  const recorded = record((r) => (r.startedUnder = 'earlier'));
  const ofPod = startKeyOfPod(now, 'pod-1');
  const decide = (
    workload: MarbleWorkload,
    mode: 'auto' | 'always' | 'never' = 'auto',
    known: RolloutRecord | undefined = recorded,
  ) => decideMarbles([workload], now, known, { mode, key: mode === 'always' ? ofPod : key })[0];

  it('keeps one that started under the same conditions', () => {
    expect(decide({ ...web, startedUnder: key })?.action).to.equal('keep');
  });

  it('restarts one that started under others', () => {
    expect(decide({ ...web, startedUnder: 'other' })?.action).to.equal('restart');
  });

  it('takes one without a key to have started under what the record says', () => {
    expect(decide(web)?.action).to.equal('restart');
    expect(decide(web, 'auto', { ...recorded, startedUnder: key })?.action).to.equal('keep');
  });

  it('keeps everything when nothing is recorded', () => {
    for (const mode of ['auto', 'never'] as const) {
      const [decision] = decideMarbles([web], now, undefined, { mode, key });
      expect(decision?.action, mode).to.equal('keep');
    }
  });

  it('restarts with rollout.restart always even when nothing is recorded', () => {
    const [decision] = decideMarbles([web], now, undefined, { mode: 'always', key: ofPod });
    expect(decision?.action).to.equal('restart');
  });

  /** What a workload started under, the mode, what becomes of it. */
  const modes: [string, string, 'auto' | 'always' | 'never', string][] = [
    ['this very pod', ofPod, 'always', 'keep'],
    ['an earlier pod', startKeyOfPod(now, 'pod-0'), 'always', 'restart'],
    ['the same conditions without a pod', key, 'always', 'restart'],
    ['an earlier pod', startKeyOfPod(now, 'pod-0'), 'auto', 'keep'],
    ['an earlier pod', startKeyOfPod(now, 'pod-0'), 'never', 'keep'],
    ['other conditions and this pod', startKeyOfPod({ ...now, nonce: '1' }, 'pod-1'), 'auto', 'restart'],
  ];
  for (const [title, before, mode, action] of modes) {
    it(`answers "${action}" with rollout.restart ${mode} to one that started under ${title}`, () => {
      expect(decide({ ...web, startedUnder: before }, mode)?.action).to.equal(action);
      expect(decide(web, mode, { ...recorded, startedUnder: before })?.action).to.equal(action);
    });
  }

  it('believes a workload’s own key more than the record', () => {
    expect(decide({ ...web, startedUnder: ofPod }, 'always')?.action).to.equal('keep');
  });

  it('leaves alone what must not be restarted, and says why', () => {
    const skipped = [
      decide({ ...web, strangeAddress: '10.0.0.7:2001' }),
      decide(web, 'never'),
      decide({ ...web, replicas: 0 }),
      decide({ ...web, paused: true }),
    ];
    expect(skipped.map((decision) => decision?.action)).to.deep.equal(['skip', 'skip', 'skip', 'skip']);
    expect(skipped.map((decision) => decision?.reason)).to.deep.equal([
      'it started under other conditions (rollout.nonce, or an earlier Coordinator), but it is not known whether 10.0.0.7:2001 is this Coordinator',
      'it started under other conditions (rollout.nonce, or an earlier Coordinator), but rollout.restart is never',
      'it is scaled to zero',
      'it started under other conditions (rollout.nonce, or an earlier Coordinator), but the Deployment is paused',
    ]);
  });

  it('names what changed', () => {
    const before = record((r) => {
      r.bootstrapping = 5;
      r.intermediateCertificate = 'old';
    });
    expect(decide(web, 'auto', before)?.reason).to.equal(
      'the Coordinator bootstraps Marbles in another way and the intermediate certificate changed',
    );
    expect(decide(web, 'always')?.reason).to.contain('rollout.restart is always');
  });
});
