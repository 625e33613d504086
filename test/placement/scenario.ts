import type { HookFiles } from '../../hooks/io/settings.ts';
import type {
  Deployment,
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
} from '../../hooks/core/objects.ts';
import type { Random } from './random.ts';

/** The namespaces that a scenario plays in: the release's and a foreign one. */
export interface Namespaces {
  /** The release's; `limited` has a LimitRange that gives containers a CPU request. */
  plain: string;
  limited: string;
  other: string;
}

/** A claim, with the volume that it is bound to. */
export interface Storage {
  claim: PersistentVolumeClaim;
  volume?: PersistentVolume | undefined;
  /** True: somebody has asked to delete the claim already. */
  deleted?: boolean;
}

/** A cluster before an upgrade, as plain objects, and the upgrade. */
export interface Scenario {
  seed: number;
  /** What was mixed in, for people. */
  wrinkles: string[];
  namespace: string;
  other: string;
  files: HookFiles;
  /** The Deployment as it is before. */
  live: Deployment;
  /** The Coordinator's pod as it is before; it is on the first node. */
  old: Pod;
  nodes: Node[];
  storage: Storage[];
  /** Every other pod, with its node. */
  pods: Pod[];
  /** Names of pods that are on their way out. */
  leaving: string[];
}

/** What a wrinkle works with. */
export interface Making {
  random: Random;
  scenario: Scenario;
  /** Prefix of all names of the scenario. */
  id: string;
  /** The template that Helm applies. */
  target: Deployment['spec']['template'];
  /** The node of the sealed state. */
  here: Node;
  /** The others. */
  others: Node[];
}

/** Changes a scenario in place, and says what it did. */
export type Wrinkle = (making: Making) => string;

/** Labels of a template, there to be changed. */
export function labelsOf(template: Making['target']): Record<string, string> {
  const metadata = (template.metadata ??= {});
  return (metadata.labels ??= {});
}

/** Puts one more pod on a node, and answers it. */
export function addPod(making: Making, node: Node, change: (pod: Pod) => void = () => undefined): Pod {
  const { scenario, id } = making;
  const pod: Pod = {
    metadata: {
      name: `${id}-p${scenario.pods.length}`,
      namespace: scenario.namespace,
      labels: { app: 'other' },
    },
    spec: {
      nodeName: node.metadata.name,
      tolerations: [{ operator: 'Exists' }],
      containers: [{ name: 'c', image: 'i' }],
    },
  };
  change(pod);
  scenario.pods.push(pod);
  return pod;
}

/** Requires the target's pod to be near, or far from, pods. */
export function require(
  template: Making['target'],
  kind: 'podAffinity' | 'podAntiAffinity',
  term: object,
): void {
  const affinity = (template.spec.affinity ??= {});
  const rules = (affinity[kind] ??= {});
  (rules.requiredDuringSchedulingIgnoredDuringExecution ??= []).push(term as never);
}
