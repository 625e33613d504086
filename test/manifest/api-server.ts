import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deployment, namespace, pod } from '../hooks/builders.ts';
import { forwardingServer } from '../hooks/forwarding-server.ts';

/** An API server in front of a Coordinator. */
export interface ApiServer {
  /** A kubeconfig that leads to it. */
  kubeconfig: string;
  /** What was asked, as paths. */
  received: string[];
  close(): Promise<void>;
}

/**
 * Has the Deployment and the pod of a Coordinator, and forwards the ports of that pod to this one, as an API server does.
 * `status` answers all else with an error instead.
 */
export async function apiServerFor(coordinator: string, status?: number): Promise<ApiServer> {
  const received: string[] = [];
  const { config, asked, close } = await forwardingServer(
    Number(new URL(coordinator).port),
    (request, answer) => {
      const path = request.url ?? '';
      received.push(path);
      const items = path.includes('/deployments') ? [deployment()] : [pod()];
      if (status === undefined) answer.writeHead(200).end(JSON.stringify({ metadata: {}, items }));
      else
        answer.writeHead(status).end(JSON.stringify({ kind: 'Status', message: 'deployments is refused' }));
    },
  );
  const folder = await mkdtemp(join(tmpdir(), 'kubeconfig-'));
  const kubeconfig = join(folder, 'config');
  await writeFile(kubeconfig, JSON.stringify(configFor(config.getCurrentCluster()?.server ?? '')));
  return {
    kubeconfig,
    get received() {
      return [...received, ...asked];
    },
    close: async () => {
      close();
      await rm(folder, { recursive: true });
    },
  };
}

function configFor(server: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [{ name: 'test', cluster: { server, 'insecure-skip-tls-verify': true } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'me', namespace } }],
    users: [{ name: 'me', user: { token: 'the-token' } }],
  };
}
