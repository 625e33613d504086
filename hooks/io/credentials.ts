import { readFile } from 'node:fs/promises';
import { Agent, type RequestOptions } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import { SettingsError } from '../core/settings.ts';
import { loadKubeconfig, proxyOf, type KubeconfigChoice } from './kubeconfig.ts';

/** How to reach the API server: its URL and the options that authenticate one request. */
export interface Credentials {
  server: string;
  /** What is between, for messages; empty where nothing is. */
  way?: string;
  /** Asked for each request, since tokens are rotated. */
  options(): Promise<RequestOptions>;
}

/** Connections are kept and few: each costs a TLS handshake, which takes longer than most answers. */
const connections = { keepAlive: true, maxSockets: 3 };
const serviceAccount = '/var/run/secrets/kubernetes.io/serviceaccount';

/** How to reach the API server, and from where. */
export interface Access {
  credentials: Credentials;
  /** That the context names; undefined when it names none. */
  namespace: string | undefined;
  /** The kubeconfig that is used; undefined inside a cluster, where pods are reached directly. */
  kubeconfig: KubeConfig | undefined;
}

/**
 * The pod's own ServiceAccount inside a cluster, the user's kubeconfig elsewhere and where one is chosen. client-node reads the latter; it is
 * loaded only then, since importing it takes longer than the rest of a hook's start. Throws a SettingsError.
 */
export async function findCredentials(environment: NodeJS.ProcessEnv): Promise<Credentials> {
  return (await findAccess(environment, {})).credentials;
}

/** The same with the choices of a person, who may name a kubeconfig inside a cluster too. Throws a SettingsError. */
export async function findAccess(environment: NodeJS.ProcessEnv, choice: KubeconfigChoice): Promise<Access> {
  const host = environment.KUBERNETES_SERVICE_HOST;
  const chosen = choice.kubeconfig ?? choice.context ?? environment.KUBECONFIG;
  try {
    if (host !== undefined && chosen === undefined) {
      const credentials = await podCredentials(host, environment.KUBERNETES_SERVICE_PORT ?? '443');
      return { credentials, namespace: environment.POD_NAMESPACE, kubeconfig: undefined };
    }
    const kubeconfig = await loadKubeconfig(choice, environment);
    const namespace = kubeconfig.getContextObject(kubeconfig.getCurrentContext())?.namespace;
    return { credentials: kubeconfigCredentials(kubeconfig), namespace, kubeconfig };
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

function kubeconfigCredentials(config: KubeConfig): Credentials {
  const server = config.getCurrentCluster()?.server ?? '';
  const agent = new Agent(connections);
  return {
    server: server.replace(/\/$/, ''),
    way: proxyOf(config),
    options: async () => {
      const options: RequestOptions = { headers: {} };
      await config.applyToHTTPSOptions(options).catch((cause: unknown) => {
        const { message } = cause as Error;
        throw new Error(message.trim() || 'the command that the kubeconfig names for them failed', { cause });
      });
      // client-node makes a new agent each time; one for a proxy has to stay.
      const plain = options.agent instanceof Agent && options.agent.constructor === Agent;
      return plain ? { ...options, agent } : options;
    },
  };
}
