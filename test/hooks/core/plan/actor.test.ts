import { expect } from 'chai';
import { preflightActor } from '../../../../hooks/core/plan/actor.ts';

const named = (kind: string, more: object = {}) => {
  return { kind, metadata: { name: 'marblerun-coordinator-preflight' }, ...more };
};
const job = (spec: object) => named('Job', { spec: { template: { spec } } });

describe('preflightActor', () => {
  it('is whom the chart renders a Role for', () => {
    const hooks = [named('ServiceAccount'), named('Role'), job({ serviceAccountName: 'outside' })];
    expect(preflightActor(hooks)).to.equal('rendered');
  });

  it('is the ServiceAccount of the Job where the chart renders no Role', () => {
    const other = { kind: 'Role', metadata: { name: 'marblerun-coordinator-rollout' } };
    expect(preflightActor([other, job({ serviceAccountName: 'outside' })])).to.deep.equal({
      account: 'outside',
    });
  });

  it('is the one that Kubernetes gives each pod where the Job names none', () => {
    expect(preflightActor([job({})])).to.deep.equal({ account: 'default' });
  });
});
