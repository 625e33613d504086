import type { Known } from '../known.ts';
import type { Deployment, ObjectMeta } from '../objects.ts';

/** A HorizontalPodAutoscaler as far as it is read. */
export interface Autoscaler {
  metadata: ObjectMeta;
  spec: { scaleTargetRef: { kind: string; name: string } };
}

/** Who else sets the Coordinator's replica count, which a restore sets to 0 and back: a line for each. */
export function replicaOwners({ metadata }: Deployment, autoscalers: Known<Autoscaler[]>): string[] {
  const keys = [...Object.keys(metadata.annotations ?? {}), ...Object.keys(metadata.labels ?? {})];
  const has = (start: string): boolean => keys.some((key) => key.startsWith(start));
  const gitOps = [
    ...(has('argocd.argoproj.io/') &&
    (has('argocd.argoproj.io/tracking-id') || has('argocd.argoproj.io/instance'))
      ? [
          'Argo CD applies this Deployment: with self-heal it starts the Coordinator again. Turn that off meanwhile.',
        ]
      : []),
    ...(has('helm.toolkit.fluxcd.io/') || has('kustomize.toolkit.fluxcd.io/')
      ? [
          'Flux applies this Deployment and may start the Coordinator again. Suspend it meanwhile: flux suspend.',
        ]
      : []),
  ];
  if (!autoscalers.known)
    return [...gitOps, `Whether an autoscaler scales it is not known: ${autoscalers.why}.`];
  const scaling = autoscalers.value.filter(
    ({ spec: { scaleTargetRef: target } }) => target.kind === 'Deployment' && target.name === metadata.name,
  );
  // Kubernetes, "Implicit maintenance-mode deactivation": nothing is scaled from 0 until somebody else does.
  const lines = scaling.map(
    (each) =>
      `horizontalpodautoscaler/${each.metadata.name} scales it: it leaves 0 alone, and sets its own count afterwards.`,
  );
  return [...gitOps, ...lines];
}
