import { expect } from 'chai';
import { helmRemedy } from '../../../../hooks/core/plan/helm-refusal.ts';
import { planRequest } from '../../plans.ts';

const pending = 'Error: UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress';

describe('helmRemedy', () => {
  it('is how to go on with the revision that is pending, in the namespace of the command', () => {
    const remedy = helmRemedy(pending, planRequest('web ./chart -n shop'));
    expect(remedy)
      .to.contain('"helm history web -n shop"')
      .and.to.contain('"helm rollback web -n shop REVISION"');
    expect(helmRemedy(pending, planRequest('web ./chart'))).to.contain('"helm history web"');
  });

  it('is none where Helm says all that there is to say', () => {
    expect(helmRemedy('Error: unknown flag: --nonsense', planRequest('web ./chart'))).to.equal(undefined);
  });
});
