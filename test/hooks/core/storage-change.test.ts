import { expect } from 'chai';
import type { PersistentVolumeClaim, StorageClass } from '../../../hooks/core/objects.ts';
import { claimRefusals } from '../../../hooks/core/storage-change.ts';
import type { Change } from '../builders.ts';
import { claim, renderedClaim, storageClass } from '../claims.ts';

interface Situation {
  before: PersistentVolumeClaim;
  after: PersistentVolumeClaim;
  storageClass: StorageClass | undefined;
}

function refused(change: Change<Situation> = () => undefined): string[] {
  const given = { before: claim(), after: renderedClaim(), storageClass: storageClass() };
  change(given);
  return claimRefusals(given.before, given.after, given.storageClass).map(
    ({ key, was, becomes, why }) => `${key}: ${was} -> ${becomes}, ${why}`,
  );
}

const sized = (object: PersistentVolumeClaim, storage: string): void => {
  object.spec.resources = { requests: { storage } };
};

describe('claimRefusals', () => {
  const cases: [string, Change<Situation>, string[]][] = [
    ['accepts the claim as it is', () => undefined, []],
    [
      'accepts the size in other words',
      ({ after }) => {
        sized(after, '10485760');
      },
      [],
    ],
    [
      'refuses to shrink',
      ({ after }) => {
        sized(after, '5Mi');
      },
      ['coordinator.storageSize: 10Mi -> 5Mi, a claim cannot shrink'],
    ],
    [
      'lets an expansion that failed be taken back to more than the volume has',
      ({ before, after }) => {
        sized(before, '1Ti');
        sized(after, '20Mi');
      },
      [],
    ],
    [
      'refuses to take it back to what the volume has',
      ({ before, after }) => {
        sized(before, '1Ti');
        sized(after, '10Mi');
      },
      ['coordinator.storageSize: 1Ti -> 10Mi, a claim cannot shrink'],
    ],
    [
      'accepts growth where the class allows it',
      ({ after }) => {
        sized(after, '20Mi');
      },
      [],
    ],
    [
      'refuses growth where the class does not',
      (given) => {
        sized(given.after, '20Mi');
        given.storageClass = storageClass((object) => delete object.allowVolumeExpansion);
      },
      ['coordinator.storageSize: 10Mi -> 20Mi, the StorageClass managed-csi does not let its volumes grow'],
    ],
    [
      'refuses growth where the class is gone',
      (given) => {
        sized(given.after, '20Mi');
        given.storageClass = undefined;
      },
      ['coordinator.storageSize: 10Mi -> 20Mi, the StorageClass managed-csi does not exist'],
    ],
    [
      'refuses growth without a class',
      (given) => {
        sized(given.after, '20Mi');
        delete given.before.spec.storageClassName;
        given.storageClass = undefined;
      },
      ['coordinator.storageSize: 10Mi -> 20Mi, the claim has no StorageClass that could enlarge its volume'],
    ],
    [
      'refuses every size for a claim that waits for its volume',
      ({ before, after }) => {
        sized(after, '20Mi');
        before.status = { phase: 'Pending' };
      },
      [
        'coordinator.storageSize: 10Mi -> 20Mi, only a claim that is bound can change its size, this one is Pending',
      ],
    ],
    [
      'refuses another class',
      ({ after }) => {
        after.spec.storageClassName = 'fast';
      },
      ['coordinator.storageClass: managed-csi -> fast, a claim keeps it for life'],
    ],
    [
      'refuses that Helm takes away the class that it set',
      ({ before }) => {
        const fieldsV1 = { 'f:spec': { 'f:storageClassName': {} } };
        before.metadata.managedFields = [{ manager: 'helm', operation: 'Update', fieldsV1 }];
      },
      ['coordinator.storageClass: managed-csi -> none, a claim keeps it for life'],
    ],
    [
      'accepts a class that somebody else set',
      ({ before }) => {
        const fieldsV1 = { 'f:spec': { 'f:storageClassName': {} } };
        before.metadata.managedFields = [
          { manager: 'kube-controller-manager', operation: 'Update', fieldsV1 },
          { manager: 'helm', operation: 'Update', fieldsV1: { 'f:spec': {} } },
        ];
      },
      [],
    ],
    [
      'refuses another access mode',
      ({ before }) => {
        before.spec.accessModes = ['ReadWriteMany'];
      },
      ['The access mode: ReadWriteMany -> ReadWriteOnce, a claim keeps it for life'],
    ],
    [
      'leaves a size that is none to the schema',
      ({ after }) => {
        sized(after, 'large');
      },
      [],
    ],
  ];

  for (const [title, change, expected] of cases) {
    it(title, () => {
      expect(refused(change)).to.deep.equal(expected);
    });
  }
});
