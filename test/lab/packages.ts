import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { systemPath } from './component.ts';
import { exists } from './files.ts';
import type { Progress } from './progress.ts';

/** Commands or files that something needs, and the Debian package that brings each. */
export type Packages = Readonly<Record<string, string>>;

const needed: Packages = {
  containerd: 'containerd',
  runc: 'runc',
  '/usr/lib/cni/ptp': 'containernetworking-plugins',
  iptables: 'iptables',
  '/bin/busybox': 'busybox-static',
  tini: 'tini',
  ip: 'iproute2',
  nsenter: 'util-linux',
  mount: 'mount',
  openssl: 'openssl',
  curl: 'curl',
  jq: 'jq',
  gcc: 'gcc',
  '/usr/include/stdlib.h': 'libc6-dev',
};

async function missingPackages(files = needed): Promise<string[]> {
  const found = await Promise.all(
    Object.entries(files).map(async ([file, name]) => ((await isThere(file)) ? [] : [name])),
  );
  return found.flat();
}

async function isThere(file: string): Promise<boolean> {
  const places = systemPath.split(delimiter).map((folder) => join(folder, file));
  const found = await Promise.all((file.startsWith('/') ? [file] : places).map(exists));
  return found.includes(true);
}

/** Installs the Debian packages that are missing; throws an error that names those it could not install. */
export async function installPackages(progress: Progress, files: Packages = needed): Promise<void> {
  const missing = await missingPackages(files);
  if (missing.length === 0) return;
  progress(`Installing Debian packages: ${missing.join(' ')}`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['install', '--yes', '--no-install-recommends', ...missing];
  await execa('apt-get', ['update'], { env, reject: false });
  const { stderr } = await execa('apt-get', install, { env, reject: false });
  const left = await missingPackages(files);
  if (left.length > 0) throw new Error(`apt-get could not install ${left.join(' ')}:\n${stderr}`);
}

/** Why this machine cannot run the lab; empty when it can. Missing Debian packages count only where apt-get is missing too. */
export async function missingForLab(): Promise<string[]> {
  if (process.platform !== 'linux') return ['the lab needs Linux: it runs kubelets and containers'];
  const reasons: string[] = [];
  if (process.getuid?.() !== 0) reasons.push('the lab needs root: it makes namespaces, mounts and cgroups');
  if (!(await hasGo()))
    reasons.push('the lab needs Go 1.26 or newer on PATH: it builds Kubernetes and the Coordinators');
  const packages = await missingPackages();
  if (packages.length > 0 && !(await exists('/usr/bin/apt-get'))) {
    reasons.push(`the lab needs apt-get, or these Debian packages: ${packages.join(' ')}`);
  }
  return reasons;
}

async function hasGo(): Promise<boolean> {
  const { failed, stdout } = await execa('go', ['env', 'GOVERSION'], { reject: false });
  if (failed) return false;
  const [, major, minor] = /^go(\d+)\.(\d+)/.exec(stdout) ?? [];
  return Number(major) > 1 || Number(minor) >= 26;
}
