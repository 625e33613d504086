import {
  backupAnnotations,
  backupComponent,
  backupName,
  dataFile,
  keyFile,
  noteFile,
  type SealedCopy,
} from '../../core/backup/copy.ts';
import { slotOf, type NamedCopy, type Slot, type SlotContent } from '../../core/backup/ring.ts';
import type { Secret } from '../../core/objects.ts';
import type { SeenCopy } from '../../core/status-view/copies.ts';
import type { Cluster } from '../cluster.ts';
import { paths } from '../paths.ts';

const labelSelector = `app.kubernetes.io/component=${backupComponent}`;

/** Reads the Secrets of a ring. */
export async function readSlots(
  cluster: Cluster,
  namespace: string,
  names: readonly string[],
): Promise<Slot[]> {
  return await Promise.all(
    names.map(async (name) => {
      const secret = await cluster.get<Secret>(paths.secret(namespace, name));
      return slotOf(name, secret === undefined ? undefined : contentOf(secret));
    }),
  );
}

/** All copies of a namespace, those beyond the ring included, and what is no copy any more. */
export async function listSlots(cluster: Cluster, namespace: string): Promise<Slot[]> {
  const secrets = await cluster.list<Secret>(paths.secrets(namespace), { labelSelector });
  return secrets.map((secret) => slotOf(secret.metadata.name, contentOf(secret)));
}

/** The same by their metadata alone: the state stays where it is. */
export async function seeCopies(cluster: Cluster, namespace: string): Promise<SeenCopy[]> {
  const secrets = await cluster.list<Secret>(paths.secrets(namespace), { labelSelector }, true);
  return secrets.map(({ metadata: { name, annotations = {} } }) => {
    const { time, coordinatorVersion, node } = backupAnnotations;
    return {
      secret: name,
      time: annotations[time] ?? '',
      coordinatorVersion: annotations[coordinatorVersion] ?? '',
      node: annotations[node] ?? '',
    };
  });
}

function contentOf({ data = {}, metadata }: Secret): SlotContent {
  const bytes = (key: string) => (data[key] === undefined ? undefined : Buffer.from(data[key], 'base64'));
  const { resourceVersion } = metadata;
  const note = bytes(noteFile)?.toString('utf8');
  return { note, data: bytes(dataFile), key: bytes(keyFile), resourceVersion };
}

/**
 * Writes one Secret of a ring. A new one is made by server-side apply, the one way to make an object for which a right
 * can name it (kube-apiserver, pkg/endpoints/handlers/patch.go). An older copy is overwritten whole, whoever put it
 * there, unless it has changed since it was read.
 */
export async function writeSlot(
  cluster: Cluster,
  namespace: string,
  { name, over }: { name: string; over: NamedCopy | undefined },
  { note, data, key }: SealedCopy,
): Promise<void> {
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  const labels = {
    'app.kubernetes.io/component': backupComponent,
    'app.kubernetes.io/managed-by': 'marblerun-hooks',
    'app.kubernetes.io/name': backupName,
    'app.kubernetes.io/part-of': 'marblerun',
  };
  // What a copy is stands in the note; these are for those who do not read it.
  const annotations = {
    [backupAnnotations.time]: note.time,
    [backupAnnotations.coordinatorVersion]: note.coordinatorVersion,
    [backupAnnotations.node]: note.node,
  };
  const noteText = base64(Buffer.from(JSON.stringify(note, null, 2)));
  const files = { [noteFile]: noteText, [dataFile]: base64(data) };
  const keyText = key === undefined ? undefined : base64(key);
  const path = paths.secret(namespace, name);
  if (over === undefined) {
    await cluster.patch(path, 'apply', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, labels, annotations },
      data: { ...files, ...(keyText === undefined ? {} : { [keyFile]: keyText }) },
    });
    return;
  }
  await cluster.patch(path, 'merge', {
    metadata: { resourceVersion: over.resourceVersion, labels, annotations },
    data: { ...files, [keyFile]: keyText ?? null },
  });
}
