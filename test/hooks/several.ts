import type { PreflightFacts } from '../../hooks/core/facts.ts';
import { known } from '../../hooks/core/known.ts';
import type { Deployment, Pod } from '../../hooks/core/objects.ts';
import type { PodAnswer } from '../../hooks/core/several.ts';
import { coordinator, deployment, node, pod, type Change } from './builders.ts';

/** A Coordinator's pod by a short name, on a node. */
export function podOn(name: string, nodeName: string): Pod {
  return pod(({ metadata, spec, status }) => {
    metadata.name = name;
    metadata.uid = `uid-${name}`;
    spec.nodeName = nodeName;
    if (status !== undefined) status.podIP = `10.244.1.${name.length}`;
  });
}

/** A pod that answers with this state. */
export function answer(name: string, state: number, nodeName = 'sgx-1'): PodAnswer {
  return {
    pod: podOn(name, nodeName),
    coordinator: state === 3 ? coordinator() : { state },
  };
}

/** A Deployment of two Coordinators that share their state. */
export function sharing(change: Change<Deployment> = () => undefined): Deployment {
  return deployment((object) => {
    object.spec.replicas = 2;
    object.spec.strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } };
    object.spec.template.spec.containers[0]?.env?.push({ name: 'EDG_DISTRIBUTED_COORDINATOR', value: '1' });
    change(object);
  });
}

/** Two of them on two nodes, about to be replaced by two of the same version. */
export const severalRun: Change<PreflightFacts> = (facts) => {
  facts.settings.coordinator.version = 'v1.8.0';
  facts.live = sharing();
  facts.target = sharing();
  facts.pods = [podOn('a', 'sgx-1'), podOn('bb', 'sgx-2')];
  facts.group = [...facts.pods];
  facts.oldNodes = ['sgx-1', 'sgx-2'].map((name) => {
    const there = node(({ metadata }) => {
      metadata.name = name;
      Object.assign(metadata.labels ?? {}, { 'kubernetes.io/hostname': name });
    });
    return known({ node: there, pods: [] });
  });
};
