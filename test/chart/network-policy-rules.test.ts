import { expect } from 'chai';
import { allows, type End, type Flow, type NetworkPolicy } from '../support/network-policy.ts';

const pod = (app: string, namespace = 'mesh'): End => ({
  namespace,
  labels: { app },
  namespaceLabels: { 'kubernetes.io/metadata.name': namespace },
});
const policy = (spec: NetworkPolicy['spec'], namespace = 'mesh'): NetworkPolicy => ({
  metadata: { namespace },
  spec,
});
const web = { matchLabels: { app: 'web' } };
const flow = (from: End, to: End, more: Partial<Flow> = {}): Flow => ({ from, to, port: 80, ...more });
const toWeb = flow(pod('a'), pod('web'));
const other = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'other' } } };
const range = { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] };

/** Title, policies, connection, whether it is let through. */
const cases: [string, NetworkPolicy[], Flow, boolean][] = [
  ['lets all through without a policy', [], toWeb, true],
  [
    'lets through what a policy of another namespace denies',
    [policy({ podSelector: {} }, 'other')],
    toWeb,
    true,
  ],
  ['denies what comes in, by default', [policy({ podSelector: {} })], toWeb, false],
  [
    'does not deny what goes out where only ingress is spoken of',
    [policy({ podSelector: { matchLabels: { app: 'a' } } })],
    toWeb,
    true,
  ],
  [
    'denies what goes out, where no rule allows it',
    [policy({ podSelector: {}, policyTypes: ['Egress'] })],
    toWeb,
    false,
  ],
  [
    'lets through what one of two policies allows',
    [policy({ podSelector: {} }), policy({ podSelector: web, ingress: [{}] })],
    toWeb,
    true,
  ],
  [
    'wants the port and the protocol',
    [
      policy({
        podSelector: web,
        ingress: [
          {
            ports: [
              { port: 80, protocol: 'UDP' },
              { port: 81, endPort: 90 },
            ],
          },
        ],
      }),
    ],
    toWeb,
    false,
  ],
  [
    'knows ranges of ports',
    [policy({ podSelector: web, ingress: [{ ports: [{ port: 79, endPort: 90 }] }] })],
    toWeb,
    true,
  ],
  [
    'takes a pod selector alone for the own namespace',
    [policy({ podSelector: web, ingress: [{ from: [{ podSelector: {} }] }] })],
    flow(pod('a', 'other'), pod('web')),
    false,
  ],
  [
    'wants both selectors of one peer',
    [
      policy({
        podSelector: web,
        ingress: [{ from: [{ ...other, podSelector: { matchLabels: { app: 'b' } } }] }],
      }),
    ],
    flow(pod('a', 'other'), pod('web')),
    false,
  ],
  [
    'takes one of several peers',
    [policy({ podSelector: web, ingress: [{ from: [{ podSelector: web }, other] }] })],
    flow(pod('a', 'other'), pod('web')),
    true,
  ],
  [
    'knows addresses, and those that are left out',
    [policy({ podSelector: web, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: range }] }] })],
    flow(pod('web'), { ip: '10.1.2.3' }),
    false,
  ],
  [
    'lets through to an address in the range',
    [policy({ podSelector: web, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: range }] }] })],
    flow(pod('web'), { ip: '10.2.2.3' }),
    true,
  ],
  [
    'has namespaces for pods only',
    [policy({ podSelector: web, ingress: [{ from: [{ namespaceSelector: {} }] }] })],
    flow({ ip: '10.2.2.3' }, pod('web')),
    false,
  ],
];

describe('The judge of NetworkPolicies', () => {
  for (const [title, policies, connection, expected] of cases) {
    it(title, () => {
      expect(allows(policies, connection)).to.equal(expected);
    });
  }
});
