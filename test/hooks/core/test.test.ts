import { expect } from 'chai';
import { known, unknown } from '../../../hooks/core/known.ts';
import { services, testFindings, type TestFacts } from '../../../hooks/core/test.ts';
import {
  coordinator,
  otherCertificate,
  record,
  rootCertificate,
  settings,
  type Change,
} from '../builders.ts';

const certificate = (fingerprint: string, key: string) => ({
  fingerprint,
  key,
  subject: `CN=${fingerprint.slice(0, 4)}`,
  notBefore: new Date('2026-01-01'),
  notAfter: new Date('2036-01-01'),
  signed: true,
});

function facts(change: Change<TestFacts>): TestFacts {
  const object: TestFacts = {
    settings: settings(),
    coordinator: coordinator(),
    pod: { name: 'marblerun-coordinator-0', node: 'sgx-1' },
    record: known(record()),
    endpoints: {
      client: known(certificate(rootCertificate, 'root')),
      mesh: known(certificate('cc', 'intermediate')),
      chain: known([certificate('bb', 'intermediate'), certificate(rootCertificate, 'root')]),
    },
    anchorNodes: ['sgx-1'],
    now: new Date('2026-11-26'),
  };
  change(object);
  return object;
}

/** Title, facts, what is found in which severity. */
const cases: [string, Change<TestFacts>, string[]][] = [
  ['finds nothing where all is well', () => undefined, []],
  [
    'notes that a Manifest is needed',
    (f) => {
      noManifest(f);
    },
    ['info manifest-needed'],
  ],
  [
    'fails where the Coordinator needs recovery',
    (f) => (f.coordinator = { state: 1 }),
    ['block recovery-needed'],
  ],
  [
    'fails where another state is in force',
    (f) => (f.coordinator.rootCertificate = otherCertificate),
    ['block state-replaced'],
  ],
  [
    'warns of a node that is not in the record',
    (f) => {
      f.pod.node = 'sgx-2';
      f.anchorNodes = ['sgx-2'];
    },
    ['warn coordinator-moved'],
  ],
  [
    'fails where the client API is not reached, and says so once',
    (f) => {
      f.endpoints.client = unknown('ECONNREFUSED');
      f.endpoints.chain = unknown('ECONNREFUSED');
    },
    ['block service-unreachable'],
  ],
  [
    'fails where Marbles do not reach it',
    (f) => (f.endpoints.mesh = unknown('ECONNREFUSED')),
    ['block service-unreachable'],
  ],
  ['fails without certificates', (f) => (f.endpoints.chain = known([])), ['block certificate-broken']],
  [
    'fails where the intermediate is signed by nobody known',
    (f) => {
      change(f, (chain) => (chain.signed = false));
    },
    ['block certificate-broken'],
  ],
  [
    'fails where a certificate is out of date',
    (f) => {
      change(f, (chain) => (chain.notAfter = new Date('2026-11-25')));
    },
    ['block certificate-broken'],
  ],
  [
    'fails where somebody else answers for the client API',
    (f) => (f.endpoints.client = known(certificate('dd', 'root'))),
    ['block certificate-broken'],
  ],
  [
    'fails where somebody else answers Marbles',
    (f) => (f.endpoints.mesh = known(certificate('cc', 'other'))),
    ['block certificate-broken'],
  ],
  ['fails without an anchor', (f) => (f.anchorNodes = []), ['block anchor-away']],
  ['fails where the anchor is elsewhere', (f) => (f.anchorNodes = ['sgx-2']), ['block anchor-away']],
  [
    'warns of that where the node is a wish only',
    (f) => {
      f.anchorNodes = [];
      f.settings.placement.stickiness = 'preferred';
    },
    ['warn anchor-away'],
  ],
  [
    'is content with an anchor beside one of several',
    (f) => Object.assign(f, { nodes: ['sgx-1', 'sgx-2'], anchorNodes: ['sgx-2'] }),
    [],
  ],
  ['asks for no anchor where the chart renders none', (f) => (f.anchorNodes = undefined), []],
];

function noManifest(f: TestFacts): void {
  f.coordinator = { state: 2 };
  f.record = known(undefined);
}

type Link = ReturnType<typeof certificate>;

function change({ endpoints }: TestFacts, edit: Change<Link>): void {
  const [intermediate] = endpoints.chain.known ? endpoints.chain.value : [];
  if (intermediate !== undefined) edit(intermediate);
}

describe('testFindings', () => {
  for (const [title, edit, expected] of cases) {
    it(title, () => {
      const found = testFindings(facts(edit)).map(({ severity, code }) => `${severity} ${code}`);
      expect(found).to.deep.equal(expected);
    });
  }

  it('speaks of no restart, since it makes none, and says how to recover', () => {
    const [needed] = testFindings(facts((f) => (f.coordinator = { state: 1 })));
    expect(needed?.message).to.contain('Marbles that run go on').and.not.to.contain('restarted');
    expect(needed?.remedy).to.contain('kubectl -n marblerun port-forward pod/marblerun-coordinator-0');
  });
});

describe('services', () => {
  it('are those of the release, by their names in the cluster', () => {
    expect(services(settings((s) => (s.coordinator.meshPort = 2002)))).to.deep.equal({
      client: 'https://coordinator-client-api.marblerun.svc:4433',
      mesh: 'https://coordinator-mesh-api.marblerun.svc:2002',
    });
  });
});
