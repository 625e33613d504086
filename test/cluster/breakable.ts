import { setTimeout as delay } from 'node:timers/promises';
import type { Pod } from '../../hooks/core/objects.ts';
import { marbleImage } from '../lab/images/names.ts';
import type { Lab } from '../lab/lab.ts';
import { containerdSocket } from '../lab/node.ts';
import { nodeNames } from '../lab/addresses.ts';
import type { Wish } from './fleet.ts';
import type { Release } from './release.ts';

/**
 * A Marble that runs on something outside its pod template: with that broken, the pod that runs goes on, and the next
 * one does not start.
 */
export interface Breakable {
  readonly wish: Wish;
  /** Makes what the Marble needs; called again, mends it. */
  mend(): Promise<void>;
  break(): Promise<void>;
}

/** Its image is on the nodes, and is never pulled. */
export function withImage({ lab, namespace }: Release): Breakable {
  const image = `docker.io/local/marble-of-${namespace}:1`;
  return {
    wish: { name: 'pictureless', container: { image } },
    mend: async () => {
      await onAllNodes(lab, 'tag', '--force', marbleImage, image);
    },
    break: async () => {
      await onAllNodes(lab, 'rm', '--sync', image);
    },
  };
}

async function onAllNodes(lab: Lab, ...args: string[]): Promise<void> {
  for (const node of nodeNames) {
    await lab.exec('ctr', ['--address', containerdSocket(node), '--namespace', 'k8s.io', 'images', ...args]);
  }
  // The kubelets' side of containerd hears of it by an event.
  await delay(1000);
}

/** The last thing that the broken {@link withStartScript} says. */
export const lastLine = 'cannot open the ledger: no such file';

/** It is started by a script in a ConfigMap. */
export function withStartScript(release: Release): Breakable {
  const name = 'crashing';
  const give = (start: string): Promise<void> => giveConfig(release, name, { start });
  return {
    wish: {
      name,
      container: {
        command: ['/bin/busybox', 'sh', '/config/start'],
        volumeMounts: [
          { name: 'data', mountPath: '/data' },
          { name: 'config', mountPath: '/config' },
        ],
      },
      pod: {
        volumes: [
          { name: 'data', emptyDir: {} },
          { name: 'config', configMap: { name } },
        ],
      },
    },
    mend: () => give('exec /marble serve\n'),
    break: () => give(`echo opening\necho "${lastLine}"\nexit 7\n`),
  };
}

/** It learns its Marble type from a ConfigMap; the broken one is a type that is in no Manifest. */
export function withType(release: Release): Breakable {
  const name = 'refused';
  const valueFrom = { configMapKeyRef: { name, key: 'type' } };
  const variable = { name: 'EDG_MARBLE_TYPE', valueFrom };
  return {
    wish: { name, env: [variable] },
    mend: () => giveConfig(release, name, { type: 'backend' }),
    break: () => giveConfig(release, name, { type: 'stranger' }),
  };
}

/** It wants a label of a node. */
export function withNodeLabel({ lab, namespace }: Release): Breakable {
  const label = `lab/home-of-${namespace}`;
  const [node] = nodeNames;
  return {
    wish: { name: 'homeless', pod: { nodeSelector: { [label]: 'yes' } } },
    mend: async () => {
      await lab.kubectl('label', 'node', node, '--overwrite', `${label}=yes`);
    },
    break: async () => {
      await lab.kubectl('label', 'node', node, `${label}-`);
    },
  };
}

async function giveConfig(
  { lab, namespace }: Release,
  name: string,
  data: Readonly<Record<string, string>>,
): Promise<void> {
  await lab.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data });
}

/** Deletes the Marbles' pods that are not ready: the kubelet's pause between two tries grows to minutes. */
export async function deleteBroken(release: Release): Promise<void> {
  const broken = (await release.pods('marblerun/marbletype')).filter((pod) => !isReady(pod));
  await release.kubectl('delete', 'pod', '--wait=false', ...broken.map(({ metadata }) => metadata.name));
}

function isReady({ status }: Pod): boolean {
  return status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true;
}
