import { expect } from 'chai';
import { checkPlacement, sealedToNode } from '../../../../hooks/core/checks/placement.ts';
import type { PreflightFacts } from '../../../../hooks/core/facts.ts';
import { known, unknown } from '../../../../hooks/core/known.ts';
import { coordinator, facts, node, settings, type Change } from '../../builders.ts';

const cordon: Change<PreflightFacts> = (f) => {
  const cordoned = node(({ spec }) => {
    spec.unschedulable = true;
  });
  f.node = known({ node: cordoned, pods: [] });
};
const leave: Change<PreflightFacts> = (f) => (f.settings.placement.avoidNodes = ['sgx-1']);
const loosen: Change<PreflightFacts> = (f) => (f.settings.placement.stickiness = 'none');

/** Title, facts, code and severity of what is found. */
const cases: [string, Change<PreflightFacts>, string[]][] = [
  ['finds nothing when the Coordinator stays', () => undefined, []],
  ['finds nothing before the first install', (f) => (f.live = undefined), []],
  ['blocks when the node refuses the pod', cordon, ['block node-refuses-coordinator']],
  ['blocks when nothing keeps the Coordinator there', loosen, ['block may-move']],
  ['blocks a declared move until the recovery is accepted', leave, ['block recovery-expected']],
  [
    'warns when the node may not be read, and does not pass it',
    (f) => (f.node = unknown('nodes "sgx-1" is forbidden')),
    ['warn placement-unknown'],
  ],
  ['warns when no node is known', (f) => (f.node = undefined), ['warn placement-unknown']],
  [
    'lets a simulated Coordinator move as declared',
    (f) => {
      leave(f);
      f.settings.coordinator.simulation = true;
    },
    [],
  ],
  [
    'lets a Coordinator without a Manifest move as declared',
    (f) => {
      leave(f);
      f.coordinator = known({ state: 2 });
    },
    [],
  ],
  [
    'takes a Coordinator that does not answer to hold sealed state',
    (f) => {
      leave(f);
      f.coordinator = unknown('connect ECONNREFUSED');
    },
    ['block recovery-expected'],
  ],
];

describe('checkPlacement', () => {
  for (const [title, change, expected] of cases) {
    it(title, () => {
      const found = checkPlacement(facts(change)).map(({ severity, code }) => `${severity} ${code}`);
      expect(found).to.deep.equal(expected);
    });
  }

  it('says what a refusing node means, in the words of the scheduler', () => {
    const [finding] = checkPlacement(facts(cordon));
    expect(finding?.subject).to.equal('node/sgx-1');
    expect(finding?.message).to.equal(
      'The Coordinator runs on sgx-1, and that node does not take its new pod: node(s) were unschedulable (NodeUnschedulable). The placement group keeps it there, so its new pod would stay Pending and no Marble could start.',
    );
    expect(finding?.remedy)
      .to.contain('kubectl uncordon sgx-1')
      .and.to.contain('placement.avoidNodes={sgx-1}');
  });

  it('says that a recovery follows where nothing holds the pod on the refusing node', () => {
    const [finding] = checkPlacement(
      facts((f) => {
        cordon(f);
        loosen(f);
      }),
    );
    expect(finding?.message).to.match(/It would move\. On another node it cannot unseal its state/);
  });

  const changes: [string, Change<PreflightFacts>][] = [
    [
      'another node',
      (f) => {
        cordonNamed(f, 'sgx-2');
      },
    ],
    [
      'another Manifest',
      (f) =>
        (f.coordinator = known(
          coordinator(({ manifest }) => Object.assign(manifest ?? {}, { fingerprint: 'ff' })),
        )),
    ],
    [
      'another root certificate',
      (f) => (f.coordinator = known(coordinator((c) => (c.rootCertificate = 'ee')))),
    ],
    ['a Coordinator that does not answer', (f) => (f.coordinator = unknown('no answer'))],
  ];
  for (const [title, change] of changes) {
    it(`asks for another token with ${title}`, () => {
      const token = (more: Change<PreflightFacts>) =>
        checkPlacement(
          facts((f) => {
            cordon(f);
            more(f);
          }),
        )[0]?.token;
      const usual = token(() => undefined);
      expect(usual).to.match(/^node-refuses-coordinator:[0-9a-f]{8}$/);
      expect(token(() => undefined)).to.equal(usual);
      expect(token(change))
        .to.match(/^node-refuses-coordinator:/)
        .and.not.equal(usual);
    });
  }
});

describe('sealedToNode', () => {
  it('is true in every state but AcceptingManifest, and never in simulation', () => {
    const sealed = (state: number, simulation = false) =>
      sealedToNode(
        facts((f) => {
          f.coordinator = known({ state });
          f.settings = settings((s) => (s.coordinator.simulation = simulation));
        }),
      );
    expect([1, 2, 3].map((state) => sealed(state))).to.deep.equal([true, false, true]);
    expect([1, 2, 3].map((state) => sealed(state, true))).to.deep.equal([false, false, false]);
    expect(sealedToNode(facts((f) => (f.coordinator = undefined)))).to.equal(true);
  });
});

function cordonNamed(f: PreflightFacts, name: string): void {
  const other = node(({ metadata, spec }) => {
    metadata.name = name;
    spec.unschedulable = true;
  });
  f.node = known({ node: other, pods: [] });
}
