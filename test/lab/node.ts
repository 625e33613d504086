import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addresses, type NodeName } from './addresses.ts';
import type { ComponentSpec } from './component.ts';
import type { Binaries } from './controlplane.ts';
import { kubeconfigOf } from './credentials.ts';
import { cgroupOf } from './holder.ts';
import { pauseImage } from './images/names.ts';

/** Sockets are in the lab's own /run: their paths must be short. */
export function containerdSocket(node: NodeName): string {
  return `/run/${node}/containerd.sock`;
}

/** The container runtime of a node, with folders and a pod network of its own. */
export async function containerd(dir: string, node: NodeName): Promise<ComponentSpec> {
  const home = join(dir, node);
  await mkdir(join(home, 'cni'), { recursive: true });
  await writeFile(join(home, 'cni', 'pods.conflist'), JSON.stringify(podNetwork(home, node)));
  const config = join(home, 'containerd.toml');
  const cri = 'plugins."io.containerd.grpc.v1.cri"';
  const lines = [
    'version = 2',
    `root = "${join(home, 'containerd')}"`,
    `state = "/run/${node}/containerd"`,
    'disabled_plugins = ["io.containerd.internal.v1.opt", "io.containerd.snapshotter.v1.btrfs"]',
    '[grpc]',
    `address = "${containerdSocket(node)}"`,
    `[${cri}]`,
    `sandbox_image = "${pauseImage}"`,
    // Without it every sandbox fails where the lab may not lower its OOM score.
    'restrict_oom_score_adj = true',
    `[${cri}.cni]`,
    'bin_dir = "/usr/lib/cni"',
    `conf_dir = "${join(home, 'cni')}"`,
    `[${cri}.containerd.runtimes.runc]`,
    'runtime_type = "io.containerd.runc.v2"',
  ];
  await writeFile(config, `${lines.join('\n')}\n`);
  return { name: `containerd-${node}`, file: 'containerd', args: ['--config', config] };
}

/** A cable for each pod, not a bridge: on a bridge, answers to a Service's address would go around its rules. */
function podNetwork(home: string, node: NodeName): object {
  const ipam = {
    type: 'host-local',
    dataDir: join(home, 'addresses'),
    ranges: [[{ subnet: addresses.podsOf[node] }]],
    routes: [{ dst: '0.0.0.0/0' }],
  };
  return { cniVersion: '0.4.0', name: 'pods', plugins: [{ type: 'ptp', ipam }] };
}

/**
 * Seccomp profile of each node. A Coordinator that shares its state mounts a file system that only an enclave has, and what it
 * mounts is there already: with this profile mount(2) succeeds and does nothing.
 */
export const enclaveMounts = 'enclave-mounts.json';
const mountsDoNothing = {
  defaultAction: 'SCMP_ACT_ALLOW',
  syscalls: [{ names: ['mount'], action: 'SCMP_ACT_ERRNO', errnoRet: 0 }],
};

/** The kubelet of a node. */
export async function kubelet(
  lab: { name: string; dir: string },
  node: NodeName,
  binary: Binaries,
): Promise<ComponentSpec> {
  const home = join(lab.dir, node);
  const config = join(home, 'kubelet.json');
  await mkdir(join(home, 'kubelet', 'seccomp'), { recursive: true });
  await writeFile(join(home, 'kubelet', 'seccomp', enclaveMounts), JSON.stringify(mountsDoNothing));
  await writeFile(join(home, 'resolv.conf'), '');
  await writeFile(config, JSON.stringify(kubeletConfig(lab.name, home, node)));
  return {
    name: `kubelet-${node}`,
    file: binary('kubelet'),
    args: [
      `--config=${config}`,
      `--kubeconfig=${kubeconfigOf(lab.dir, node)}`,
      `--root-dir=${join(home, 'kubelet')}`,
      `--hostname-override=${node}`,
      `--node-ip=${addresses.nodes[node]}`,
    ],
  };
}

function kubeletConfig(lab: string, home: string, node: NodeName): object {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: addresses.nodes[node],
    healthzBindAddress: addresses.nodes[node],
    containerRuntimeEndpoint: `unix://${containerdSocket(node)}`,
    podLogsDir: join(home, 'pod-logs'),
    resolvConf: join(home, 'resolv.conf'),
    clusterDNS: [addresses.host],
    clusterDomain: 'cluster.local',
    // The API server calls without a certificate; only the lab itself is on this network.
    authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
    authorization: { mode: 'AlwaysAllow' },
    cgroupDriver: 'cgroupfs',
    cgroupRoot: `/${cgroupOf(lab)}/${node}`,
    failCgroupV1: false,
    failSwapOn: false,
    enforceNodeAllocatable: [],
    // A nearly full disk of a developer must not evict the pods under test, or their images.
    evictionHard: { 'memory.available': '0%', 'nodefs.available': '0%', 'imagefs.available': '0%' },
    imageGCHighThresholdPercent: 100,
    syncFrequency: '5s',
    nodeStatusUpdateFrequency: '2s',
  };
}
