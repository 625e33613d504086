import { expect } from 'chai';
import { checkPlacement, sealedToNode } from '../../../../hooks/core/checks/placement.ts';
import type { PreflightFacts } from '../../../../hooks/core/facts.ts';
import { known, unknown } from '../../../../hooks/core/known.ts';
import { anchorPod, coordinator, facts, node, settings, type Change } from '../../builders.ts';

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

  it('shows amounts, and where else the pod could go', () => {
    const [finding] = checkPlacement(
      facts((f) => {
        const small = node(({ status = {} }) => {
          status.allocatable = { ...status.allocatable, 'sgx.intel.com/epc': '8Mi' };
        });
        f.node = known({ node: small, pods: [] });
        const other = node(({ metadata }) => (metadata.name = 'sgx-2'));
        const ruledOut = { 'node(s) were unschedulable': 2 };
        f.otherNodes = known({ count: 3, looked: [{ node: other, pods: [] }], ruledOut, left: 0 });
      }),
    );
    expect(finding?.message)
      .to.contain('Insufficient sgx.intel.com/epc (NodeResourcesFit: 10Mi asked, 8Mi of 8Mi free).')
      .and.to.contain('1/3 other nodes would take it (sgx-2): 2 node(s) were unschedulable.');
    expect(finding?.remedy).to.contain('kubectl describe node sgx-1');
  });

  it('says why it does not know where else the pod could go', () => {
    const [finding] = checkPlacement(
      facts((f) => {
        cordon(f);
        f.otherNodes = unknown('nodes is forbidden');
      }),
    );
    expect(finding?.message).to.contain('Where else it could go is not known: nodes is forbidden.');
  });

  /** What stands against the pod, and a part of what to do about it. */
  const remedies: [string, Change<PreflightFacts>, string][] = [
    [
      'a taint',
      (f) => {
        const tainted = node(({ spec }) => (spec.taints = [{ key: 'a', value: 'b', effect: 'NoExecute' }]));
        f.node = known({ node: tainted, pods: [] });
      },
      'kubectl taint nodes sgx-1 a=b:NoExecute-',
    ],
    [
      'a label',
      (f) => {
        f.target.spec.template.spec.nodeSelector = { pool: 'sgx' };
        f.node = known({ node: node(), pods: [] });
      },
      'kubectl label node sgx-1 KEY=VALUE',
    ],
    [
      'a claim',
      (f) => (f.node = known({ node: node(), pods: [], claims: [{ name: 'mine' }] })),
      'kubectl -n marblerun describe persistentvolumeclaim',
    ],
    [
      'the group',
      (f) => {
        const astray = anchorPod(({ spec }) => (spec.nodeName = 'sgx-2'));
        f.node = known({ node: node(), pods: [], elsewhere: known({ pods: [astray], nodes: [] }) });
      },
      'follows the Coordinator once it is deleted',
    ],
  ];
  for (const [title, change, expected] of remedies) {
    it(`says what to do about ${title}`, () => {
      expect(checkPlacement(facts(change))[0]?.remedy).to.contain(expected);
    });
  }

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
