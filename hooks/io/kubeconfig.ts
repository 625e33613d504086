import type { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import { shownUrl } from '../core/shown-url.ts';
import { proxyFor } from './proxy.ts';

/** Which kubeconfig a person means; what is left out is as kubectl has it. */
export interface KubeconfigChoice {
  kubeconfig?: string | undefined;
  context?: string | undefined;
}

/** What client-node takes where there is no kubeconfig (its loadFromDefault). */
const nowhere = 'http://localhost:8080';

/**
 * Reads the kubeconfig that is chosen, and switches to the chosen context; with the proxy of the environment where it names none. Throws an Error that says what is missing in it.
 */
export async function loadKubeconfig(
  { kubeconfig, context }: KubeconfigChoice,
  environment: NodeJS.ProcessEnv,
): Promise<KubeConfig> {
  const { KUBECONFIG = '' } = environment;
  const { KubeConfig } = await import('@kubernetes/client-node/dist/config.js');
  const config = new KubeConfig();
  try {
    if (kubeconfig === undefined) config.loadFromDefault();
    else config.loadFromFile(kubeconfig);
  } catch (cause) {
    const name = kubeconfig ?? (KUBECONFIG === '' ? '~/.kube/config' : KUBECONFIG);
    // What follows the first line may be a part of the file, with its secrets.
    const [problem = ''] = (cause as Error).message.split('\n');
    throw new Error(`the kubeconfig ${name} cannot be read: ${problem}`, { cause });
  }
  if (context !== undefined) config.setCurrentContext(context);
  const problem = missingIn(config);
  if (problem !== undefined) throw new Error(problem);
  goThroughProxy(config, environment);
  return config;
}

function goThroughProxy(config: KubeConfig, environment: NodeJS.ProcessEnv): void {
  const current = config.getCurrentCluster();
  if (current === null || current.proxyUrl !== undefined) return;
  const proxyUrl = proxyFor(current.server, environment);
  if (proxyUrl === undefined) return;
  const others = config.getClusters().filter((cluster) => cluster !== current);
  config.clusters = [...others, { ...current, proxyUrl }];
}

function missingIn(config: KubeConfig): string | undefined {
  const name = config.getCurrentContext() as string | undefined;
  const names = config.getContexts().map((each) => each.name);
  const others = `it has ${names.join(', ') || 'none'}`;
  if (name === undefined || name === '') return `the kubeconfig has no current context; ${others}`;
  const context = config.getContextObject(name);
  if (context === null) return `the kubeconfig has no context "${name}"; ${others}`;
  const cluster = config.getCurrentCluster();
  if (cluster === null)
    return `the kubeconfig has no cluster "${context.cluster}", which context "${name}" names`;
  if (cluster.server === nowhere && cluster.name === 'cluster')
    return 'there is no kubeconfig: KUBECONFIG names none, and ~/.kube/config is not there';
  if (!URL.canParse(cluster.server))
    return `the server of cluster "${context.cluster}" in the kubeconfig is no URL`;
  if (context.user !== '' && config.getCurrentUser() === null)
    return `the kubeconfig has no user "${context.user}", whom context "${name}" names`;
  return undefined;
}

/** Where requests to the API server go through, as the end of a message; empty where they go there directly. */
export function proxyOf(config: KubeConfig): string {
  const proxy = config.getCurrentCluster()?.proxyUrl;
  return proxy === undefined ? '' : ` through the proxy ${shownUrl(proxy)}`;
}
