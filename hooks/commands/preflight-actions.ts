import { baselineRecord } from '../core/baseline.ts';
import { rollJobName } from '../core/detach.ts';
import type { PreflightFacts } from '../core/facts.ts';
import type { Finding, FindingCode } from '../core/findings.ts';
import type { Pod } from '../core/objects.ts';
import { holdsNode, pinName, boundTo } from '../core/pin.ts';
import { podTrouble } from '../core/pod-trouble.ts';
import type { PreflightAction } from '../core/preflight-plan.ts';
import { keepAnnotation } from '../core/storage.ts';
import { ClusterError } from '../io/cluster-error.ts';
import { paths } from '../io/paths.ts';
import { storeRecord } from '../io/record.ts';
import { waitFor } from '../io/wait.ts';
import { endRoll } from './end-roll.ts';
import { waitOf, type Session } from './session.ts';

/** What an action comes to: a sentence for the report, and a finding where a person should know. */
export interface Performed {
  sentence: string;
  finding?: Finding;
}

/** Does one planned action. Each may be repeated: what is there already is left as it is. */
export async function perform(
  session: Session,
  facts: PreflightFacts,
  action: PreflightAction,
): Promise<Performed> {
  const { cluster } = session;
  const { namespace } = facts.settings.release;
  const deployment = paths.deployment(namespace, facts.settings.coordinator.deployment);
  switch (action.kind) {
    case 'end-roll':
      await endRoll(session);
      return { sentence: `ended job/${rollJobName}, which still restarted Marbles for an earlier upgrade` };
    case 'note-baseline':
      await storeRecord(cluster, namespace, baselineRecord(facts, new Date(session.clock.now())));
      return { sentence: 'noted what the Coordinator is now, for the rollout to compare with' };
    case 'keep-claim':
      await cluster.patch(paths.claim(namespace, action.claim), 'merge', {
        metadata: { annotations: keepAnnotation },
      });
      return noted(facts, 'claim-kept', `marked persistentvolumeclaim/${action.claim} so that Helm keeps it`);
    case 'hold-node':
      await holdNode(session, facts, action.node);
      return noted(
        facts,
        'node-held',
        `a pin pod holds ${action.node} for the Coordinator until the anchor runs`,
      );
    case 'release-pin':
      await cluster.delete(paths.pod(namespace, pinName));
      return { sentence: 'removed the pin pod from the node that the Coordinator leaves' };
    case 'release-anchor':
      for (const name of action.pods) await leaveGroup(session, name);
      return { sentence: 'took the anchor out of the placement group, so that the Coordinator can leave' };
    case 'switch-strategy':
      await cluster.patch(deployment, 'merge', {
        spec: { strategy: { type: 'Recreate', rollingUpdate: null } },
      });
      return noted(facts, 'strategy-switched', 'switched the Deployment to the strategy Recreate');
    case 'take-back-image': {
      const { managedFields, resourceVersion } = action;
      await cluster.patch(deployment, 'merge', { metadata: { managedFields, resourceVersion } });
      return noted(facts, 'image-taken-back', 'took the image back that kubectl set image had claimed');
    }
  }
}

function noted(facts: PreflightFacts, code: FindingCode, sentence: string): Performed {
  const subject = `deployment/${facts.settings.coordinator.deployment}`;
  const message = `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
  return { sentence, finding: { code, severity: 'info', subject, message, remedy: '' } };
}

/** A pod that has gone in the meantime has left as well. */
async function leaveGroup({ cluster, files }: Session, name: string): Promise<void> {
  const { release, placement } = files.settings;
  const labels = { [placement.groupLabel.key]: null };
  await cluster
    .patch(paths.pod(release.namespace, name), 'merge', { metadata: { labels } })
    .catch((error: unknown) => {
      if (!(error instanceof ClusterError && error.kind === 'not-found')) throw error;
    });
}

async function holdNode(session: Session, { settings, live }: PreflightFacts, node: string): Promise<void> {
  const { cluster, files } = session;
  const { namespace } = settings.release;
  const path = paths.pod(namespace, pinName);
  const owner = { name: settings.coordinator.deployment, uid: live?.metadata.uid ?? '' };
  const existing = await cluster.get<Pod>(path);
  if (existing !== undefined && !holdsNode(existing, node)) await cluster.delete(path);
  await waitFor(waitOf(session), `pin pod on ${node}`, async () => {
    const pin = (await cluster.get<Pod>(path)) ?? (await create(session, boundTo(node, files.pin, owner)));
    if (pin.metadata.deletionTimestamp !== undefined)
      return { done: false, message: 'an old one is on its way out' };
    if (pin.status?.phase === 'Running') return { done: true, value: pin };
    return { done: false, message: podTrouble(pin) ?? `phase ${pin.status?.phase ?? 'Pending'}` };
  });
}

async function create({ cluster, files }: Session, pin: Pod): Promise<Pod> {
  try {
    return await cluster.create<Pod>(paths.pods(files.settings.release.namespace), pin);
  } catch (error) {
    // A second pod of the same Job was faster; the next look finds its pin.
    if (error instanceof ClusterError && error.kind === 'conflict') return { ...pin, status: {} };
    throw error;
  }
}
