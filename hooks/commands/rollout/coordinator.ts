import { valuesOf } from '../../core/known.ts';
import { coordinatorImage } from '../../core/image.ts';
import type { Deployment, Pod } from '../../core/objects.ts';
import { pinName } from '../../core/pin.ts';
import type { ReportFact } from '../../core/report.ts';
import type { RolloutFacts } from '../../core/rollout.ts';
import { disagreement, nodesOf, type PodAnswer } from '../../core/several.ts';
import { stateName } from '../../core/states.ts';
import { askPods } from '../../io/gather/coordinator.ts';
import { paths } from '../../io/paths.ts';
import { podsOf } from '../../io/pods.ts';
import { waitFor, type Look } from '../../io/wait.ts';
import { deploymentRolledOut } from '../deployment-wait.ts';
import { waitOf, type Session } from '../session.ts';

/** What the Coordinator answered, by one pod that speaks for all. */
export interface Answer extends PodAnswer {
  /** The nodes of all its pods. */
  nodes: string[];
}

/** Asks the pods that run now, whichever they are; or says why there is no answer that all of them give. */
export async function askCurrentPods(session: Session, deployment: Deployment): Promise<Look<Answer>> {
  const { cluster, files } = session;
  const pods = await podsOf(cluster, deployment);
  const answers = await askPods(session, pods, files.settings.coordinator.clientPort);
  const silent = answers.find((each) => !each.known);
  if (silent !== undefined) return { done: false, message: silent.why };
  const given = valuesOf(answers);
  const [first] = given;
  if (first === undefined) return { done: false, message: 'it has no pod with an address' };
  const difference = disagreement(given);
  if (difference !== undefined) return { done: false, message: difference };
  return { done: true, value: { ...first, nodes: nodesOf(pods) } };
}

/** A Coordinator that has just become ready may need a moment more to answer. */
export async function askNewCoordinator(session: Session, deployment: Deployment): Promise<Answer> {
  const subject = `deployment/${session.files.settings.coordinator.deployment}`;
  return await waitFor(waitOf(session), subject, () => askCurrentPods(session, deployment));
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
  { settings, coordinator, pod, nodes = [] }: RolloutFacts,
  deployment: Deployment,
): ReportFact[] {
  const lines = [
    { name: 'Coordinator', value: `${settings.release.namespace}/${settings.coordinator.deployment}` },
    { name: 'Image', value: coordinatorImage(deployment, settings.coordinator) ?? 'none' },
    nodes.length > 1 ? { name: 'Nodes', value: nodes.join(', ') } : { name: 'Node', value: pod.node },
    { name: 'State', value: stateName(coordinator.state) },
  ];
  const { rootCertificate, manifest } = coordinator;
  if (rootCertificate !== undefined) lines.push({ name: 'Root certificate', value: rootCertificate });
  if (manifest !== undefined) lines.push({ name: 'Manifest', value: manifest.fingerprint });
  return lines;
}
