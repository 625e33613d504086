import { pauseImage } from '../lab/images/names.ts';

/** The part of a kubeconfig that names one server and one token. */
export interface Kubeconfig {
  clusters: { cluster: { server: string; 'certificate-authority-data': string } }[];
  users: { user: { token: string } }[];
}

/** How full a cluster is made. */
export interface Population {
  /** Nodes without a kubelet. */
  readonly nodes: number;
  /** Pods bound to nodes: some to each real one, the others spread evenly over those without a kubelet. */
  readonly pods: number;
  /** Nodes with a kubelet, on each of which some pods of the same kind are put, to be run. */
  readonly realNodes: readonly string[];
  readonly podsPerRealNode: number;
  /** Of the pods, these are Marbles; each has a Deployment and its ReplicaSet. */
  readonly marbles: number;
}

/** An object, and the path that it is created at. */
export interface Creation {
  readonly path: string;
  readonly object: object;
}

const podsPerNamespace = 500;

/** All objects of a population; those of one group need those of the groups before it. */
export function objectsOf(population: Population): Iterator<Creation, undefined>[] {
  return [namespaces(population), accountsAndNodes(population), workloads(population)];
}

function* namespaces(population: Population): Generator<Creation, undefined> {
  for (let index = 0; index < namespaceCount(population); index++) {
    yield { path: '/api/v1/namespaces', object: { metadata: { name: namespaceOf(index) } } };
  }
}

/** The controller that makes ServiceAccounts is not there: it would act on nodes without a kubelet, too. */
function* accountsAndNodes(population: Population): Generator<Creation, undefined> {
  for (let index = 0; index < namespaceCount(population); index++) {
    const path = `/api/v1/namespaces/${namespaceOf(index)}/serviceaccounts`;
    yield { path, object: { metadata: { name: 'default' } } };
  }
  const capacity = { cpu: '64', memory: '256Gi', pods: '110' };
  for (let index = 0; index < population.nodes; index++) {
    const name = nodeOf(index);
    const labels = {
      'kubernetes.io/hostname': name,
      'kubernetes.io/os': 'linux',
      'kubernetes.io/arch': 'amd64',
      'topology.kubernetes.io/zone': `zone-${index % 3}`,
    };
    const status = { capacity, allocatable: capacity, conditions: [{ type: 'Ready', status: 'True' }] };
    yield { path: '/api/v1/nodes', object: { metadata: { name, labels }, status } };
  }
}

function* workloads(population: Population): Generator<Creation, undefined> {
  const { nodes, pods, realNodes, podsPerRealNode, marbles } = population;
  const onReal = realNodes.flatMap((node) => Array.from({ length: podsPerRealNode }, () => node));
  for (let index = 0; index < pods; index++) {
    const isMarble = index < marbles;
    const nodeName = onReal[index] ?? nodeOf((index - onReal.length) % nodes);
    const namespace = namespaceOf(Math.floor(index / podsPerNamespace));
    const name = `${isMarble ? 'marble' : 'web'}-${index}`;
    const labels = {
      app: name,
      'app.kubernetes.io/part-of': 'population',
      ...(isMarble ? { 'marblerun/marbletype': 'backend' } : {}),
    };
    const template = { metadata: { labels }, spec: podSpec(name) };
    const apps = `/apis/apps/v1/namespaces/${namespace}`;
    if (isMarble) {
      yield { path: `${apps}/deployments`, object: set(name, template) };
      yield { path: `${apps}/replicasets`, object: ownedBy('Deployment', name, set(name, template)) };
    }
    const pod = { metadata: { name, labels }, spec: { ...template.spec, nodeName } };
    const object = isMarble ? ownedBy('ReplicaSet', name, pod) : pod;
    yield { path: `/api/v1/namespaces/${namespace}/pods`, object };
  }
}

/** An object as the controller of another makes it; nobody looks for the owner's uid here. */
function ownedBy(kind: string, name: string, object: { metadata: object; spec: object }): object {
  const owner = { apiVersion: 'apps/v1', kind, name, uid: `${kind}-${name}`, controller: true };
  return { ...object, metadata: { ...object.metadata, ownerReferences: [owner] } };
}

function set(name: string, template: { metadata: { labels: object } }): { metadata: object; spec: object } {
  const selector = { matchLabels: template.metadata.labels };
  return { metadata: { name, labels: template.metadata.labels }, spec: { replicas: 1, selector, template } };
}

/** As large as a pod of an ordinary service. */
function podSpec(name: string): object {
  const env = Array.from({ length: 8 }, (_, index) => ({
    name: `SETTING_${index}`,
    value: `${name}-${index}`,
  }));
  const resources = { requests: { cpu: '50m', memory: '64Mi' } };
  const container = { name: 'main', image: pauseImage, imagePullPolicy: 'Never', env, resources };
  return {
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 0,
    containers: [container],
    volumes: [{ name: 'scratch', emptyDir: {} }],
  };
}

function namespaceCount({ pods }: Population): number {
  return Math.ceil(pods / podsPerNamespace);
}

function namespaceOf(index: number): string {
  return `population-${index}`;
}

function nodeOf(index: number): string {
  return `fake-${index}`;
}
