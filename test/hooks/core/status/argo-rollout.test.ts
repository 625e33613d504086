import type { ArgoRollout } from '../../../../hooks/core/objects/workloads.ts';
import { argoRolloutStatus } from '../../../../hooks/core/status/argo-rollout.ts';
import type { Change } from '../../builders.ts';
import { argoRollout } from '../../workloads.ts';
import { ofEachKind, statusCases } from './cases.ts';

const status =
  (change: ArgoRollout['status']): Change<ArgoRollout> =>
  (rollout) =>
    Object.assign(rollout.status ?? {}, change);
const condition = (type: string, value: string, reason: string) => ({
  type,
  status: value,
  reason,
  message: 'Rollout aborted update to revision 3',
});

describe('argoRolloutStatus', () => {
  statusCases(
    (change: Change<ArgoRollout>) => argoRolloutStatus(argoRollout(change)),
    [
      ...ofEachKind<ArgoRollout>(),
      [
        'reads a generation that was observed as a hash, as old versions write it',
        status({ observedGeneration: '5f7c8d' }),
        'done',
        /^3 of 3/,
      ],
      ['waits for new pods', status({ updatedReplicas: 1 }), 'waiting', /^1 of 3 pods are of the new/],
      [
        'waits for pods to be available',
        status({ availableReplicas: 2 }),
        'waiting',
        /^2 of 3 pods are available$/,
      ],
      ['waits for its steps to complete', status({ stableRS: '5c4' }), 'waiting', /all its steps/],
      [
        'waits as long as its controller calls it progressing',
        status({ phase: 'Progressing', message: 'active service cutover pending' }),
        'waiting',
        /^active service cutover pending$/,
      ],
      [
        'waits for a promotion',
        status({ phase: 'Paused', pauseConditions: [{ reason: 'CanaryPauseStep' }], updatedReplicas: 1 }),
        'waiting',
        /^it is paused \(CanaryPauseStep\) until somebody promotes it$/,
      ],
      ['waits while it is paused', ({ spec }) => (spec.paused = true), 'waiting', /^it is paused$/],
      [
        'fails when it was aborted',
        status({ conditions: [condition('Progressing', 'False', 'RolloutAborted')] }),
        'failed',
        /^Rollout aborted/,
      ],
      [
        'fails past its progress deadline',
        status({ conditions: [condition('Progressing', 'False', 'ProgressDeadlineExceeded')] }),
        'failed',
        /^Rollout aborted/,
      ],
      [
        'fails by a specification that its controller refuses',
        status({ conditions: [condition('InvalidSpec', 'True', 'InvalidSpec')] }),
        'failed',
        /^Rollout aborted/,
      ],
      [
        'does not fail by a refusal that is over',
        status({ conditions: [condition('InvalidSpec', 'False', 'InvalidSpec')] }),
        'done',
        /^3 of 3/,
      ],
      [
        'fails when its controller calls it degraded',
        status({ phase: 'Degraded', message: 'x' }),
        'failed',
        /degraded: x$/,
      ],
      [
        'takes the counts where its controller says no phase, as old versions do',
        (rollout) => delete rollout.status?.phase,
        'done',
        /^3 of 3/,
      ],
    ],
  );
});
