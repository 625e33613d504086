import { expect } from 'chai';
import { known, unknown } from '../../../../hooks/core/known.ts';
import { startConditions, startKey } from '../../../../hooks/core/marbles/conditions.ts';
import { noteFor } from '../../../../hooks/core/watch/note.ts';
import {
  coordinator,
  intermediateCertificate,
  manifestFingerprint,
  otherCertificate,
  record,
  rootCertificate,
} from '../../builders.ts';
import { podOn } from '../../several.ts';
import { movedTo, scene } from '../../watching.ts';

const now = new Date('2026-11-24T12:00:00Z');
const time = now.toISOString();

describe('what the watch notes in the record', () => {
  it('is the node of the same state after a move, and nothing else', () => {
    const before = record();
    expect(noteFor(movedTo('sgx-2', coordinator()), now)).to.deep.equal({
      ...before,
      time,
      coordinator: { ...before.coordinator, node: 'sgx-2' },
    });
  });

  it('is what identifies a state that the record does not know yet, and what Marbles start under', () => {
    const bare = record((object) => {
      for (const key of [
        'rootCertificate',
        'manifestFingerprint',
        'intermediateCertificate',
        'startedUnder',
        'bootstrapping',
      ] as const) {
        Reflect.deleteProperty(object, key);
      }
    });
    const noted = noteFor(
      scene((object) => (object.record = known(bare))),
      now,
    );
    expect(noted).to.deep.include({
      ...bare,
      time,
      rootCertificate,
      manifestFingerprint,
      intermediateCertificate,
      bootstrapping: 6,
      startedUnder: startKey(startConditions(coordinator(), 'v1.8.0', '')),
    });
    expect(noted?.recoveryKeys).to.deep.equal({ parties: 2, threshold: 2 });
  });

  it('is all nodes where several share the state, and the one whose pod speaks for them', () => {
    const before = record();
    const several = scene((object) => (object.pods = [podOn('a', 'sgx-2'), podOn('bb', 'sgx-1')]));
    const noted = noteFor(several, now);
    expect(noted?.coordinator).to.deep.equal({ ...before.coordinator, nodes: ['sgx-1', 'sgx-2'] });
    several.record = known({ ...before, ...noted });
    expect(noteFor(several, now)).to.equal(undefined);
  });

  const nothing: [string, Parameters<typeof scene>[0]][] = [
    ['the record says it all', () => undefined],
    ['there is no record', (object) => (object.record = known(undefined))],
    ['the record cannot be read', (object) => (object.record = unknown('it is not JSON'))],
    ['the Coordinator does not answer', (object) => (object.coordinator = undefined)],
    ['the pod has no node', (object) => (object.pod = undefined)],
    [
      'it is another mesh',
      (object) => {
        object.coordinator = coordinator((facts) => (facts.rootCertificate = otherCertificate));
      },
    ],
  ];
  for (const [title, change] of nothing) {
    it(`is nothing when ${title}`, () => {
      expect(noteFor(scene(change), now)).to.equal(undefined);
    });
  }
});
