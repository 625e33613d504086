import { readFile } from 'node:fs/promises';
import { Agent, type RequestOptions } from 'node:https';
import { SettingsError } from '../core/settings.ts';

/** How to reach the API server: its URL and the options that authenticate one request. */
export interface Credentials {
  server: string;
  /** Asked for each request, since tokens are rotated. */
  options(): Promise<RequestOptions>;
}

/** Connections are kept and few: each costs a TLS handshake, which takes longer than most answers. */
const connections = { keepAlive: true, maxSockets: 3 };
const serviceAccount = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Which kubeconfig and which of its contexts, where the command line says so. */
export interface KubeconfigChoice {
  file?: string | undefined;
  context?: string | undefined;
}

/**
 * The pod's own ServiceAccount inside a cluster, the user's kubeconfig elsewhere and where one is chosen. client-node reads the latter; it is
 * loaded only then, since importing it takes longer than the rest of a hook's start. Throws a SettingsError.
 */
export async function findCredentials(
  environment: NodeJS.ProcessEnv,
  choice: KubeconfigChoice = {},
): Promise<Credentials> {
  const host = environment.KUBERNETES_SERVICE_HOST;
  const chosen = choice.file ?? choice.context ?? environment.KUBECONFIG;
  try {
    if (host !== undefined && chosen === undefined) {
      return await podCredentials(host, environment.KUBERNETES_SERVICE_PORT ?? '443');
    }
    return await kubeconfigCredentials(choice);
  } catch (cause) {
    const message = `there are no credentials for the API server: ${(cause as Error).message}`;
    throw new SettingsError(message, { cause });
  }
}

async function podCredentials(host: string, port: string): Promise<Credentials> {
  const agent = new Agent({ ...connections, ca: await readFile(`${serviceAccount}/ca.crt`) });
  return {
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    options: async () => {
      const token = await readFile(`${serviceAccount}/token`, 'utf8');
      return { agent, headers: { authorization: `Bearer ${token.trim()}` } };
    },
  };
}

async function kubeconfigCredentials({ file, context }: KubeconfigChoice): Promise<Credentials> {
  const { KubeConfig } = await import('@kubernetes/client-node/dist/config.js');
  const config = new KubeConfig();
  if (file === undefined) config.loadFromDefault();
  else config.loadFromFile(file);
  if (context !== undefined) config.setCurrentContext(context);
  const server = config.getCurrentCluster()?.server;
  if (server === undefined) {
    const what = context === undefined ? 'current cluster' : `cluster for the context "${context}"`;
    throw new Error(`the kubeconfig has no ${what}`);
  }
  const agent = new Agent(connections);
  return {
    server: server.replace(/\/$/, ''),
    options: async () => {
      const options: RequestOptions = { headers: {} };
      await config.applyToHTTPSOptions(options);
      // client-node makes a new agent each time; one for a proxy has to stay.
      const plain = options.agent instanceof Agent && options.agent.constructor === Agent;
      return plain ? { ...options, agent } : options;
    },
  };
}
