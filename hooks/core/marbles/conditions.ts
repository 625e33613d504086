import { createHash } from 'node:crypto';
import { releaseOf } from '../releases.ts';
import type { CoordinatorFacts } from '../states.ts';

/** What decides whether a Marble has to start again. */
export interface StartConditions {
  bootstrapping: number;
  rootCertificate: string;
  intermediateCertificate: string;
  /** `rollout.nonce`: a change of it asks for a restart. */
  nonce: string;
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

/** Whether a key, with or without a pod, is that of these conditions. */
export function isKeyOf(key: string, conditions: StartConditions): boolean {
  return key.split('.')[0] === startKey(conditions);
}

function digest(content: readonly unknown[], length: number): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, length);
}
