import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import { execa } from 'execa';
import { addresses, nodeNames, type NodeName } from './addresses.ts';
import { makeCgroups } from './cgroups.ts';
import { awaitComponent, entering, startComponent, type ComponentSpec, type Place } from './component.ts';
import { apiServer, controllers, dns, etcd, proxy, type Binaries } from './controlplane.ts';
import { makeCredentials } from './credentials.ts';
import { cgroupOf, holdLab, type Holder } from './holder.ts';
import { nodeImages } from './images/base.ts';
import { linkClients } from './inside.ts';
import { endLab, handle, type Lab, type Listener } from './handle.ts';
import { makeNetwork } from './network.ts';
import { containerd, containerdSocket, kubelet } from './node.ts';
import { installPackages, missingForLab } from './packages.ts';
import { built, clusterPrograms, kubernetesVersions, type KubernetesVersion } from './programs.ts';
import type { Progress } from './progress.ts';
import { claim, sweep, writeState } from './state.ts';
import { storageClass } from './volumes.ts';

/** How a lab is started. */
export interface StartOptions {
  /** Random unless given. */
  readonly name?: string;
  readonly onProgress?: Progress;
  /** Told of everything that commands in the lab print. */
  readonly onPrinted?: Listener;
  /** Of the control plane. */
  readonly kubernetes?: KubernetesVersion;
  /** True: the lab outlives this process. Otherwise it ends with it, however it ends. */
  readonly keep?: boolean;
}

/** Builds what is missing and starts a lab; answers it once both nodes are Ready. On failure nothing is left. */
export async function startLab(options: StartOptions = {}): Promise<Lab> {
  const {
    name = `t-${randomBytes(3).toString('hex')}`,
    onProgress = () => undefined,
    onPrinted = () => undefined,
    kubernetes = kubernetesVersions[0],
    keep = false,
  } = options;
  const binary = await buildLab(onProgress, kubernetes);
  const dir = await claim(name);
  const holder = await holdLab(name, dir).catch(async (error: unknown) => {
    await sweep(name);
    throw error;
  });
  try {
    const state = { name, outer: holder.outer, first: holder.first };
    await writeState({ ...state, ready: false });
    const lab = handle({ ...state, ready: true }, onProgress, onPrinted);
    await bringUp(lab, holder, binary, onProgress);
    await writeState({ ...state, ready: true });
    if (keep) await holder.stay();
    return lab;
  } catch (error) {
    await endLab(name);
    throw error;
  }
}

/** Installs and builds what a lab is made of, unless it is there; answers where its programs are. */
export async function buildLab(
  progress: Progress,
  kubernetes: KubernetesVersion = kubernetesVersions[0],
): Promise<Binaries> {
  const reasons = await missingForLab();
  if (reasons.length > 0) throw new Error(`This machine cannot run the lab: ${reasons.join('; ')}`);
  await installPackages(progress);
  const paths = new Map<string, string>();
  for (const program of clusterPrograms(kubernetes)) paths.set(program.name, await built(program, progress));
  for (const node of nodeNames) await nodeImages(node, progress);
  return (name) => paths.get(name) ?? basename(name);
}

async function bringUp(lab: Lab, holder: Holder, binary: Binaries, progress: Progress): Promise<void> {
  const place: Place = { dir: lab.dir, first: holder.first };
  progress('Starting the control plane and the container runtimes');
  await makeCgroups(cgroupOf(lab.name), nodeNames);
  await makeNetwork(place);
  const runtimes = Promise.all(nodeNames.map((node) => startRuntime(place, node)));
  const images = runtimes.then(() => Promise.all([lab.loadImages(), lab.loadHookImage()]));
  await Promise.all([startControlPlane(lab, place, binary), runtimes]);
  progress('Starting the nodes, importing images');
  await Promise.all([startNodes(lab, place, binary), images]);
}

async function startControlPlane(lab: Lab, place: Place, binary: Binaries): Promise<void> {
  const { dir } = lab;
  await Promise.all([makeCredentials(dir), linkClients(dir)]);
  await startComponent(place, etcd(dir, binary));
  await startComponent(place, await apiServer(dir, binary));
  await awaitComponent(place, 'kube-apiserver', () => answers(lab));
  const rest: ComponentSpec[] = [...controllers(dir, binary), proxy(dir, binary), await dns(dir, binary)];
  for (const spec of rest) await startComponent(place, spec);
  await lab.apply(storageClass);
}

async function startRuntime(place: Place, node: NodeName): Promise<void> {
  const spec = await containerd(place.dir, node);
  await startComponent(place, spec);
  const version = [...entering(place), 'ctr', '--address', containerdSocket(node), 'version'];
  const ready = async (): Promise<boolean> =>
    (await execa('nsenter', version, { reject: false })).exitCode === 0;
  await awaitComponent(place, spec.name, ready);
}

async function startNodes(lab: Lab, place: Place, binary: Binaries): Promise<void> {
  for (const node of nodeNames) await startComponent(place, await kubelet(lab, node, binary));
  for (const node of nodeNames) {
    await awaitComponent(place, `kubelet-${node}`, () => isReady(lab, node));
  }
  await awaitComponent(place, 'kube-proxy', () => answers(lab, `https://${addresses.apiService}`));
  await awaitComponent(place, 'kube-controller-manager', async () => {
    // Without this account no pod can be created yet.
    const account = await lab.exec('kubectl', ['get', 'serviceaccount', 'default'], { reject: false });
    return account.exitCode === 0;
  });
}

async function answers(lab: Lab, server?: string): Promise<boolean> {
  const where = server === undefined ? [] : ['--server', server];
  const reply = await lab.exec('kubectl', [...where, 'get', '--raw', '/readyz'], { reject: false });
  return reply.stdout === 'ok';
}

async function isReady(lab: Lab, node: string): Promise<boolean> {
  const path = 'jsonpath={.status.conditions[?(@.type=="Ready")].status}';
  const reply = await lab.exec('kubectl', ['get', 'node', node, '-o', path], { reject: false });
  return reply.stdout === 'True';
}
