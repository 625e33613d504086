import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addresses } from './addresses.ts';
import { auditPolicy } from './audit.ts';
import type { ComponentSpec } from './component.ts';
import { credentialsOf, kubeconfigOf } from './credentials.ts';

/** Answers the path of a built program. */
export type Binaries = (name: string) => string;

const etcdAddress = 'http://127.0.0.1:2379';
/** Without these, 500 Deployments take minutes. */
const fastClient = ['--kube-api-qps=2000', '--kube-api-burst=3000'];

/** The lab's audit log: one line for each request that {@link auditPolicy} asks for. */
export function auditLogOf(dir: string): string {
  return join(dir, 'logs', 'audit.log');
}

/** etcd: without TLS, for nothing outside the lab's network reaches it, and without waiting for the disk. */
export function etcd(dir: string, binary: Binaries): ComponentSpec {
  const peer = 'http://127.0.0.1:2380';
  return {
    name: 'etcd',
    file: binary('etcd'),
    args: [
      `--data-dir=${join(dir, 'etcd')}`,
      '--unsafe-no-fsync',
      `--listen-client-urls=${etcdAddress}`,
      `--advertise-client-urls=${etcdAddress}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=default=${peer}`,
    ],
  };
}

/** The API server, with an audit log of what ServiceAccounts ask. */
export async function apiServer(dir: string, binary: Binaries): Promise<ComponentSpec> {
  const { certificate, key, serviceAccountKey, tokens } = credentialsOf(dir);
  const policy = join(dir, 'audit-policy.json');
  await writeFile(policy, JSON.stringify(auditPolicy));
  return {
    name: 'kube-apiserver',
    file: binary('kube-apiserver'),
    args: [
      `--etcd-servers=${etcdAddress}`,
      `--advertise-address=${addresses.host}`,
      `--service-cluster-ip-range=${addresses.services}`,
      '--allow-privileged',
      '--authorization-mode=Node,RBAC',
      '--enable-admission-plugins=NodeRestriction',
      // Names of nodes are in no DNS.
      '--kubelet-preferred-address-types=InternalIP',
      `--tls-cert-file=${certificate}`,
      `--tls-private-key-file=${key}`,
      `--client-ca-file=${certificate}`,
      `--token-auth-file=${tokens}`,
      '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
      `--service-account-key-file=${serviceAccountKey}`,
      `--service-account-signing-key-file=${serviceAccountKey}`,
      `--audit-policy-file=${policy}`,
      `--audit-log-path=${auditLogOf(dir)}`,
    ],
  };
}

/** The controllers and the scheduler. */
export function controllers(dir: string, binary: Binaries): ComponentSpec[] {
  const { certificate, key, serviceAccountKey } = credentialsOf(dir);
  const common = (name: string): string[] => [
    `--kubeconfig=${kubeconfigOf(dir, name)}`,
    `--authentication-kubeconfig=${kubeconfigOf(dir, name)}`,
    `--authorization-kubeconfig=${kubeconfigOf(dir, name)}`,
    '--leader-elect=false',
    '--bind-address=127.0.0.1',
    ...fastClient,
  ];
  const managerArgs = [
    ...common('kube-controller-manager'),
    '--use-service-account-credentials',
    `--service-account-private-key-file=${serviceAccountKey}`,
    `--root-ca-file=${certificate}`,
    `--cluster-signing-cert-file=${certificate}`,
    `--cluster-signing-key-file=${key}`,
  ];
  return [
    { name: 'kube-controller-manager', file: binary('kube-controller-manager'), args: managerArgs },
    { name: 'kube-scheduler', file: binary('kube-scheduler'), args: common('kube-scheduler') },
  ];
}

/** Service addresses: one kube-proxy is enough, for both nodes share the lab's network namespace. */
export function proxy(dir: string, binary: Binaries): ComponentSpec {
  return {
    name: 'kube-proxy',
    file: binary('kube-proxy'),
    args: [
      `--kubeconfig=${kubeconfigOf(dir, 'kube-proxy')}`,
      '--proxy-mode=iptables',
      `--cluster-cidr=${addresses.pods}`,
      '--hostname-override=node-a',
      // Limits of connection tracking belong to the whole machine.
      '--conntrack-max-per-core=0',
      '--conntrack-min=0',
      '--conntrack-tcp-timeout-established=0',
      '--conntrack-tcp-timeout-close-wait=0',
      '--conntrack-udp-timeout=0',
      '--conntrack-udp-timeout-stream=0',
    ],
  };
}

/** Names of Services and pods, as the kubelets tell the pods to ask for them. */
export async function dns(dir: string, binary: Binaries): Promise<ComponentSpec> {
  const config = join(dir, 'Corefile');
  const lines = [
    '. {',
    `  bind ${addresses.host}`,
    '  errors',
    '  kubernetes cluster.local in-addr.arpa {',
    `    kubeconfig ${kubeconfigOf(dir, 'coredns')}`,
    '    pods insecure',
    '    ttl 0',
    '  }',
    '}',
  ];
  await writeFile(config, `${lines.join('\n')}\n`);
  return { name: 'coredns', file: binary('coredns'), args: ['-conf', config] };
}
