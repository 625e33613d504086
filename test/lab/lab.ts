/**
 * A real two-node Kubernetes cluster on this machine, without a container engine: etcd, the control plane, two
 * kubelets with a containerd each, in namespaces of their own. All of it lives in one PID namespace below one holder
 * process, so the kernel ends it as a whole: by `down`, when the process that started it ends, or when that one is
 * killed. What is built for it is kept in the cache folder, by version.
 *
 * `startLab` and `openLab` are for tests, main.ts is for people (`npm run lab`). Volumes, extended resources, fake
 * nodes, Argo CD and a mesh to put on it are in volumes.ts, resources.ts, kwok.ts, argocd.ts and mesh.ts.
 */
export type { AuditedRequest } from './audit.ts';
export { endLab, openLab, type Lab, type Listener, type Printed } from './handle.ts';
export type { ExecOptions, ExecResult } from './inside.ts';
export { missingForLab } from './packages.ts';
export { buildLab, startLab, type StartOptions } from './start.ts';
