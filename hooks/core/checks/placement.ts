import { acknowledgementToken } from '../acknowledge.ts';
import { mayHoldState, type PreflightFacts } from '../facts.ts';
import type { Finding, FindingCode } from '../findings.ts';
import { valueOf } from '../known.ts';
import { otherNodesText } from '../placement/other-nodes.ts';
import { isSeveral } from '../several.ts';
import { coordinatorsNextPod, placementVerdict, type PlacementVerdict } from '../placement/verdict.ts';

/** What the placement verdict means for the sealed state (S4, S5). */
export function checkPlacement(facts: PreflightFacts): Finding[] {
  const verdict = placementVerdict(facts);
  switch (verdict.kind) {
    case 'nowhere-yet':
    case 'stays':
    case 'hands-on-key':
      return [];
    case 'unknown':
      return [unknownPlacement(facts, verdict)];
    case 'must-move':
      return [nodeRefuses(facts, verdict)];
    case 'may-move':
      return [
        blocking(facts, 'may-move', verdict.node, {
          message: `Nothing keeps the Coordinator on ${verdict.node}: ${verdict.reason}. ${consequence(facts)}`,
          remedy:
            'Set placement.stickiness to required, delete a pod of the group that is on another node (it follows the Coordinator), or make the room that is missing.',
        }),
      ];
    case 'moves-as-declared':
      return recoveryExpected(facts, verdict.node);
  }
}

/** Whether a move costs the Coordinator its key: it holds a Manifest, or may hold one, and seals to the CPU. */
export function sealedToNode(facts: PreflightFacts): boolean {
  return !facts.settings.coordinator.simulation && mayHoldState(facts);
}

function consequence(facts: PreflightFacts): string {
  return sealedToNode(facts)
    ? 'On another node it cannot unseal its state and needs a manual recovery; until then no Marble can start.'
    : 'No recovery would be needed: nothing is sealed to this node.';
}

type MustMove = Extract<PlacementVerdict, { kind: 'must-move' }>;

function nodeRefuses(facts: PreflightFacts, verdict: MustMove): Finding {
  const { node, filter, reason, detail } = verdict;
  const several = isSeveral(facts.target);
  const held = !several && facts.settings.placement.stickiness === 'required';
  const outcome = held
    ? 'The placement group keeps it there, so its new pod would stay Pending and no Marble could start.'
    : `It would move. ${consequence(facts)}`;
  const why = `${reason} (${filter}${detail === undefined ? '' : `: ${detail}`})`;
  const others = otherNodes(facts);
  const where = several
    ? `No Coordinator can hand on its key, and of the nodes that ran one before none takes a new pod. ${node}`
    : `The Coordinator runs on ${node}, and that node`;
  return blocking(facts, 'node-refuses-coordinator', node, {
    message: `${where} does not take its new pod: ${why}. ${outcome}${others}`,
    remedy: `${mend(facts, verdict)} If the Coordinator shall leave ${node}, say so: --set 'placement.avoidNodes={${node}}'.`,
  });
}

/** Where else the pod could go, in the form of the scheduler's own message; nothing where that was not asked. */
function otherNodes(facts: PreflightFacts): string {
  const pod = coordinatorsNextPod(facts);
  if (facts.otherNodes === undefined || pod === undefined) return '';
  if (!facts.otherNodes.known) return ` Where else it could go is not known: ${facts.otherNodes.why}.`;
  return ` ${otherNodesText(pod, facts.otherNodes.value)}`;
}

function mend({ settings }: PreflightFacts, { node, filter, reason, detail }: MustMove): string {
  switch (filter) {
    case 'NodeUnschedulable':
      return `Let the node take pods again: kubectl uncordon ${node}.`;
    case 'TaintToleration':
      return `Remove the taint (kubectl taint nodes ${node} ${detail ?? ''}-), or add a toleration of it to tolerations.`;
    case 'NodeAffinity':
      return `Give the node the labels that nodeSelector asks for (kubectl label node ${node} KEY=VALUE), or change nodeSelector.`;
    case 'NodeResourcesFit':
      return `Free the resource on the node (kubectl describe node ${node} shows who has it), or ask for less in coordinator.resources.`;
    case 'InterPodAffinity':
      return `See which pod stands against it${detail === undefined ? '' : ` (${detail})`}; a pod of the placement group that is on another node follows the Coordinator once it is deleted.`;
    default:
      if (!/^(Volume|persistent)/.test(`${filter}${reason}`)) return `Mend what is named on ${node}.`;
      return `See what is wrong with the claim: kubectl -n ${settings.release.namespace} describe persistentvolumeclaim.`;
  }
}

function recoveryExpected(facts: PreflightFacts, node: string): Finding[] {
  if (!sealedToNode(facts)) return [];
  return [
    blocking(facts, 'recovery-expected', node, {
      message: `placement.avoidNodes moves the Coordinator away from ${node}. ${consequence(facts)}`,
      remedy: 'Have the recovery secrets and their private keys at hand, then acknowledge the recovery.',
    }),
  ];
}

function unknownPlacement(
  { settings }: PreflightFacts,
  { node, reason }: Extract<PlacementVerdict, { kind: 'unknown' }>,
): Finding {
  return {
    code: 'placement-unknown',
    severity: 'warn',
    subject: node === undefined ? `deployment/${settings.coordinator.deployment}` : `node/${node}`,
    message: `It is not known whether the Coordinator stays on its node: ${reason}.`,
    remedy:
      'Check by hand that the node takes the pod, or give the hooks the rights that the chart asks for.',
  };
}

function blocking(
  facts: PreflightFacts,
  code: FindingCode,
  node: string,
  text: { message: string; remedy: string },
): Finding {
  const coordinator = valueOf(facts.coordinator);
  const stakes = [node, coordinator?.rootCertificate ?? '', coordinator?.manifest?.fingerprint ?? ''];
  return {
    code,
    severity: 'block',
    subject: `node/${node}`,
    ...text,
    token: acknowledgementToken(code, stakes),
  };
}
