import { isReady, podTrouble } from '../pod-trouble.ts';
import { nodesOf } from '../several.ts';
import { deploymentStatus } from '../status/deployment.ts';
import { speakerOf } from '../watch/scene.ts';
import type { StatusFacts } from './facts.ts';
import { notKnown, plain, type Section } from './rows.ts';

/** The pod that holds the Coordinator's node and watches it. */
export function anchorSection(facts: StatusFacts): Section {
  const { anchor } = facts;
  const title = 'Anchor';
  if (!anchor.known) return { title, rows: [notKnown('Anchor', anchor.why)] };
  if (anchor.value === undefined) {
    return { title, rows: [plain('Anchor', 'none: nothing holds the node or watches between upgrades')] };
  }
  const { deployment, pods } = anchor.value;
  const name = `deployment/${deployment.metadata.name}`;
  const nodes = nodesOf(pods);
  const where = nodes.length === 0 ? 'on no node' : `on ${nodes.join(', ')}`;
  if (!pods.some(isReady)) {
    const trouble = pods.map(podTrouble).find((found) => found !== undefined);
    const why = trouble ?? 'it has seen for too long that no Marble can start, or has just begun';
    return { title, rows: [{ name, value: `not Ready ${where}: ${why}`, mark: 'bad' }] };
  }
  const apart = speakerOf(facts)?.pod.spec.nodeName;
  if (apart !== undefined && !nodes.includes(apart)) {
    return {
      title,
      rows: [{ name, value: `Ready ${where}, not beside the Coordinator on ${apart}`, mark: 'bad' }],
    };
  }
  const { done, message } = deploymentStatus(deployment);
  return { title, rows: [{ name, value: `Ready ${where}${done ? '' : `; ${message}`}`, mark: 'good' }] };
}
