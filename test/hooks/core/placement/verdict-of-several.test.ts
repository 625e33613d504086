import { expect } from 'chai';
import { checkPlacement } from '../../../../hooks/core/checks/placement.ts';
import { oldNodeNames, type PreflightFacts } from '../../../../hooks/core/facts.ts';
import { known, unknown } from '../../../../hooks/core/known.ts';
import { placementVerdict } from '../../../../hooks/core/placement/verdict.ts';
import { planPreflight } from '../../../../hooks/core/preflight-plan.ts';
import { facts, record, type Change } from '../../builders.ts';
import { severalRun } from '../../several.ts';

const several = (...changes: Change<PreflightFacts>[]): PreflightFacts =>
  facts((f) => {
    for (const change of [severalRun, ...changes]) change(f);
  });

const noneRuns: Change<PreflightFacts> = (f) => {
  f.pods = [];
  f.coordinator = undefined;
};

function cordon(...names: string[]): Change<PreflightFacts> {
  return ({ oldNodes }) => {
    for (const each of oldNodes ?? []) {
      if (each.known && names.includes(each.value.node.metadata.name)) {
        each.value.node.spec.unschedulable = true;
      }
    }
  };
}

describe('the placement of several Coordinators', () => {
  it('is of no account while one in state 3 can hand on the key, even where every old node refuses the next', () => {
    for (const given of [several(), several(cordon('sgx-1', 'sgx-2'))]) {
      expect(placementVerdict(given)).to.deep.equal({ kind: 'hands-on-key' });
      expect(checkPlacement(given)).to.deep.equal([]);
      expect(planPreflight(given).map(({ kind }) => kind)).not.to.include('hold-node');
    }
  });

  it('is of no account before there is a Manifest', () => {
    const given = several((f) => (f.coordinator = known({ state: 2 })));
    expect(placementVerdict(given)).to.deep.equal({ kind: 'hands-on-key' });
  });

  it('is unknown where the RuntimeClass of the new ones may not be read', () => {
    const given = several(noneRuns, cordon('sgx-1', 'sgx-2'), (f) => {
      f.target.spec.template.spec.runtimeClassName = 'kata';
      f.runtimeClass = unknown('it is forbidden');
    });
    expect(placementVerdict(given)).to.have.property('kind', 'unknown');
    expect(placementVerdict(given)).to.have.property('reason').that.contains('it is forbidden');
  });

  const needed: [string, Change<PreflightFacts>, string][] = [
    ['none runs', noneRuns, 'no Coordinator runs'],
    ['all need recovery', (f) => (f.coordinator = known({ state: 1 })), 'no running Coordinator has the key'],
    ['none answers', (f) => (f.coordinator = unknown('refused')), 'is not known'],
    [
      'the new ones have a higher SecurityVersion',
      (f) => (f.settings.coordinator.version = 'v1.9.1'),
      'lower SecurityVersion',
    ],
  ];
  for (const [title, change, why] of needed) {
    it(`blocks when ${title} and no old node takes a new one`, () => {
      const [finding, ...more] = checkPlacement(several(change, cordon('sgx-1', 'sgx-2')));
      expect(more).to.deep.equal([]);
      expect(finding).to.include({ code: 'node-refuses-coordinator', severity: 'block' });
      expect(finding?.message).to.contain('of the nodes that ran one before none takes a new pod');
      expect(finding?.message).to.contain('NodeUnschedulable');
    });

    it(`warns when ${title} and an old node could take a new one, since nothing holds it there`, () => {
      const [finding, ...more] = checkPlacement(several(change, cordon('sgx-1')));
      expect(more).to.deep.equal([]);
      expect(finding).to.include({ code: 'placement-unknown', severity: 'warn' });
      expect(finding?.message).to.contain(why).and.to.contain('sgx-2 ran one before and takes a new pod');
    });
  }

  it('warns when an old node cannot be looked at, and takes it for none that refuses', () => {
    const given = several(noneRuns, cordon('sgx-1'), (f) => {
      f.oldNodes = [...(f.oldNodes ?? []).slice(0, 1), unknown('node sgx-2 is gone')];
    });
    const [finding] = checkPlacement(given);
    expect(finding).to.include({ code: 'placement-unknown', severity: 'warn' });
  });

  it('is the nodes that the last rollout saw, where no pod runs', () => {
    const nodes = ['sgx-1', 'sgx-2'];
    expect(oldNodeNames(several())).to.deep.equal(nodes);
    const noted = known(record(({ coordinator }) => (coordinator.nodes = nodes)));
    expect(oldNodeNames({ pods: [], record: noted })).to.deep.equal(nodes);
    expect(oldNodeNames({ pods: [], record: known(record()) })).to.deep.equal(['sgx-1']);
    expect(oldNodeNames({ pods: [], record: known(undefined) })).to.deep.equal([]);
  });
});
