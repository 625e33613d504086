import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { cacheDir } from '../support/cache.ts';
import { exists } from './files.ts';
import type { Progress } from './progress.ts';

/** A program that is built from a Go module under `go/`. */
export interface Program {
  readonly name: string;
  readonly module: string;
  readonly package: string;
  readonly env: Readonly<Record<string, string>>;
  readonly flags: readonly string[];
}

/** The versions of Kubernetes that a lab can have; the first unless it is told another. */
export const kubernetesVersions = ['v1.34.4', 'v1.36.3'] as const;
export type KubernetesVersion = (typeof kubernetesVersions)[number];

const nodesVersion = kubernetesVersions[0];
const moduleOf = { 'v1.34.4': 'kubernetes', 'v1.36.3': 'kubernetes-v1.36' } as const;
const versionVariable = 'k8s.io/component-base/version.git';
const withoutC = { CGO_ENABLED: '0' };
const small = ['-ldflags', '-s -w'];

function kubernetes(name: string, version: KubernetesVersion): Program {
  const linker = [
    '-s -w',
    `-X ${versionVariable}Version=${version}`,
    `-X ${versionVariable}Major=1`,
    `-X ${versionVariable}Minor=${version.split('.')[1] ?? ''}`,
  ].join(' ');
  return {
    name,
    module: moduleOf[version],
    package: `k8s.io/kubernetes/cmd/${name}`,
    env: withoutC,
    flags: ['-ldflags', linker],
  };
}

function marblerun(name: string, version: string): Program {
  return {
    name,
    module: `coordinator-${version}`,
    package: `github.com/edgelesssys/marblerun/cmd/${name}`,
    // From 1.9 on a Coordinator exits unless Go's cryptography is in FIPS mode.
    env: version === 'v1.9.1' ? { CGO_ENABLED: '1', GOFIPS140: 'latest' } : { CGO_ENABLED: '1' },
    flags: name === 'marble-test' ? [...small, '-tags', 'marblerun_ego_enclave'] : small,
  };
}

/**
 * What makes a cluster out of processes on the host. Only the control plane is of the version: a kubelet may be three
 * minor versions older (https://kubernetes.io/releases/version-skew-policy), and those from 1.36 on want containerd 2.
 */
export function clusterPrograms(version: KubernetesVersion): readonly Program[] {
  return [
    ...['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'].map((name) =>
      kubernetes(name, version),
    ),
    ...['kubelet', 'kube-proxy'].map((name) => kubernetes(name, nodesVersion)),
    {
      name: 'etcd',
      module: 'etcd',
      package: 'go.etcd.io/etcd/server/v3',
      env: withoutC,
      flags: small,
    },
    { name: 'coredns', module: 'coredns', package: '.', env: withoutC, flags: small },
  ];
}

/** The versions of the Coordinator that the lab has an image of. */
export const coordinatorVersions = ['v1.5.0', 'v1.8.0', 'v1.9.1'] as const;

/** The Coordinator of a version, in its build without an enclave. */
export function coordinatorProgram(version: (typeof coordinatorVersions)[number]): Program {
  return marblerun('coordinator', version);
}

/** MarbleRun's own test Marble. */
export const marbleProgram = marblerun('marble-test', 'v1.9.1');

/** MarbleRun's injector, the webhook for new Marbles. */
export const injectorProgram: Program = {
  name: 'marble-injector',
  module: 'marble-injector-v1.9.1',
  package: 'github.com/edgelesssys/marblerun/cmd/marble-injector',
  env: withoutC,
  flags: small,
};

/** Plays any number of nodes; built when a test asks for it. */
export const kwokProgram: Program = {
  name: 'kwok',
  module: 'kwok',
  package: 'sigs.k8s.io/kwok/cmd/kwok',
  env: withoutC,
  flags: small,
};

/** A registry for charts and images; built when a test asks for it. */
export const registryProgram: Program = {
  name: 'registry',
  module: 'registry',
  package: 'github.com/distribution/distribution/v3/cmd/registry',
  env: withoutC,
  flags: small,
};

/** Holds objects against JSON schemas; built when a test asks for it. */
export const kubeconformProgram: Program = {
  name: 'kubeconform',
  module: 'kubeconform',
  package: 'github.com/yannh/kubeconform/cmd/kubeconform',
  env: withoutC,
  flags: small,
};

/** Argo CD's programs in one, which acts by its name; built when a test asks for it. */
export const argocdProgram: Program = {
  name: 'argocd',
  module: 'argocd',
  package: 'github.com/argoproj/argo-cd/v3/cmd',
  env: withoutC,
  flags: small,
};

/** The folder of the Go module that a program comes from. */
export function moduleDir({ module }: Program): string {
  return join(import.meta.dirname, 'go', module);
}

/**
 * Builds a program unless the cache has it, and answers its path. The path tells module versions and build flags
 * apart. An interrupted build goes on where Go's own build cache left it.
 */
export async function built(program: Program, progress: Progress): Promise<string> {
  const path = await binaryPath(program);
  if (await exists(path)) return path;
  progress(`Building ${program.name} (${program.module})`);
  const partial = `${path}.${process.pid}`;
  await mkdir(dirname(path), { recursive: true });
  await execa('go', ['build', '-o', partial, ...program.flags, program.package], {
    cwd: moduleDir(program),
    env: { GOWORK: 'off', ...program.env },
  });
  await rename(partial, path);
  return path;
}

async function binaryPath(program: Program): Promise<string> {
  const hash = createHash('sha256');
  for (const file of (await readdir(moduleDir(program))).sort()) {
    hash.update(await readFile(join(moduleDir(program), file)));
  }
  hash.update(JSON.stringify([program.package, program.flags, program.env]));
  const key = hash.digest('hex').slice(0, 12);
  return join(cacheDir, 'bin', `${program.module}-${key}`, program.name);
}
