import { coordinatorImage } from '../../core/image.ts';
import type { Deployment, Pod } from '../../core/objects.ts';
import { pinName } from '../../core/pin.ts';
import type { ReportFact } from '../../core/report.ts';
import type { RolloutFacts } from '../../core/rollout.ts';
import { stateName, type CoordinatorFacts } from '../../core/states.ts';
import { clientUrl } from '../../io/gather/coordinator.ts';
import { paths } from '../../io/paths.ts';
import { podsOf } from '../../io/pods.ts';
import { waitFor, type Look } from '../../io/wait.ts';
import { deploymentRolledOut } from '../deployment-wait.ts';
import { waitOf, type Session } from '../session.ts';

/** A pod of the Coordinator and what it answered. */
export interface Answer {
  pod: Pod;
  coordinator: CoordinatorFacts;
}

/** Asks the pod that runs now, whichever that is; or says why there is no answer. */
export async function askCurrentPod(session: Session, deployment: Deployment): Promise<Look<Answer>> {
  const { cluster, files, coordinatorAt, signal } = session;
  const [pod] = await podsOf(cluster, deployment);
  const url = pod === undefined ? undefined : clientUrl(pod, files.settings.coordinator.clientPort);
  if (pod === undefined || url === undefined)
    return { done: false, message: 'it has no pod with an address' };
  try {
    return { done: true, value: { pod, coordinator: await coordinatorAt(url).facts(signal) } };
  } catch (error) {
    const message = `pod/${pod.metadata.name} at ${url} does not answer: ${(error as Error).message}`;
    return { done: false, message };
  }
}

/** A Coordinator that has just become ready may need a moment more to answer. */
export async function askNewCoordinator(session: Session, deployment: Deployment): Promise<Answer> {
  const subject = `deployment/${session.files.settings.coordinator.deployment}`;
  return await waitFor(waitOf(session), subject, () => askCurrentPod(session, deployment));
}

/** The pin has done its work once the anchor runs. */
export async function releasePin(session: Session): Promise<string[]> {
  const { cluster, files } = session;
  const { namespace } = files.settings.release;
  const { deployment } = files.settings.anchor;
  if (deployment !== '') await deploymentRolledOut(session, namespace, deployment);
  const pin = await cluster.get<Pod>(paths.pod(namespace, pinName));
  if (pin === undefined) return [];
  await cluster.delete(paths.pod(namespace, pinName));
  return ['removed the pin pod; the anchor holds the node now'];
}

/** What the report tells of the Coordinator. */
export function reportFacts(
  { settings, coordinator, pod }: RolloutFacts,
  deployment: Deployment,
): ReportFact[] {
  const lines = [
    { name: 'Coordinator', value: `${settings.release.namespace}/${settings.coordinator.deployment}` },
    { name: 'Image', value: coordinatorImage(deployment, settings.coordinator) ?? 'none' },
    { name: 'Node', value: pod.node },
    { name: 'State', value: stateName(coordinator.state) },
  ];
  const { rootCertificate, manifest } = coordinator;
  if (rootCertificate !== undefined) lines.push({ name: 'Root certificate', value: rootCertificate });
  if (manifest !== undefined) lines.push({ name: 'Manifest', value: manifest.fingerprint });
  return lines;
}
