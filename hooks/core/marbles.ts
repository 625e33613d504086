import { createHash } from 'node:crypto';
import type { PodSpec } from './objects.ts';
import type { CoordinatorFacts } from './states.ts';
import type { RolloutRecord } from './record.ts';
import { releaseOf } from './releases.ts';

/** The label of a Marble's pod template that names its type (MarbleRun docs, workflows/add-service). */
export const marbleLabel = 'marblerun/marbletype';
/** The pod-template annotation that holds the key a workload was last restarted for. */
export const startedUnderAnnotation = 'marblerun-hooks/started-under';

/** What decides whether a Marble has to start again. */
export interface StartConditions {
  bootstrapping: number;
  rootCertificate: string;
  intermediateCertificate: string;
  /** `rollout.nonce`: a change of it asks for a restart. */
  nonce: string;
}

/** A Deployment whose pod template carries the Marble label. */
export interface MarbleWorkload {
  namespace: string;
  name: string;
  /** Value of the Marble label: the type in the Manifest. */
  type: string;
  replicas: number;
  paused: boolean;
  /** Whether the pod template leaves it to the injector to say where the Coordinator is. */
  injected: boolean;
  /** The value of our annotation, if it was ever restarted by us. */
  startedUnder?: string | undefined;
  /** Its Coordinator's address, where that does not tell whether it is this Coordinator. */
  strangeAddress?: string | undefined;
}

/** The variable that tells a Marble where its Coordinator is; the injector sets it where the template does not. */
const addressVariable = 'EDG_MARBLE_COORDINATOR_ADDR';
/** The Coordinator's Service for Marbles, the same in every release. */
const meshService = 'coordinator-mesh-api';

/** Where a Marble looks for its Coordinator; undefined when its containers do not say. */
export function coordinatorAddress({ containers, initContainers = [] }: PodSpec): string | undefined {
  const variables = [...containers, ...initContainers].flatMap(({ env = [] }) => env);
  return variables.find(({ name, value }) => name === addressVariable && value !== undefined)?.value;
}

/**
 * The namespace of the Coordinator at an address, for a Marble in `namespace`; undefined when the address is no name of
 * the mesh Service, such as an IP address.
 */
export function meshNamespace(address: string, namespace: string): string | undefined {
  const [service, meshIn = namespace] = address.replace(/:\d+$/, '').split('.');
  return service === meshService ? meshIn : undefined;
}

/** What is done with a workload, and why. */
export interface MarbleDecision {
  workload: MarbleWorkload;
  action: 'restart' | 'keep' | 'skip';
  reason: string;
}

/** Gathers the start conditions from a Coordinator in state 3; the certificates are there in that state. */
export function startConditions(
  coordinator: CoordinatorFacts,
  version: string,
  nonce: string,
): StartConditions {
  return {
    bootstrapping: releaseOf(version).bootstrapping,
    rootCertificate: coordinator.rootCertificate ?? '',
    intermediateCertificate: coordinator.intermediateCertificate ?? '',
    nonce,
  };
}

/** The content key of the start conditions: equal conditions give an equal key, so a repeated run restarts nothing. */
export function startKey({
  bootstrapping,
  rootCertificate,
  intermediateCertificate,
  nonce,
}: StartConditions): string {
  return digest([bootstrapping, rootCertificate, intermediateCertificate, nonce], 16);
}

/**
 * The key with the Coordinator's pod added, for `rollout.restart: always`: each new pod restarts the Marbles once, and
 * a return to `auto` restarts none.
 */
export function startKeyOfPod(conditions: StartConditions, podUid: string): string {
  return `${startKey(conditions)}.${digest([podUid], 8)}`;
}

function digest(content: readonly unknown[], length: number): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, length);
}

/**
 * Which workloads start again. One without a key of its own is taken to have started under what the record says;
 * with no record nothing shows that anything has changed (S6: Marbles are not affected by the update itself).
 */
export function decideMarbles(
  workloads: readonly MarbleWorkload[],
  now: StartConditions,
  record: Partial<RolloutRecord> | undefined,
  { mode, key }: { mode: 'auto' | 'always' | 'never'; key: string },
): MarbleDecision[] {
  return workloads.map((workload) => {
    const before = workload.startedUnder ?? record?.startedUnder ?? startKey(now);
    const same = mode === 'always' ? before === key : before.split('.')[0] === startKey(now);
    if (same) {
      return { workload, action: 'keep', reason: 'it started under the same bootstrapping and certificates' };
    }
    const reason = whatChanged(now, record, mode);
    if (mode === 'never') {
      return { workload, action: 'skip', reason: `${reason}, but rollout.restart is never` };
    }
    if (workload.strangeAddress !== undefined) {
      const unclear = `it is not known whether ${workload.strangeAddress} is this Coordinator`;
      return { workload, action: 'skip', reason: `${reason}, but ${unclear}` };
    }
    if (workload.replicas === 0) return { workload, action: 'skip', reason: 'it is scaled to zero' };
    if (workload.paused)
      return { workload, action: 'skip', reason: `${reason}, but the Deployment is paused` };
    return { workload, action: 'restart', reason };
  });
}

const watched = [
  { field: 'bootstrapping', text: 'the Coordinator bootstraps Marbles in another way' },
  { field: 'rootCertificate', text: 'the root certificate changed' },
  { field: 'intermediateCertificate', text: 'the intermediate certificate changed' },
] as const;

function whatChanged(now: StartConditions, record: Partial<RolloutRecord> | undefined, mode: string): string {
  const changes = watched
    .filter(({ field }) => record?.[field] !== undefined && record[field] !== now[field])
    .map(({ text }) => text);
  if (changes.length > 0) return changes.join(' and ');
  if (mode === 'always') return 'rollout.restart is always and the Coordinator pod is a new one';
  return 'it started under other conditions (rollout.nonce, or an earlier Coordinator)';
}
