import type { Finding } from './findings.ts';
import { valueOf, type Known } from './known.ts';
import { rolloutFindings, type RolloutFacts } from './rollout.ts';
import type { Settings } from './settings.ts';

/** What a certificate says of itself. */
export interface CertificateFacts {
  /** SHA-256 in hex. */
  fingerprint: string;
  /** SHA-256 of its public key in hex. */
  key: string;
  subject: string;
  notBefore: Date;
  notAfter: Date;
}

/** What the Coordinator's Services let through. */
export interface Endpoints {
  /** The certificate that the client API shows. */
  client: Known<CertificateFacts>;
  /** The certificate that the API for Marbles shows. */
  mesh: Known<CertificateFacts>;
  /** The chain that the client API hands out, root last; with whether each but the root is signed by the next. */
  chain: Known<(CertificateFacts & { signed: boolean })[]>;
}

export interface TestFacts extends RolloutFacts {
  endpoints: Endpoints;
  /** Nodes of the anchor's pods that run; undefined where the chart renders no anchor. */
  anchorNodes: readonly string[] | undefined;
  now: Date;
}

/** What `helm test` finds in a release that should be at work: a finding that blocks fails it. */
export function testFindings(facts: TestFacts): Finding[] {
  const ofState = rolloutFindings({ ...facts, onlyLooks: true }).map((finding) =>
    // The anchor and the hooks keep the record true: a move that is not in it was seen by neither.
    finding.code === 'coordinator-moved' ? { ...finding, severity: 'warn' as const } : finding,
  );
  return [...ofState, ...ofServices(facts), ...ofChain(facts), ...ofAnchor(facts)];
}

/** The chart's Services, by the names that upstream's chart gives them, and where they are reached. */
export function services({ release, coordinator }: Settings): { client: string; mesh: string } {
  const url = (name: string, port: number) => `https://${name}.${release.namespace}.svc:${port}`;
  return {
    client: url('coordinator-client-api', coordinator.clientPort),
    mesh: url('coordinator-mesh-api', coordinator.meshPort),
  };
}

function ofServices({ settings, endpoints }: TestFacts): Finding[] {
  const { namespace } = settings.release;
  return (['client', 'mesh'] as const).flatMap((api): Finding[] => {
    const answer = endpoints[api];
    if (answer.known) return [];
    const name = `coordinator-${api}-api`;
    const who = api === 'client' ? 'The client API' : 'The API for Marbles';
    return [
      {
        code: 'service-unreachable',
        severity: 'block',
        subject: `service/${name}`,
        message: `${who} is not reached through its Service: ${answer.why}.`,
        remedy: `See whether it has an address: kubectl -n ${namespace} get endpointslices -l kubernetes.io/service-name=${name}. If so, look for a NetworkPolicy, and for DNS.`,
      },
    ];
  });
}

function ofChain({ settings, pod, endpoints, now }: TestFacts): Finding[] {
  const { chain } = endpoints;
  const trouble = chain.known ? chainTrouble(chain.value, endpoints, now) : chain.why;
  // Without the client API there is no chain, and that is said already.
  if (trouble === undefined || !endpoints.client.known) return [];
  return [
    {
      code: 'certificate-broken',
      severity: 'block',
      subject: `pod/${pod.name}`,
      message: `The certificates of the Coordinator do not fit together: ${trouble}. Marbles and clients that verify them refuse it.`,
      remedy: `Look at its log: kubectl -n ${settings.release.namespace} logs pod/${pod.name}. See whether a proxy ends TLS before it, and whether another Coordinator has the Service's labels.`,
    },
  ];
}

/** The API for Marbles has a certificate of its own with the key of the intermediate (MarbleRun v1.9.1, coordinator/core/core.go). */
function chainTrouble(
  chain: readonly (CertificateFacts & { signed: boolean })[],
  { client, mesh }: Endpoints,
  now: Date,
): string | undefined {
  const [intermediate] = chain;
  const root = chain.at(-1);
  if (intermediate === undefined || root === undefined) return 'it hands out none';
  const unsigned = chain.find(({ signed }) => !signed);
  if (unsigned !== undefined) return `"${unsigned.subject}" is not signed by the one above it`;
  const expired = chain.find(({ notBefore, notAfter }) => now < notBefore || now > notAfter);
  if (expired !== undefined) {
    return `"${expired.subject}" holds from ${expired.notBefore.toISOString()} to ${expired.notAfter.toISOString()}`;
  }
  if (valueOf(client)?.fingerprint !== root.fingerprint) return 'the client API shows another root';
  const shown = valueOf(mesh);
  if (chain.length > 1 && shown !== undefined && shown.key !== intermediate.key) {
    return 'the API for Marbles shows another key than the intermediate';
  }
  return undefined;
}

function ofAnchor({ settings, pod, nodes = [pod.node], anchorNodes }: TestFacts): Finding[] {
  if (anchorNodes === undefined || anchorNodes.some((node) => nodes.includes(node))) return [];
  const where = anchorNodes.length === 0 ? 'No anchor runs' : `The anchor is on ${anchorNodes.join(', ')}`;
  const { namespace } = settings.release;
  const { deployment } = settings.anchor;
  const firm = settings.placement.stickiness === 'required' && nodes.length < 2;
  return [
    {
      code: 'anchor-away',
      severity: firm ? 'block' : 'warn',
      subject: `deployment/${deployment}`,
      message: `${where}, and the Coordinator is on ${nodes.join(', ')}: nothing holds its node, so that the next update may move it.`,
      remedy: `See why: kubectl -n ${namespace} describe deployment/${deployment}`,
    },
  ];
}
