import { expect } from 'chai';
import { coordinatorRestart } from '../../../../hooks/core/plan/restart.ts';
import { deployment, facts, image } from '../../builders.ts';

/** Facts of an upgrade that renders the live Deployment again. */
const unchanged = () =>
  facts((f) => {
    f.target = deployment();
  });

describe('coordinatorRestart', () => {
  it('is the first start where nothing runs', () => {
    const given = facts((f) => (f.live = undefined));
    expect(coordinatorRestart(given, undefined).kind).to.equal('first');
  });

  it('restarts for another image, and names both', () => {
    expect(coordinatorRestart(facts(), deployment())).to.deep.equal({
      kind: 'restarts',
      why: `its image changes: ${image}:v1.8.0 -> ${image}:v1.9.1`,
    });
  });

  it('stays where the pod template is rendered as it was and as it is', () => {
    expect(coordinatorRestart(unchanged(), deployment()).kind).to.equal('stays');
  });

  it('restarts for a field that is rendered no more, which the live object alone cannot tell', () => {
    const before = deployment(({ spec }) => (spec.template.spec.priorityClassName = 'high'));
    const given = { ...unchanged(), live: before };
    expect(coordinatorRestart(given, deployment()).kind).to.equal('stays');
    const verdict = coordinatorRestart(given, before);
    expect(verdict.kind).to.equal('restarts');
    expect(verdict.why).to.contain('spec.priorityClassName');
  });

  it('restarts for what somebody changed by hand, which Helm takes back', () => {
    const given = unchanged();
    given.live = deployment(({ spec }) => (spec.template.spec.priorityClassName = 'high'));
    given.target.spec.template.spec.priorityClassName = 'low';
    const before = structuredClone(given.target);
    expect(coordinatorRestart(given, before).kind).to.equal('restarts');
  });

  it('stays where an upgrade that failed has applied all of it, though an older release is the deployed one', () => {
    const before = deployment(({ spec }) => (spec.template.spec.priorityClassName = 'high'));
    expect(coordinatorRestart(unchanged(), before).kind).to.equal('stays');
    const fewer = deployment(({ spec }) => (spec.template.metadata = {}));
    expect(coordinatorRestart(unchanged(), fewer).kind).to.equal('stays');
  });

  it('does not know where the deployed release cannot be read, unless the difference can be seen', () => {
    expect(coordinatorRestart(unchanged(), undefined).kind).to.equal('unknown');
    expect(coordinatorRestart(facts(), undefined).kind).to.equal('restarts');
  });
});
