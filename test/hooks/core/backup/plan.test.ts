import { expect } from 'chai';
import { planBackup } from '../../../../hooks/core/backup/plan.ts';
import { backupPod } from '../../../../hooks/core/backup/pod.ts';
import type { PreflightFacts } from '../../../../hooks/core/facts.ts';
import { known, unknown } from '../../../../hooks/core/known.ts';
import { refusedByNodeAffinity } from '../../../../hooks/core/placement/node-affinity.ts';
import { backupFacts, backupTemplate, sealingSpec } from '../../backups.ts';
import { claim } from '../../claims.ts';
import { sharing } from '../../several.ts';
import { facts, manifestFingerprint, node, pod, record, type Change } from '../../builders.ts';

function planned(change: Change<PreflightFacts> = () => undefined) {
  return planBackup(
    facts((f) => {
      f.backup = backupFacts();
      change(f);
    }),
  );
}

const noPod: Change<PreflightFacts> = (f) => {
  f.pods = [];
  f.coordinator = undefined;
};

/** Title, what differs, the kind of the plan or why there can be no copy. */
const cases: [string, Change<PreflightFacts>, string | RegExp][] = [
  ['copies before an ordinary upgrade', () => undefined, 'copy'],
  ['does nothing where no copy is wanted', (f) => (f.backup = undefined), 'none'],
  ['does nothing on a first install', (f) => (f.live = undefined), 'none'],
  ['does nothing before there is a Manifest', (f) => (f.coordinator = known({ state: 2 })), 'none'],
  [
    'copies in Recovery: a Manifest set then would destroy the state',
    (f) => (f.coordinator = known({ state: 1 })),
    'copy',
  ],
  ['copies when the Coordinator does not answer', (f) => (f.coordinator = unknown('it crashes')), 'copy'],
  ['copies for a Coordinator that is scaled to zero, on the node of the record', noPod, 'copy'],
  ['cannot without a node', (f) => (noPod(f), (f.record = known(undefined))), /not known which node/],
  [
    'cannot when the claim allows one pod only',
    (f) => {
      claimIs(f, known(claim(({ spec }) => (spec.accessModes = ['ReadWriteOncePod']))));
    },
    /coordinator-pv-claim is ReadWriteOncePod: no pod but the Coordinator's/,
  ],
  [
    'cannot when the claim is gone',
    (f) => {
      claimIs(f, known(undefined));
    },
    /coordinator-pv-claim is not there/,
  ],
  [
    'would not bind a claim that waits for its first pod',
    (f) => {
      claimIs(f, known(claim((c) => (c.status = { phase: 'Pending' }))));
    },
    /is not bound: Pending/,
  ],
  [
    'cannot when the claim may not be read',
    (f) => {
      claimIs(f, unknown('no right'));
    },
    /could not be read: no right/,
  ],
  [
    'cannot when the state is on no claim',
    (f) => (f.backup = { source: unknown('it is on no claim'), claim: unknown('') }),
    /it is on no claim/,
  ],
];

describe('planBackup', () => {
  for (const [title, change, expected] of cases) {
    it(title, () => {
      const plan = planned(change);
      if (typeof expected === 'string') expect(plan.kind).to.equal(expected);
      else expect(plan).to.have.property('why').that.matches(expected);
    });
  }

  it('copies no state that several can share, and says so unless no copies are wanted', () => {
    const given = facts((f) => (f.live = sharing()));
    Object.assign(given.settings.values, { backup: { enabled: true } });
    expect(planBackup(given)).to.deep.equal({
      kind: 'impossible',
      why: 'the state is in secret/marblerun-state, and only what is on a volume is copied',
    });
    Object.assign(given.settings.values, { backup: { enabled: false } });
    expect(planBackup(given)).to.deep.equal({ kind: 'none' });
    const empty = facts((f) => Object.assign(f, { live: sharing(), coordinator: known({ state: 2 }) }));
    Object.assign(empty.settings.values, { backup: { enabled: true } });
    expect(planBackup(empty)).to.deep.equal({ kind: 'none' });
  });

  it('says what runs now, not what is about to', () => {
    expect(planned()).to.deep.nested.include({
      'order.node': 'sgx-1',
      'order.coordinatorVersion': 'v1.8.0',
      'order.manifestFingerprint': manifestFingerprint,
      'order.simulation': false,
    });
  });

  it('knows a simulation by the settings, or by the pod that runs', () => {
    expect(planned((f) => (f.settings.coordinator.simulation = true))).to.have.nested.property(
      'order.simulation',
      true,
    );
    const simulated = sealingSpec(({ containers }) => {
      containers[0]?.env?.push({ name: 'OE_SIMULATION', value: '1' });
    });
    expect(planned((f) => (f.pods = [pod((p) => (p.spec = simulated))]))).to.have.nested.property(
      'order.simulation',
      true,
    );
  });

  it('tolerates what keeps new pods off the node, since the volume is there', () => {
    const taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };
    const plan = planned((f) => {
      const evicting = { key: 'gone', effect: 'NoExecute' };
      const cordoned = node(
        ({ spec }) => (spec.taints = [taint, evicting, { key: 'a', value: 'b', effect: 'NoSchedule' }]),
      );
      f.node = known({ node: cordoned, pods: [], volume: undefined });
    });
    expect(plan)
      .to.have.nested.property('order.tolerations')
      .that.deep.equals([
        { key: 'sgx.intel.com/epc', operator: 'Exists', effect: 'NoSchedule' },
        { ...taint, operator: 'Exists' },
        { key: 'a', operator: 'Equal', value: 'b', effect: 'NoSchedule' },
      ]);
  });

  it('takes the node that the last rollout noted when no pod has one', () => {
    const plan = planned((f) => {
      noPod(f);
      f.record = known(record((r) => (r.coordinator.node = 'sgx-7')));
    });
    expect(plan).to.have.nested.property('order.node', 'sgx-7');
  });
});

describe('backupPod', () => {
  const plan = planned();
  const made = () => {
    if (plan.kind !== 'copy') throw new Error(plan.kind);
    return backupPod(backupTemplate(), plan.order, { name: 'marblerun-coordinator', uid: 'a-uid' });
  };

  it('fits on the one node only, and leaves the choice to the scheduler', () => {
    const { spec } = made();
    expect(refusedByNodeAffinity(node(), spec)).to.equal(undefined);
    const other = node(({ metadata }) => (metadata.name = 'sgx-2'));
    expect(refusedByNodeAffinity(other, spec)).to.have.property('filter', 'NodeAffinity');
    expect(spec).to.not.have.property('nodeName');
  });

  it('mounts the volume where the Coordinator has it, and can write nothing', () => {
    const { volumes, containers } = made().spec;
    const persistentVolumeClaim = { claimName: 'coordinator-pv-claim', readOnly: true };
    expect(volumes).to.deep.equal([{ name: 'coordinator-pv-storage', persistentVolumeClaim }]);
    expect(containers[0]?.volumeMounts).to.deep.equal([
      { name: 'coordinator-pv-storage', mountPath: '/coordinator/data', readOnly: true },
    ]);
  });

  it('is told what it copies', () => {
    expect(made().spec.containers[0]?.args?.join(' ')).to.equal(
      `copy-sealed-state --copies 3 --seal-dir /coordinator/data/ --node sgx-1 --coordinator-version v1.8.0 --manifest ${manifestFingerprint}`,
    );
  });

  it('keeps the labels of the template and goes with the Deployment', () => {
    const { labels, ownerReferences } = made().metadata;
    expect(labels).to.deep.equal({ app: 'backup' });
    expect(ownerReferences).to.deep.equal([
      { apiVersion: 'apps/v1', kind: 'Deployment', name: 'marblerun-coordinator', uid: 'a-uid' },
    ]);
  });
});

function claimIs(f: PreflightFacts, value: NonNullable<PreflightFacts['backup']>['claim']): void {
  f.backup = { ...backupFacts(), claim: value };
}
