import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { addresses, apiServer, nodeNames } from './addresses.ts';

/** Who talks to the API server from the host, with the groups that give the rights. */
const users: Readonly<Record<string, { user: string; group: string }>> = {
  admin: { user: 'lab-admin', group: 'system:masters' },
  coredns: { user: 'coredns', group: 'system:masters' },
  kwok: { user: 'kwok', group: 'system:masters' },
  'kube-controller-manager': { user: 'system:kube-controller-manager', group: '' },
  'kube-scheduler': { user: 'system:kube-scheduler', group: '' },
  'kube-proxy': { user: 'system:kube-proxy', group: '' },
  ...Object.fromEntries(
    nodeNames.map((node) => [node, { user: `system:node:${node}`, group: 'system:nodes' }]),
  ),
};

/** The files that {@link makeCredentials} leaves in the lab's folder. */
export function credentialsOf(dir: string): {
  certificate: string;
  key: string;
  serviceAccountKey: string;
  tokens: string;
} {
  const at = (name: string): string => join(dir, name);
  return {
    certificate: at('ca.crt'),
    key: at('ca.key'),
    serviceAccountKey: at('service-accounts.key'),
    tokens: at('tokens.csv'),
  };
}

/** The kubeconfig of one of the lab's users; `admin` is the one for people and tests. */
export function kubeconfigOf(dir: string, user: string): string {
  return join(dir, `${user}.kubeconfig`);
}

/** Makes the cluster's certificate and keys, and a token and kubeconfig for each user. */
export async function makeCredentials(dir: string): Promise<void> {
  const { certificate, key, serviceAccountKey, tokens } = credentialsOf(dir);
  await selfSigned(certificate, key);
  await execa('openssl', ['genrsa', '-out', serviceAccountKey, '2048']);
  const lines: string[] = [];
  for (const [name, { user, group }] of Object.entries(users)) {
    const token = randomBytes(24).toString('hex');
    lines.push(`${token},${user},${name}${group === '' ? '' : `,"${group}"`}`);
    await writeFile(kubeconfigOf(dir, name), await kubeconfig(certificate, token), { mode: 0o600 });
  }
  await writeFile(tokens, `${lines.join('\n')}\n`, { mode: 0o600 });
}

/** One certificate is enough: the API server's own, which signs the cluster's certificate requests too. */
async function selfSigned(certificate: string, key: string): Promise<void> {
  const names = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'localhost'].map(
    (n) => `DNS:${n}`,
  );
  const ips = [addresses.host, addresses.apiService, '127.0.0.1'].map((ip) => `IP:${ip}`);
  const request = [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '365',
    '-subj',
    '/CN=marblerun-lab',
  ];
  const usage = ['-addext', 'keyUsage=critical,digitalSignature,keyEncipherment,keyCertSign'];
  const names_ = ['-addext', `subjectAltName=${[...names, ...ips].join(',')}`];
  await execa('openssl', [...request, ...usage, ...names_, '-keyout', key, '-out', certificate]);
}

async function kubeconfig(certificate: string, token: string): Promise<string> {
  const authority = (await readFile(certificate)).toString('base64');
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'lab', cluster: { server: apiServer, 'certificate-authority-data': authority } }],
    users: [{ name: 'lab', user: { token } }],
    contexts: [{ name: 'lab', context: { cluster: 'lab', user: 'lab' } }],
    'current-context': 'lab',
  });
}
