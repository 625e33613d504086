import { expect } from 'chai';
import type { Job } from '../../../hooks/core/detach.ts';
import type { PreflightFacts } from '../../../hooks/core/facts.ts';
import { known, unknown } from '../../../hooks/core/known.ts';
import type { PersistentVolumeClaim } from '../../../hooks/core/objects.ts';
import { planPreflight } from '../../../hooks/core/preflight-plan.ts';
import { anchorPod, coordinator, facts, pod, record, type Change } from '../builders.ts';
import { claim } from '../claims.ts';

const setImage = {
  manager: 'kubectl-set',
  operation: 'Update' as const,
  fieldsV1: {
    'f:spec': {
      'f:template': { 'f:spec': { 'f:containers': { 'k:{"name":"coordinator"}': { 'f:image': {} } } } },
    },
  },
};
const conflict = {
  manager: 'kubectl-set',
  field: '.spec.template.spec.containers[name="coordinator"].image',
};
const pin = anchorPod(({ metadata }) => (metadata.name = 'marblerun-coordinator-pin'));
const surging: Change<PreflightFacts> = (f) => {
  if (f.live !== undefined)
    f.live.spec.strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%' } };
};
const unanchored: Change<PreflightFacts> = (f) => (f.group = []);
const leaving: Change<PreflightFacts> = (f) => (f.settings.placement.avoidNodes = ['sgx-1']);

const withClaim = (change: Change<PersistentVolumeClaim>): Change<PreflightFacts> => {
  return (f) => (f.storage = known({ live: claim(change), target: claim(change), storageClass: undefined }));
};
const unmarked = withClaim(({ metadata }) => delete metadata.annotations);

const rollJob = (end?: string): Job => ({
  metadata: { name: 'marblerun-coordinator-roll' },
  status: { conditions: end === undefined ? [] : [{ type: end, status: 'True' }] },
});

/** Title, what differs from an ordinary upgrade, the actions in order. */
const cases: [string, Change<PreflightFacts>, string[]][] = [
  ['does nothing when everything is in place', () => undefined, []],
  [
    'does nothing before the first install',
    (f) => {
      surging(f);
      f.live = undefined;
      f.record = known(undefined);
    },
    [],
  ],
  ['leaves a roll alone that has ended', (f) => (f.roll = known(rollJob('Failed'))), []],
  ['finds no roll to end', (f) => (f.roll = known(undefined)), []],
  [
    'ends a roll that goes on before anything else',
    (f) => {
      unmarked(f);
      f.roll = known(rollJob());
    },
    ['end-roll', 'keep-claim'],
  ],
  ['ends a roll that it may not see', (f) => (f.roll = unknown('jobs is forbidden')), ['end-roll']],
  ['marks a claim that Helm would delete', unmarked, ['keep-claim']],
  [
    'marks a claim that says something else to Helm',
    withClaim(({ metadata }) => (metadata.annotations = { 'helm.sh/resource-policy': 'delete' })),
    ['keep-claim'],
  ],
  [
    'leaves a claim of the user’s own alone',
    withClaim(({ metadata }) => {
      metadata.name = 'mine';
      delete metadata.annotations;
    }),
    [],
  ],
  [
    'leaves a claim alone that is being deleted',
    withClaim(({ metadata }) => {
      delete metadata.annotations;
      metadata.deletionTimestamp = '2026-11-24T12:00:00Z';
    }),
    [],
  ],
  ['marks nothing when the claim may not be read', (f) => (f.storage = unknown('forbidden')), []],
  ['notes the baseline when there is no record', (f) => (f.record = known(undefined)), ['note-baseline']],
  [
    'notes the baseline when the record does not tell what a recovery takes',
    (f) => (f.record = known(record((r) => delete r.recoveryKeys))),
    ['note-baseline'],
  ],
  ['notes the baseline when the record is broken', (f) => (f.record = unknown('broken')), ['note-baseline']],
  [
    'notes the baseline when the Manifest was updated',
    (f) => (f.record = known(record((r) => (r.manifestFingerprint = 'earlier')))),
    ['note-baseline'],
  ],
  [
    'notes no baseline of a Coordinator that does not answer',
    (f) => {
      f.record = known(undefined);
      f.coordinator = unknown('no answer');
    },
    [],
  ],
  [
    'notes no baseline in Recovery',
    (f) => {
      f.record = known(undefined);
      f.coordinator = known({ state: 1 });
    },
    [],
  ],
  ['holds the node while there is no anchor', unanchored, ['hold-node']],
  ['does not take the Coordinator itself for an anchor', (f) => (f.group = [pod()]), ['hold-node']],
  ['holds nothing twice', (f) => (f.group = [pod(), pin]), []],
  [
    'holds no node that the Coordinator shall leave',
    (f) => {
      unanchored(f);
      leaving(f);
    },
    [],
  ],
  [
    'releases a pin from a node that the Coordinator shall leave',
    (f) => {
      f.group = [pin];
      leaving(f);
    },
    ['release-pin'],
  ],
  ['lets the anchor go from a node that the Coordinator shall leave', leaving, ['release-anchor']],
  [
    'lets the scheduler judge where it is not known whether the node takes the pod',
    (f) => {
      unanchored(f);
      f.node = unknown('forbidden');
    },
    ['hold-node'],
  ],
  ['switches a surging Deployment to Recreate', surging, ['switch-strategy']],
  [
    'switches a Deployment whose strategy was never said',
    (f) => delete f.live?.spec.strategy,
    ['switch-strategy'],
  ],
  [
    'leaves the strategy when the chart does not ask for Recreate',
    (f) => {
      surging(f);
      f.target.spec.strategy = { type: 'RollingUpdate' };
    },
    [],
  ],
  [
    'takes back the image of kubectl set image',
    (f) => {
      f.conflicts = known([conflict]);
      if (f.live !== undefined) f.live.metadata.managedFields = [setImage];
    },
    ['take-back-image'],
  ],
  ['takes nothing back when nobody claims it', (f) => (f.conflicts = known([conflict])), []],
  ['takes nothing back when conflicts are not known', (f) => (f.conflicts = unknown('forbidden')), []],
  [
    'does it all in order on the first upgrade from another chart',
    (f) => {
      f.record = known(undefined);
      unanchored(f);
      surging(f);
      f.conflicts = known([conflict]);
      if (f.live !== undefined) f.live.metadata.managedFields = [setImage];
    },
    ['note-baseline', 'hold-node', 'switch-strategy', 'take-back-image'],
  ],
];

describe('planPreflight', () => {
  for (const [title, change, expected] of cases) {
    it(title, () => {
      expect(planPreflight(facts(change)).map(({ kind }) => kind)).to.deep.equal(expected);
    });
  }

  it('writes managed fields only onto the object that it read', () => {
    const [action] = planPreflight(
      facts((f) => {
        f.conflicts = known([conflict]);
        if (f.live !== undefined) f.live.metadata.managedFields = [setImage];
      }),
    );
    expect(action).to.deep.equal({ kind: 'take-back-image', managedFields: [], resourceVersion: '48213' });
  });

  it('has nothing left to note once the baseline is written', () => {
    const noted = record((r) => {
      r.rootCertificate = coordinator().rootCertificate ?? '';
      r.coordinator.node = 'sgx-2';
    });
    expect(planPreflight(facts((f) => (f.record = known(noted))))).to.deep.equal([]);
  });
});
