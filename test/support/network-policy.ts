import { BlockList, isIPv6 } from 'node:net';

/** The parts of a NetworkPolicy (networking.k8s.io/v1) that decide about a connection. */
export interface NetworkPolicy {
  metadata: { namespace?: string };
  spec: {
    podSelector: Selector;
    policyTypes?: string[];
    ingress?: Rule[];
    egress?: Rule[];
  };
}

interface Selector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

interface Rule {
  from?: Peer[];
  to?: Peer[];
  ports?: { protocol?: string; port?: number; endPort?: number }[];
}

interface Peer {
  podSelector?: Selector;
  namespaceSelector?: Selector;
  ipBlock?: { cidr: string; except?: string[] };
}

/** One end of a connection: a pod, or an address that no pod has. */
export type End =
  | { namespace: string; labels: Record<string, string>; namespaceLabels?: Record<string, string> }
  | { ip: string };

export interface Flow {
  from: End;
  to: End;
  port: number;
  protocol?: 'TCP' | 'UDP';
}

/**
 * Whether policies let a connection through, by the rules of the API (Kubernetes docs, "Network Policies"): a pod that no
 * policy selects in a direction is open in it, else one rule of one of them has to fit; both ends have to agree. Ports are
 * those of the pod, as a policy sees them behind a Service. Named ports are not known here.
 */
export function allows(policies: readonly NetworkPolicy[], flow: Flow): boolean {
  const { from, to } = flow;
  return (
    lets(policies, flow, { direction: 'Egress', self: from, other: to }) &&
    lets(policies, flow, { direction: 'Ingress', self: to, other: from })
  );
}

function lets(
  policies: readonly NetworkPolicy[],
  flow: Flow,
  { direction, self, other }: { direction: 'Ingress' | 'Egress'; self: End; other: End },
): boolean {
  if ('ip' in self) return true;
  const own = policies.filter(
    (policy) =>
      policy.metadata.namespace === self.namespace &&
      matches(policy.spec.podSelector, self.labels) &&
      typesOf(policy).includes(direction),
  );
  if (own.length === 0) return true;
  return own.some(({ metadata, spec }) =>
    (direction === 'Ingress' ? spec.ingress : spec.egress)?.some(
      (rule) =>
        fitsPort(rule, flow) &&
        fitsPeer(direction === 'Ingress' ? rule.from : rule.to, other, metadata.namespace ?? ''),
    ),
  );
}

/** Without a list: ingress always, egress where there are rules for it. */
function typesOf({ spec }: NetworkPolicy): string[] {
  return spec.policyTypes ?? (spec.egress === undefined ? ['Ingress'] : ['Ingress', 'Egress']);
}

function fitsPort({ ports = [] }: Rule, flow: Flow): boolean {
  if (ports.length === 0) return true;
  return ports.some(
    ({ protocol = 'TCP', port, endPort = port }) =>
      protocol === (flow.protocol ?? 'TCP') &&
      (port === undefined || (flow.port >= port && flow.port <= (endPort ?? port))),
  );
}

function fitsPeer(peers: readonly Peer[] | undefined, end: End, namespace: string): boolean {
  if (peers === undefined || peers.length === 0) return true;
  return peers.some(({ ipBlock, podSelector, namespaceSelector }) => {
    if (ipBlock !== undefined) return 'ip' in end && isWithin(end.ip, ipBlock);
    if ('ip' in end) return false;
    const inNamespace =
      namespaceSelector === undefined
        ? end.namespace === namespace
        : matches(namespaceSelector, end.namespaceLabels ?? {});
    return inNamespace && (podSelector === undefined || matches(podSelector, end.labels));
  });
}

function isWithin(ip: string, { cidr, except = [] }: { cidr: string; except?: string[] }): boolean {
  const covers = (range: string): boolean => {
    const [net = '', bits] = range.split('/');
    const list = new BlockList();
    const family = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4');
    list.addSubnet(net, Number(bits), family(net));
    return family(ip) === family(net) && list.check(ip, family(ip));
  };
  return covers(cidr) && !except.some(covers);
}

function matches(
  { matchLabels = {}, matchExpressions = [] }: Selector,
  labels: Record<string, string>,
): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      if (operator === 'Exists') return value !== undefined;
      if (operator === 'DoesNotExist') return value === undefined;
      if (operator === 'In') return value !== undefined && values.includes(value);
      if (operator === 'NotIn') return value === undefined || !values.includes(value);
      throw new Error(`no operator of a label selector: ${operator}`);
    })
  );
}
