import { expect } from 'chai';
import { handedOver, isGoingOn, ownedBy, rollJobName, type Job } from '../../../hooks/core/detach.ts';
import { deployment, namespace, settings } from '../builders.ts';

const job = (...conditions: [string, string][]): Job => ({
  metadata: { name: rollJobName, namespace },
  status: { conditions: conditions.map(([type, status]) => ({ type, status })) },
});

/** Title, the Job, whether it goes on. */
const cases: [string, Job, boolean][] = [
  ['one that has not begun', { metadata: { name: rollJobName } }, true],
  ['one without a condition', job(), true],
  ['a suspended one', job(['Suspended', 'True']), true],
  ['one that is about to fail', job(['FailureTarget', 'True']), true],
  ['one that is not complete', job(['Complete', 'False']), true],
  ['a complete one', job(['SuccessCriteriaMet', 'True'], ['Complete', 'True']), false],
  ['a failed one', job(['Failed', 'True']), false],
];

describe('isGoingOn', () => {
  for (const [title, object, expected] of cases) {
    it(`is ${expected} of ${title}`, () => {
      expect(isGoingOn(object)).to.equal(expected);
    });
  }
});

describe('ownedBy', () => {
  it('lets the Job go with the Deployment, and changes nothing else', () => {
    const { metadata, ...rest } = ownedBy(job(), deployment());
    expect(rest).to.deep.equal({ status: { conditions: [] } });
    expect(metadata).to.deep.equal({
      name: rollJobName,
      namespace,
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          name: 'marblerun-coordinator',
          uid: deployment().metadata.uid,
        },
      ],
    });
  });
});

describe('handedOver', () => {
  it('says that the Marbles are not restarted yet, and how to follow that', () => {
    const { finding, line } = handedOver(settings((s) => (s.rollout.detachedDeadlineSeconds = 900)));
    expect(finding.message).to.contain('Its Marbles are not restarted yet').and.contain('up to 900 s');
    expect(finding.remedy)
      .to.contain('kubectl -n marblerun logs -f job/marblerun-coordinator-roll')
      .and.contain('--timeout=900s')
      .and.contain('get configmap marblerun-coordinator-report');
    expect(line.value).to.contain('not restarted yet');
  });
});
