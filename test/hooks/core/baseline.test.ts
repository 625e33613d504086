import { expect } from 'chai';
import { baselineRecord, identity, startedBefore } from '../../../hooks/core/baseline.ts';
import { known, unknown } from '../../../hooks/core/known.ts';
import { startConditions, startKey } from '../../../hooks/core/marbles/conditions.ts';
import {
  coordinator,
  facts,
  image,
  intermediateCertificate,
  manifestFingerprint,
  otherCertificate,
  record,
  rootCertificate,
} from '../builders.ts';

const now = new Date('2026-11-24T12:00:00Z');
/** What a record says of the mesh. */
const ofMesh = [
  'rootCertificate',
  'intermediateCertificate',
  'manifestFingerprint',
  'recoveryKeys',
  'startedUnder',
  'bootstrapping',
] as const;
/** What is noted of the mesh that runs. */
const mesh = {
  rootCertificate,
  intermediateCertificate,
  manifestFingerprint,
  recoveryKeys: { parties: 2, threshold: 2 },
  startedUnder: startKey(startConditions(coordinator(), 'v1.8.0', '')),
  bootstrapping: 6,
};
const unrecorded = facts((f) => (f.record = known(undefined)));

describe('baselineRecord', () => {
  it('notes the Coordinator that is about to go when nothing is recorded', () => {
    expect(baselineRecord(unrecorded, now)).to.deep.equal({
      schemaVersion: 1,
      time: '2026-11-24T12:00:00.000Z',
      chartVersion: '',
      coordinator: { version: 'v1.8.0', image: `${image}:v1.8.0`, node: 'sgx-1' },
      ...mesh,
      values: {},
    });
  });

  it('notes whose RecoveryKeys they are, where the Manifest has readable ones', () => {
    const digests = { alice: 'aa'.repeat(32), bob: 'bb'.repeat(32) };
    const answer = coordinator(({ manifest }) => {
      if (manifest !== undefined) manifest.recoveryKeyDigests = digests;
    });
    expect(identity(answer).recoveryKeys).to.deep.equal({ parties: 2, threshold: 2, digests });
  });

  it('does not take Marbles to have started under a Coordinator that is not in state 3', () => {
    for (const state of [1, 2]) {
      const noted = baselineRecord(
        facts((f) => {
          f.record = known(undefined);
          f.coordinator = known({ state });
        }),
        now,
      );
      expect(noted).to.not.have.any.keys(...ofMesh);
    }
  });

  it('forgets the mesh in state 2, where there is none any more, and keeps what was rolled out', () => {
    const noted = baselineRecord(
      facts((f) => (f.coordinator = known({ state: 2 }))),
      now,
    );
    const { schemaVersion, chartVersion, revision, coordinator: recorded, completed, values } = record();
    expect(noted).to.deep.equal({
      schemaVersion,
      time: '2026-11-24T12:00:00.000Z',
      chartVersion,
      revision,
      coordinator: recorded,
      completed,
      values,
    });
  });

  it('takes the first Manifest up, with what Marbles start under from now on', () => {
    const empty = record((r) => {
      for (const key of ofMesh) Reflect.deleteProperty(r, key);
    });
    const noted = baselineRecord(
      facts((f) => (f.record = known(empty))),
      now,
    );
    expect(noted).to.deep.include(mesh);
  });

  it('brings the identity up to date and leaves what Marbles started under', () => {
    const replaced = baselineRecord(
      facts((f) => (f.coordinator = known(coordinator((c) => (c.rootCertificate = otherCertificate))))),
      now,
    );
    expect(replaced).to.deep.equal({
      ...record(),
      time: '2026-11-24T12:00:00.000Z',
      rootCertificate: otherCertificate,
    });
  });

  it('takes an update of the Manifest up and leaves what Marbles started under', () => {
    const updated = coordinator((c) => {
      if (c.manifest !== undefined) c.manifest.fingerprint = 'ff'.repeat(32);
      c.intermediateCertificate = otherCertificate;
    });
    const noted = baselineRecord(
      facts((f) => (f.coordinator = known(updated))),
      now,
    );
    expect(noted).to.deep.equal({
      ...record(),
      time: '2026-11-24T12:00:00.000Z',
      manifestFingerprint: 'ff'.repeat(32),
    });
  });

  it('starts anew where the record cannot be read', () => {
    const noted = baselineRecord(
      facts((f) => (f.record = unknown('it is not JSON'))),
      now,
    );
    expect(noted).to.deep.equal(baselineRecord(unrecorded, now));
  });
});

describe('identity', () => {
  it('is root certificate, Manifest and what a recovery takes, where the Coordinator tells them', () => {
    expect(identity(coordinator())).to.deep.equal({
      rootCertificate,
      manifestFingerprint,
      recoveryKeys: { parties: 2, threshold: 2 },
    });
    expect(identity({ state: 2 })).to.deep.equal({});
  });
});

describe('startedBefore', () => {
  it('is what a record says of the Marbles’ start, with what it was made of', () => {
    const startedUnder = 'c0ffee0123456789';
    expect(startedBefore(record())).to.deep.equal({
      startedUnder,
      bootstrapping: 6,
      intermediateCertificate,
    });
    expect(startedBefore({ startedUnder })).to.deep.equal({ startedUnder });
  });

  it('is nothing without a record or where the record says nothing', () => {
    expect(startedBefore(undefined)).to.equal(undefined);
    expect(startedBefore(record((r) => delete r.startedUnder))).to.equal(undefined);
  });
});
