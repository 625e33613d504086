import type { ManagedFields, PersistentVolumeClaim, StorageClass } from './objects.ts';
import { helmManager } from './ownership.ts';
import { milliValue, QuantityError } from './quantity.ts';

/** A change of a claim that the API server refuses. */
export interface ClaimRefusal {
  /** The value behind the field. */
  key: string;
  was: string;
  becomes: string;
  why: string;
  remedy: string;
}

/**
 * What the API server refuses of a change from a claim that exists to the one that the chart renders (Kubernetes 1.34:
 * ValidatePersistentVolumeClaimUpdate, and the admission plugin PersistentVolumeClaimResize).
 */
export function claimRefusals(
  before: PersistentVolumeClaim,
  after: PersistentVolumeClaim,
  storageClass: StorageClass | undefined,
): ClaimRefusal[] {
  return [...modes(before, after), ...className(before, after), ...size(before, after, storageClass)];
}

const immutable = 'a claim keeps it for life';

function modes(before: PersistentVolumeClaim, after: PersistentVolumeClaim): ClaimRefusal[] {
  const [was, becomes] = [before, after].map(({ spec }) => (spec.accessModes ?? []).join(', '));
  if (was === undefined || becomes === undefined || was === becomes) return [];
  const remedy = `Set coordinator.pvcName to ${before.metadata.name}: the chart then uses the claim as it is.`;
  return [{ key: 'The access mode', was, becomes, why: immutable, remedy }];
}

/** A class that the chart does not name stays as it is, unless Helm set it and now takes it away. */
function className(before: PersistentVolumeClaim, after: PersistentVolumeClaim): ClaimRefusal[] {
  const was = before.spec.storageClassName ?? '';
  const becomes = after.spec.storageClassName ?? '';
  if (was === becomes || (becomes === '' && !setByHelm(before.metadata.managedFields ?? []))) return [];
  return [
    {
      key: 'coordinator.storageClass',
      was: was === '' ? 'none' : was,
      becomes: becomes === '' ? 'none' : becomes,
      why: immutable,
      remedy:
        was === '' ? 'Leave coordinator.storageClass empty.' : `Set coordinator.storageClass to ${was}.`,
    },
  ];
}

function setByHelm(entries: readonly ManagedFields[]): boolean {
  return entries.some(
    ({ manager, fieldsV1 }) =>
      manager === helmManager && fieldsV1?.['f:spec']?.['f:storageClassName'] !== undefined,
  );
}

function size(
  before: PersistentVolumeClaim,
  after: PersistentVolumeClaim,
  storageClass: StorageClass | undefined,
): ClaimRefusal[] {
  const was = before.spec.resources?.requests?.storage ?? '0';
  const becomes = after.spec.resources?.requests?.storage ?? '0';
  const why = resizeRefusal(before, was, becomes, storageClass);
  if (why === undefined) return [];
  const remedy = `Set coordinator.storageSize to ${was}. For a larger volume, make another claim and move the state.`;
  return [{ key: 'coordinator.storageSize', was: String(was), becomes: String(becomes), why, remedy }];
}

function resizeRefusal(
  { spec, status }: PersistentVolumeClaim,
  was: string | number,
  becomes: string | number,
  storageClass: StorageClass | undefined,
): string | undefined {
  const change = compared(becomes, was);
  if (change === undefined || change === 0) return undefined;
  if (status?.phase !== 'Bound')
    return `only a claim that is bound can change its size, this one is ${status?.phase ?? 'new'}`;
  // Since 1.32 an expansion that failed can be taken back, to anything above what the volume has.
  if (change < 0) {
    const room = compared(becomes, status.capacity?.storage ?? was);
    return room !== undefined && room > 0 ? undefined : 'a claim cannot shrink';
  }
  return growthRefusal(spec.storageClassName ?? '', storageClass);
}

function growthRefusal(name: string, storageClass: StorageClass | undefined): string | undefined {
  if (name === '') return 'the claim has no StorageClass that could enlarge its volume';
  if (storageClass === undefined) return `the StorageClass ${name} does not exist`;
  return storageClass.allowVolumeExpansion === true
    ? undefined
    : `the StorageClass ${name} does not let its volumes grow`;
}

/** Undefined where one of the two is no amount, which is a finding of its own. */
function compared(one: string | number, other: string | number): number | undefined {
  try {
    return milliValue(one) - milliValue(other);
  } catch (error) {
    if (error instanceof QuantityError) return undefined;
    throw error;
  }
}
