import type { ObjectMeta, ReplicaSet } from '../../hooks/core/objects.ts';
import { marbleDeployment } from '../lab/mesh.ts';
import type { Release } from './release.ts';

/** A Marble that a test wants: a Deployment of one pod, with what is changed of the usual one. */
export interface Wish {
  readonly name: string;
  /** Unless it lives with its Coordinator. */
  readonly namespace?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Replaces fields of the Deployment's spec, the pod's and the container's. */
  readonly spec?: object;
  readonly pod?: object;
  readonly container?: object;
  /** More containers of the pod. */
  readonly beside?: readonly object[];
  /** Added to the container's environment; what is there by this name gives way. */
  readonly env?: readonly { readonly name: string }[];
}

/** The parts of a Marble's Deployment that a wish can change. */
interface MarbleDeployment {
  readonly metadata: ObjectMeta;
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly containers: readonly [{ readonly env: readonly { readonly name: string }[] }];
      };
    };
  };
}

/** The annotation for a wave, as users write it. */
export function wave(number: number): Readonly<Record<string, string>> {
  return { 'marblerun-hooks/wave': String(number) };
}

/** Starts Marbles and waits until the Coordinator has let all of them in. */
export async function startFleet(release: Release, ...wishes: readonly Wish[]): Promise<void> {
  await release.lab.apply(...wishes.map((wish) => deploymentOf(release, wish)));
  const homes = Map.groupBy(wishes, ({ namespace = release.namespace }) => namespace);
  for (const [namespace, those] of homes) {
    const names = those.map(({ name }) => `deployment/${name}`);
    const wait = ['wait', '--for=condition=Available', '--timeout=90s', ...names];
    await release.lab.kubectl('-n', namespace, ...wait);
  }
}

function deploymentOf(release: Release, wish: Wish): object {
  const { name, namespace = release.namespace, annotations = {}, env = [], beside = [] } = wish;
  const options = { namespace, mesh: release.namespace };
  const { metadata, spec, ...rest } = marbleDeployment(name, options) as MarbleDeployment;
  const pod = spec.template.spec;
  const [container] = pod.containers;
  const kept = container.env.filter((each) => !env.some((other) => other.name === each.name));
  const changed = { ...container, env: [...kept, ...env], ...wish.container };
  return {
    ...rest,
    metadata: { ...metadata, annotations },
    spec: {
      ...spec,
      ...wish.spec,
      template: { ...spec.template, spec: { ...pod, containers: [changed, ...beside], ...wish.pod } },
    },
  };
}

/**
 * How often each Marble of a namespace was restarted since it was made, as the API server tells: a Deployment has one
 * ReplicaSet for each pod template that it ever had.
 */
export async function restarts(
  release: Release,
  namespace = release.namespace,
): Promise<Record<string, number>> {
  const where = ['-n', namespace, '-l', 'marblerun/marbletype'];
  const { items } = await release.lab.get<{ items: ReplicaSet[] }>('replicasets', ...where);
  const byOwner = Map.groupBy(items, ({ metadata }) => metadata.ownerReferences?.[0]?.name ?? '');
  return Object.fromEntries([...byOwner].map(([name, sets]) => [name, sets.length - 1]));
}

/** The same number for each of the names. */
export function each(names: readonly string[], number: number): Record<string, number> {
  return Object.fromEntries(names.map((name) => [name, number]));
}
