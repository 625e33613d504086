import { coordinatorImage } from '../image.ts';
import { valueOf } from '../known.ts';
import type { Pod } from '../objects.ts';
import { podTroubleOf } from '../pod-trouble.ts';
import { recoveryKeysOf, type RecoveryKeys } from '../record.ts';
import { missingParties, recoveryObstacle } from '../recovery/missing.ts';
import { CoordinatorState, stateName, type CoordinatorFacts, type ManifestFacts } from '../states.ts';
import { deploymentStatus } from '../status/deployment.ts';
import { containerName, speakerOf, versionIn } from '../watch/scene.ts';
import { sceneOf, type StatusFacts } from './facts.ts';
import { notKnown, plain, type Row, type Section } from './rows.ts';

/** The Deployment and each of its pods. */
export function coordinatorSection(facts: StatusFacts): Section {
  const { deployment, namespace, release, pods } = facts;
  const { done, message } = deploymentStatus(deployment);
  const image = coordinatorImage(deployment, { container: containerName });
  return {
    title: 'Coordinator',
    rows: [
      plain('Release', `${release} in ${namespace}`),
      plain('Version', versionIn(sceneOf(facts))),
      plain('Image', image ?? 'none'),
      { name: `deployment/${deployment.metadata.name}`, value: message, mark: done ? 'good' : 'bad' },
      ...(pods.known
        ? pods.value.map((pod, index) => ofPod(facts, pod, index))
        : [notKnown('Pods', pods.why)]),
    ],
  };
}

function ofPod({ answers }: StatusFacts, pod: Pod, index: number): Row {
  const name = `pod/${pod.metadata.name}`;
  const where = pod.spec.nodeName === undefined ? 'on no node yet' : `on ${pod.spec.nodeName}`;
  const restarts =
    pod.status?.containerStatuses?.reduce((sum, { restartCount }) => sum + restartCount, 0) ?? 0;
  const often = restarts === 0 ? '' : `, ${restarts} restart${restarts === 1 ? '' : 's'} of its containers`;
  const trouble = podTroubleOf(pod);
  if (trouble !== undefined) return { name, value: `${where}${often}; ${trouble.text}`, mark: 'bad' };
  const answer = answers[index];
  if (answer?.known !== true) {
    return {
      name,
      value: `${where}${often}; state not known: ${answer?.why ?? 'it was not asked'}`,
      mark: 'unknown',
    };
  }
  const { state } = answer.value.coordinator;
  const mark = state === CoordinatorState.Recovery ? 'bad' : 'good';
  return { name, value: `${where}, state ${stateName(state)}${often}`, mark };
}

/** What makes the mesh what it is, and who can recover it. Where the Coordinator cannot tell, what the record says. */
export function identitySection(facts: StatusFacts): Section {
  const coordinator = speakerOf(facts)?.coordinator;
  const rows =
    coordinator?.manifest === undefined ? remembered(facts) : ofMesh(coordinator, coordinator.manifest);
  return { title: 'Mesh', rows: [...rows, ...recovery(facts)] };
}

function ofMesh(
  { rootCertificate, intermediateCertificate, updates, pendingUpdate }: CoordinatorFacts,
  { fingerprint, sealMode }: ManifestFacts,
): Row[] {
  const last = valueOf(updates)?.at(-1);
  const waits = valueOf(pendingUpdate);
  return [
    plain('Manifest', fingerprint),
    plain('Root certificate', rootCertificate ?? 'none'),
    plain('Intermediate certificate', intermediateCertificate ?? 'none'),
    plain('Seal mode', sealMode),
    ...(last === undefined
      ? []
      : [plain('Last update', [last.time, last.text].filter((part) => part !== '').join(' '))]),
    ...(waits === undefined
      ? []
      : [
          {
            name: 'Waiting update',
            value: `not acknowledged yet by ${waits.missingUsers.join(', ')}`,
            mark: 'bad' as const,
          },
        ]),
    ...(pendingUpdate?.known === false ? [notKnown('Waiting update', pendingUpdate.why)] : []),
  ];
}

function remembered({ record }: StatusFacts): Row[] {
  const { manifestFingerprint, rootCertificate, intermediateCertificate } = valueOf(record) ?? {};
  const before = (name: string, value: string | undefined): Row[] =>
    value === undefined ? [] : [plain(name, `${value} by the record`)];
  return [
    ...before('Manifest', manifestFingerprint),
    ...before('Root certificate', rootCertificate),
    ...before('Intermediate certificate', intermediateCertificate),
  ];
}

function recovery(facts: StatusFacts): Row[] {
  const name = 'Recovery';
  const coordinator = speakerOf(facts)?.coordinator;
  const manifest = coordinator?.manifest;
  const recorded = valueOf(facts.record)?.recoveryKeys;
  const keys = manifest === undefined ? recorded : recoveryKeysOf(manifest);
  const version = versionIn(sceneOf(facts));
  const obstacle = recoveryObstacle(version, keys);
  if (obstacle !== undefined) return [{ name, value: obstacle, mark: 'bad' }];
  if (coordinator?.state === CoordinatorState.Recovery) {
    return [{ name, value: missingParties(version, keys, facts.uploads), mark: 'bad' }];
  }
  if (keys === undefined) return [];
  const names = manifest === undefined ? '' : `: ${manifest.recoveryKeys.join(', ')}`;
  return [plain(name, `${needed(keys)}${names}`)];
}

function needed({ parties, threshold }: RecoveryKeys): string {
  if (parties === 1) return 'takes its only party';
  return threshold < parties
    ? `takes any ${threshold} of ${parties} parties`
    : `takes all ${parties} parties`;
}
