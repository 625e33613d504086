import { readFile } from 'node:fs/promises';
import { Agent, type RequestOptions } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node/dist/config.js';
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

/** Which kubeconfig a person means; what is left out is as kubectl has it. */
export interface KubeconfigChoice {
  kubeconfig?: string | undefined;
  context?: string | undefined;
}

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
    const kubeconfig = await loadKubeconfig(choice);
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

async function loadKubeconfig({ kubeconfig, context }: KubeconfigChoice): Promise<KubeConfig> {
  const { KubeConfig } = await import('@kubernetes/client-node/dist/config.js');
  const config = new KubeConfig();
  if (kubeconfig === undefined) config.loadFromDefault();
  else config.loadFromFile(kubeconfig);
  if (context === undefined) return config;
  if (config.getContextObject(context) === null) {
    const names = config.getContexts().map(({ name }) => name);
    throw new Error(`the kubeconfig has no context "${context}"; it has ${names.join(', ') || 'none'}`);
  }
  config.setCurrentContext(context);
  return config;
}

function kubeconfigCredentials(config: KubeConfig): Credentials {
  const server = config.getCurrentCluster()?.server;
  if (server === undefined) throw new Error('the kubeconfig has no current cluster');
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
