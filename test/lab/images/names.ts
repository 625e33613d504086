/** What the kubelets hold a pod's namespaces with. */
export const pauseImage = 'docker.io/local/pause:1';

/** A Coordinator without an enclave, with a seal key that is bound to the node. */
export function coordinatorImage(version: 'v1.5.0' | 'v1.8.0' | 'v1.9.1'): string {
  return `docker.io/local/coordinator:${version}`;
}

/** MarbleRun's test Marble; `serve` as its argument keeps it running. */
export const marbleImage = 'docker.io/local/marble:v1.9.1';

/** MarbleRun's injector. */
export const injectorImage = 'docker.io/local/marble-injector:v1.9.1';

/** The program of the chart's hooks. */
export function hookImage(version: string): string {
  return `docker.io/local/marblerun-hooks:${version}`;
}
