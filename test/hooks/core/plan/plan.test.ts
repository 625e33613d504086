import { Ajv } from 'ajv';
import { expect } from 'chai';
import planSchema from '../../../../schemas/plan.schema.json' with { type: 'json' };
import { known, unknown } from '../../../../hooks/core/known.ts';
import type { RenderedObject } from '../../../../hooks/core/plan/changes.ts';
import { preflightFindings } from '../../../../hooks/core/preflight.ts';
import { deployment, facts, node } from '../../builders.ts';
import { planInput, planned, planRequest } from '../../plans.ts';

const fits = new Ajv({ allErrors: true }).compile(planSchema);

/** The node of the Coordinator takes no new pods, and another one would. */
const cordoned = () =>
  planned((input) => {
    const full = node((n) => (n.spec.unschedulable = true));
    const other = node((n) => (n.metadata.name = 'sgx-2'));
    const elsewhere = known({ pods: [], nodes: [full] });
    input.facts.node = known({ node: full, pods: [] });
    input.facts.otherNodes = known({
      count: 4,
      looked: [{ node: other, pods: [], claims: [], elsewhere }],
      ruledOut: { 'Insufficient sgx.intel.com/epc': 2 },
      left: 1,
    });
  });

describe('makePlan', () => {
  it('has the very findings of preflight', () => {
    const input = planInput();
    expect(planned().findings).to.deep.equal(preflightFindings(input.facts));
  });

  it('fits its schema, whether it passes, is refused, or knows little', () => {
    const plans = [
      planned(),
      cordoned(),
      planned((input) => {
        input.facts = facts((f) =>
          Object.assign(f, { live: undefined, pods: [], group: [], node: undefined }),
        );
        input.facts.coordinator = undefined;
        input.rendering.deployed = unknown('secrets is forbidden');
        input.timings = { marbles: new Map(), rolls: new Map() };
      }),
    ];
    for (const plan of plans) {
      expect(fits(JSON.parse(JSON.stringify(plan))), JSON.stringify(fits.errors)).to.equal(true);
    }
  });

  it('has the Marbles in the order of the roll, and where each wave begins', () => {
    const { marbles } = planned();
    expect(
      marbles?.waves.map(({ wave, restarts }) => [wave, restarts.map(({ workload }) => workload)]),
    ).to.deep.equal([
      [-1, ['statefulset/store in shop']],
      [0, ['deployment/web in shop']],
    ]);
    expect(marbles?.waves[0]?.restarts[0]?.reason).to.equal('the intermediate certificate changed');
  });

  it('restarts no Marble with always while the pod of the Coordinator stays', () => {
    const restarts = (target: 'new' | 'same') =>
      planned((input) => {
        const { rollout, coordinator } = input.facts.settings;
        rollout.restart = 'always';
        coordinator.version = 'v1.8.0';
        if (target === 'same') input.facts.target = deployment();
        input.facts.marbles?.workloads.forEach((each) => {
          each.startedUnder = 'c0ffee0123456789.00000000';
        });
      }).marbles?.waves.length;
    expect(restarts('new')).to.equal(2);
    // The pod that runs is not the one that they were restarted for.
    expect(restarts('same')).to.equal(2);
  });

  it('takes no digest in the copy of the hooks for a change of the pod', () => {
    const withToken = (value: string) =>
      deployment(({ spec }) => {
        spec.template.spec.containers = [{ name: 'coordinator', env: [{ name: 'TOKEN', value }] }];
      });
    const { coordinator } = planned((input) => {
      input.facts.live = withToken('hunter2');
      input.facts.target = withToken('sha256:0011aabb');
      const rendering = withToken('hunter2') as unknown as RenderedObject;
      input.rendering = { objects: [rendering], deployed: known([rendering]) };
    });
    expect(coordinator).to.deep.equal({ kind: 'stays', why: 'its pod template stays the same' });
  });

  it('has a table of the nodes only where the node of the Coordinator does not take it', () => {
    expect(planned().placement).to.deep.equal({ verdict: 'stays', nodes: [] });
    const { verdict, nodes } = cordoned().placement;
    expect(verdict).to.equal('must-move');
    expect(nodes.map(({ node: name, takes }) => [name, takes])).to.deep.equal([
      ['sgx-1', 'no'],
      ['sgx-2', 'yes'],
      ['2 others', 'no'],
      ['1 other', 'unknown'],
    ]);
  });

  it('says what preflight would do only where it would pass', () => {
    const pinned = (cordon: boolean) =>
      planned(({ facts: given }) => {
        given.group = given.pods;
        given.node = known({ node: node((n) => (n.spec.unschedulable = cordon)), pods: [...given.pods] });
      });
    expect(pinned(false).preflightWould).to.include('hold sgx-1 with a pin pod until the anchor runs');
    expect(pinned(true).preflightWould).to.deep.equal([]);
  });

  it('gathers the tokens of all that blocks beside those that are listed', () => {
    const { next } = planned((input) => {
      input.facts.settings.hooks.acknowledge = ['old-token:00000000'];
      input.facts.node = known({ node: node((n) => (n.spec.unschedulable = true)), pods: [] });
    });
    expect(next.acknowledge[0]).to.equal('old-token:00000000');
    expect(next.acknowledge[1]).to.match(/^node-refuses-coordinator:[0-9a-f]{8}$/);
    expect(planned().next.acknowledge).to.deep.equal([]);
  });

  it('installs in its command where the release is new', () => {
    const { next } = planned((input) => {
      input.request = planRequest('web ./chart -n shop');
      input.facts.settings.release.revision = 1;
    });
    expect(next.command).to.equal('helm upgrade --install web ./chart -n shop');
  });
});
