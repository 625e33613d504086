import { sha256, type BackupNote, type SealedCopy } from '../../hooks/core/backup/copy.ts';
import type { BackupFacts } from '../../hooks/core/backup/plan.ts';
import { stateSource } from '../../hooks/core/backup/source.ts';
import type { Slot } from '../../hooks/core/backup/ring.ts';
import { known } from '../../hooks/core/known.ts';
import type { Pod, PodSpec } from '../../hooks/core/objects.ts';
import { namespace, pod, type Change } from './builders.ts';
import { claim } from './claims.ts';

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A key as an enclave seals it: 512 bytes of key information, then the ciphertext of a 32-byte key. */
export function sealedKey(): Uint8Array {
  const key = new Uint8Array(4 + 512 + 12 + 32 + 16).fill(7);
  new DataView(key.buffer).setUint32(0, 512, true);
  return key;
}

/** A copy of a state that is named by its text. */
export function copy(text: string, time: string, key?: Uint8Array): SealedCopy {
  const data = bytes(text);
  const note: BackupNote = {
    schemaVersion: 1,
    time,
    coordinatorVersion: 'v1.9.1',
    node: 'sgx-1',
    dataSha256: sha256(data),
    ...(key === undefined ? {} : { keySha256: sha256(key) }),
  };
  return { note, data, key };
}

/** A slot of the ring with such a copy. */
export function slot(number: number, text: string, time: string): Slot & { kind: 'copy' } {
  return { name: `marblerun-coordinator-backup-${number}`, kind: 'copy', copy: copy(text, time) };
}

/** The Coordinator's pod as this chart and upstream's make it, with its seal directory on the claim. */
export function sealingSpec(change: Change<PodSpec> = () => undefined): PodSpec {
  const { spec } = pod();
  const [container] = spec.containers;
  if (container !== undefined) {
    container.env = [{ name: 'EDG_COORDINATOR_SEAL_DIR', value: '/coordinator/data/' }];
    container.volumeMounts = [{ name: 'coordinator-pv-storage', mountPath: '/coordinator/data' }];
  }
  change(spec);
  return spec;
}

/** What preflight knows of the sealed state of an ordinary release. */
export function backupFacts(): BackupFacts {
  return { source: stateSource(sealingSpec(), 'coordinator'), claim: known(claim()) };
}

/** The chart's pod. */
export function backupTemplate(): Pod {
  return {
    metadata: { name: 'marblerun-coordinator-backup', namespace, labels: { app: 'backup' } },
    spec: {
      tolerations: [{ key: 'dedicated', operator: 'Exists' }],
      containers: [{ name: 'marblerun-hooks', args: ['copy-sealed-state', '--copies', '3'] }],
    },
  };
}

/** What the pod says that has made a copy. */
export const made = {
  schemaVersion: 1,
  result: 'made',
  secret: 'marblerun-coordinator-backup-1',
  dataBytes: 2917,
  dataSha256: '91ab04fe'.repeat(8),
  key: 'copied',
  foreign: [],
};
