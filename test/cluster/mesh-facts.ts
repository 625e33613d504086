import { createHash, X509Certificate } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import type { Pod } from '../../hooks/core/objects.ts';
import type { Lab } from '../lab/lab.ts';
import {
  askCoordinator,
  buildManifest,
  certificates,
  coordinatorState,
  makeRecoveryKey,
  marbleDeployment,
  setManifest,
  type RecoveryKey,
} from '../lab/mesh.ts';
import type { Release } from './release.ts';

/** What must not change in an upgrade, and what shows that it did not. */
export interface MeshFacts {
  node: string;
  state: number | undefined;
  image: string;
  /** SHA-256 fingerprint of the Coordinator's root certificate. */
  rootCertificate: string;
  manifestFingerprint: string;
}

/** Asks the Coordinator's pod; waits a little for one that has just become ready. */
export async function meshFacts(release: Release): Promise<MeshFacts> {
  return await factsOfPod(release, await release.coordinatorPod());
}

/** The same of one pod, where several share the state. */
export async function factsOfPod({ lab }: Release, pod: Pod): Promise<MeshFacts> {
  const address = pod.status?.podIP ?? '';
  const state = await stateOf(lab, address);
  const base = { node: pod.spec.nodeName ?? '', state, image: pod.spec.containers[0]?.image ?? '' };
  if (state !== 3) return { ...base, rootCertificate: '', manifestFingerprint: '' };
  const chain =
    (await certificates(lab, address)).match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----/g) ?? [];
  const manifest = await askCoordinator(lab, address, '/api/v2/manifest');
  return {
    ...base,
    rootCertificate: new X509Certificate(chain.at(-1) ?? '').fingerprint256,
    manifestFingerprint: (manifest.data as { manifestFingerprint: string }).manifestFingerprint,
  };
}

/** What several Coordinators say, which has to be the same; throws else. Answers it, and their nodes. */
export async function sharedFacts(
  release: Release,
): Promise<{ facts: Omit<MeshFacts, 'node'>; nodes: string[] }> {
  const pods = await release.coordinatorPods();
  const all = await Promise.all(pods.map(async (pod) => await factsOfPod(release, pod)));
  const facts = all.map(({ state, image, rootCertificate, manifestFingerprint }) => {
    return { state, image, rootCertificate, manifestFingerprint };
  });
  const [first] = facts;
  if (first === undefined) throw new Error(`no Coordinator runs in ${release.namespace}`);
  expect(facts).to.deep.equal(facts.map(() => first));
  return { facts: first, nodes: all.map(({ node }) => node).sort() };
}

async function stateOf(lab: Lab, address: string): Promise<number | undefined> {
  for (let tries = 20; tries > 0; tries--) {
    const state = await coordinatorState(lab, address);
    if (state !== undefined) return state;
    await delay(500);
  }
  return undefined;
}

/** A Manifest in force, with what a party needs to recover it. */
export interface SetManifest {
  key: RecoveryKey;
  secret: Buffer;
  fingerprint: string;
}

/** Sets a Manifest with one recovery key; other parts can be added or replaced. */
export async function giveManifest(
  release: Release,
  more: Readonly<Record<string, unknown>> = {},
): Promise<SetManifest> {
  const key = makeRecoveryKey();
  const manifest = buildManifest({ owner: key }, more);
  const [pod] = await release.coordinatorPods();
  if (pod === undefined) throw new Error(`no Coordinator runs in ${release.namespace}`);
  const secrets = await setManifest(release.lab, pod.status?.podIP ?? '', manifest);
  const { owner: secret } = secrets;
  if (secret === undefined) throw new Error('the Coordinator answered no recovery secret');
  const fingerprint = createHash('sha256').update(JSON.stringify(manifest)).digest('hex');
  return { key, secret, fingerprint };
}

/** Starts Marbles in the release's namespace and waits until the Coordinator has let them in. */
export async function startMarbles(release: Release, ...names: string[]): Promise<void> {
  const { namespace, lab } = release;
  await lab.apply(...names.map((name) => marbleDeployment(name, { namespace, mesh: namespace })));
  for (const name of names) await release.kubectl('rollout', 'status', `deployment/${name}`, '--timeout=90s');
}

/** Uids of the Marbles' pods, sorted: equal before and after means that none was replaced. */
export async function marblePods(release: Release): Promise<string[]> {
  const pods = await release.pods('marblerun/marbletype');
  return pods.map(({ metadata }) => metadata.uid ?? '').sort();
}
