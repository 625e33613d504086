import { expect } from 'chai';
import { known, unknown } from '../../../../hooks/core/known.ts';
import { restoreAnnotation } from '../../../../hooks/core/restore/note.ts';
import { verdictOf } from '../../../../hooks/core/status-view/verdict.ts';
import { coordinator, deployment, otherCertificate, pod, type Change } from '../../builders.ts';
import type { Job } from '../../../../hooks/core/detach.ts';
import type { RolloutJobs, StatusFacts } from '../../../../hooks/core/status-view/facts.ts';
import { answering, recordNow, seenCopy, statusFacts } from '../../status-facts.ts';

const ended = (type: 'Failed' | 'Complete', at: string): Job => ({
  metadata: { name: 'job' },
  status: { conditions: [{ type, status: 'True', message: 'it was too slow', lastTransitionTime: at }] },
});
const rollouts =
  (jobs: Partial<RolloutJobs>, completed?: string): Change<StatusFacts> =>
  (facts) => {
    facts.rollouts = known({ hook: undefined, roll: undefined, ...jobs });
    facts.record = known(recordNow((it) => Object.assign(it, { completed })));
  };
const november = '2026-11-01T00:00:00Z';
const failed = (at: string, completed?: string): Change<StatusFacts> =>
  rollouts({ roll: ended('Failed', at) }, completed);

/** What is the case, how it ends, what is said, what is next. */
const cases: [string, Change<StatusFacts>, 'passed' | 'blocked' | 'unknown', RegExp, RegExp][] = [
  ['all is as it was', () => undefined, 'passed', /accepts Marbles \(state 3\)/, /^$/],
  [
    'it needs recovery',
    answering({ state: 1 }),
    'blocked',
    /needs recovery \(state 1\).* on sgx-1/,
    /port-forward pod\/marblerun-coordinator-7c9f8d6b5-x2x4q 4433:4433\n[^]*api\/v2\/recover/,
  ],
  ['it lost its state', answering({ state: 2 }), 'blocked', /had one before \(91ab04fe91ab\)/, /get pvc,pv$/],
  [
    'it lost its state, of which there is a copy',
    (facts) => {
      answering({ state: 2 })(facts);
      facts.copies = known([seenCopy(1)]);
    },
    'blocked',
    /had one before/,
    /get pvc,pv\n.*newest copy.*\nmarblerun-hooks restore mesh -n marblerun$/,
  ],
  [
    'it never had a Manifest',
    (facts) => {
      answering({ state: 2 })(facts);
      facts.record = known(undefined);
    },
    'passed',
    /waits for a Manifest \(state 2\)/,
    /marblerun manifest set/,
  ],
  [
    'nobody knows whether it had a Manifest',
    (facts) => {
      answering({ state: 2 })(facts);
      facts.record = unknown('it is forbidden');
    },
    'unknown',
    /had one before is not known: it is forbidden/,
    /find its volume before/,
  ],
  [
    'it is another mesh',
    answering(coordinator((it) => (it.rootCertificate = otherCertificate))),
    'blocked',
    /another mesh than before/,
    /run your last helm upgrade again/,
  ],
  ['its state is a new one', answering({ state: 9 }), 'unknown', /in state 9/, /logs pod\//],
  [
    'it does not answer',
    (facts) => (facts.answers = [unknown('pod/x does not answer: reset')]),
    'unknown',
    /is not known: pod\/x does not answer: reset/,
    /describe deployment\//,
  ],
  [
    'its pods may not be listed',
    (facts) => {
      facts.pods = unknown('pods is forbidden');
      facts.answers = [];
    },
    'unknown',
    /pods is forbidden/,
    /^$/,
  ],
  [
    'it is stopped for a restore',
    (facts) => {
      const note = { generation: 7, replicas: 1, copy: 'copy', replace: false };
      facts.deployment = deployment(({ metadata, spec }) => {
        metadata.generation = 7;
        metadata.annotations = { [restoreAnnotation]: JSON.stringify(note) };
        spec.replicas = 0;
      });
      facts.pods = known([]);
      facts.answers = [];
    },
    'blocked',
    /stopped for a restore/,
    /marblerun-hooks restore mesh -n marblerun$/,
  ],
  [
    'it is scaled to zero',
    (facts) => {
      facts.deployment = deployment(({ spec }) => (spec.replicas = 0));
      facts.pods = known([]);
      facts.answers = [];
    },
    'blocked',
    /scaled to zero/,
    /--replicas=1/,
  ],
  [
    'its pod finds no node',
    (facts) => {
      const stuck = pod(({ status }) => {
        if (status !== undefined)
          status.conditions = [{ type: 'PodScheduled', status: 'False', message: '0/2 nodes' }];
      });
      facts.pods = known([stuck]);
      facts.answers = [unknown('pod/x has no address yet')];
    },
    'blocked',
    /does not run: .* is not scheduled: 0\/2 nodes/,
    /describe pods/,
  ],
  [
    'a detached roll failed',
    failed(november),
    'blocked',
    /the roll of the Marbles failed: it was too slow/,
    /logs job\/marblerun-coordinator-roll/,
  ],
  [
    'a roll failed before the last rollout',
    failed('2026-09-01T00:00:00Z', november),
    'passed',
    /accepts Marbles/,
    /^$/,
  ],
  [
    'a roll failed, and the record was written since by no rollout that ended well',
    (facts) => {
      const completed = '2026-08-01T00:00:00Z';
      failed('2026-09-01T00:00:00Z')(facts);
      facts.record = known(recordNow((it) => Object.assign(it, { time: november, completed })));
    },
    'blocked',
    /the roll of the Marbles failed: it was too slow/,
    /run your last helm upgrade again/,
  ],
  [
    'the rollout hook failed',
    rollouts({ hook: ended('Failed', november) }, '2026-09-01T00:00:00Z'),
    'blocked',
    /the last rollout failed, and none has ended well since: it was too slow/,
    /logs job\/marblerun-coordinator-rollout\n.*helm upgrade again/,
  ],
  [
    'the rollout hook failed after a roll did',
    rollouts({ hook: ended('Failed', november), roll: ended('Failed', '2026-10-01T00:00:00Z') }),
    'blocked',
    /the last rollout failed/,
    /logs job\/marblerun-coordinator-rollout/,
  ],
  [
    'the rollout hook failed, but the Job that it started has ended well since',
    rollouts({ hook: ended('Failed', november), roll: ended('Complete', november) }, '2026-11-01T00:00:09Z'),
    'passed',
    /accepts Marbles/,
    /^$/,
  ],
  [
    'a roll failed, and a rollout goes on with it',
    rollouts({ hook: { metadata: { name: 'job' } }, roll: ended('Failed', november) }),
    'passed',
    /accepts Marbles/,
    /^$/,
  ],
  [
    'one of two Coordinators has not got the key yet',
    (facts) =>
      (facts.answers = [
        known({ pod: pod(), coordinator: coordinator() }),
        known({ pod: pod(), coordinator: { state: 1 } }),
      ]),
    'unknown',
    /do not agree/,
    /get pods -w/,
  ],
];

describe('The verdict of status', () => {
  for (const [situation, change, outcome, said, next] of cases) {
    it(`is "${outcome}" when ${situation}`, () => {
      const verdict = verdictOf(statusFacts(change));
      expect(verdict.outcome, verdict.verdict).to.equal(outcome);
      expect(verdict.verdict).to.match(said);
      expect(verdict.next.join('\n')).to.match(next);
    });
  }

  it('takes the next steps after a failed roll from its report', () => {
    const { next } = verdictOf(
      statusFacts((facts) => {
        failed(november)(facts);
        const finding = {
          code: 'marble-restart-failed' as const,
          severity: 'block' as const,
          subject: 'deployment/web',
        };
        facts.report = known({
          schemaVersion: 1,
          command: 'rollout',
          programVersion: '0.1.0',
          outcome: 'blocked',
          facts: [],
          findings: [{ ...finding, message: 'It does not start.', remedy: 'Look at web.' }],
          actions: [],
        });
      }),
    );
    expect(next).to.deep.equal(['Look at web.']);
  });

  it('names the parties that a record tells of', () => {
    const { next } = verdictOf(
      statusFacts((facts) => {
        answering({ state: 1 })(facts);
        facts.record = known(recordNow((it) => (it.recoveryKeys = { parties: 3, threshold: 2 })));
      }),
    );
    expect(next[0]).to.contain('any 2 of its 3 parties');
  });
});
