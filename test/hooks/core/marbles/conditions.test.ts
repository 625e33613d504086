import { expect } from 'chai';
import {
  isKeyOf,
  startConditions,
  startKey,
  startKeyOfPod,
  type StartConditions,
} from '../../../../hooks/core/marbles/conditions.ts';
import { coordinator } from '../../builders.ts';
import { key, now } from './now.ts';

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

describe('isKeyOf', () => {
  it('knows a key with a pod and one without, and no other', () => {
    expect(isKeyOf(key, now)).to.equal(true);
    expect(isKeyOf(startKeyOfPod(now, 'pod-1'), now)).to.equal(true);
    expect(isKeyOf(startKey({ ...now, nonce: '1' }), now)).to.equal(false);
  });
});
