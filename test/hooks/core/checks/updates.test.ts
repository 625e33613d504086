import { expect } from 'chai';
import { checkUpdates } from '../../../../hooks/core/checks/updates.ts';
import type { PreflightFacts } from '../../../../hooks/core/facts.ts';
import { known, unknown } from '../../../../hooks/core/known.ts';
import { coordinator, facts, pod, type Change } from '../../builders.ts';
import { all, goesTo, runs } from '../../changes.ts';
import { cases } from './cases.ts';

const started: Change<PreflightFacts> = (f) => {
  const running = { startedAt: '2026-11-01T10:00:00Z' };
  f.pods = [
    pod(({ status }) => {
      for (const container of status?.containerStatuses ?? []) container.state = { running };
    }),
  ];
};
const updatedAt =
  (time: string, text = 'SecurityVersion increased, package backend'): Change<PreflightFacts> =>
  (f) => {
    f.coordinator = known(coordinator((c) => (c.updates = known([{ time, text }]))));
  };
const later = updatedAt('2026-11-02T08:30:00.000Z');

describe('checkUpdates', () => {
  cases(checkUpdates, [
    ['finds nothing where nothing was updated', all(runs('v1.6.0'), started), []],
    [
      'blocks when v1.6.0 has not sealed an update',
      all(runs('v1.6.0'), started, later),
      ['block updates-not-sealed'],
    ],
    ['blocks so from v1.5.0 on', all(runs('v1.5.0'), started, later), ['block updates-not-sealed']],
    ['knows that v1.7.0 seals them', all(runs('v1.7.0'), started, later), []],
    ['knows that v1.4.1 seals them', all(runs('v1.4.1'), started, later), []],
    [
      'lets updates pass that were made before the start',
      all(runs('v1.6.0'), started, updatedAt('2026-10-31T23:59:59.000Z')),
      [],
    ],
    [
      'knows that a Coordinator seals what comes after a Manifest that it was given since its start',
      all(runs('v1.6.0'), started, updatedAt('2026-11-02T08:30:00.000Z', 'Initial manifest set')),
      [],
    ],
    [
      'warns when the log cannot be read',
      all(runs('v1.6.0'), started, (f) => {
        f.coordinator = known(coordinator((c) => (c.updates = unknown('it answered 500'))));
      }),
      ['warn updates-not-sealed'],
    ],
    ['warns when the start is not known', all(runs('v1.6.0'), later), ['warn updates-not-sealed']],
    ['finds nothing where the Coordinator does not answer', (f) => (f.coordinator = unknown('no')), []],
    [
      'warns about an update that waits',
      (f) => {
        f.coordinator = known(coordinator((c) => (c.pendingUpdate = known({ missingUsers: ['bob'] }))));
      },
      ['warn manifest-update-pending'],
    ],
    [
      'warns when it is not known whether one waits',
      (f) => {
        f.coordinator = known(coordinator((c) => (c.pendingUpdate = unknown('it answered 500'))));
      },
      ['warn manifest-update-pending'],
    ],
  ]);

  it('names the updates that would be lost, with their time', () => {
    const [finding] = checkUpdates(facts(all(runs('v1.6.0'), started, later)));
    expect(finding?.message).to.contain(
      'since it started at 2026-11-01T10:00:00Z, and the upgrade loses it: SecurityVersion increased, package backend (2026-11-02T08:30:00.000Z)',
    );
  });

  it('names the users who have not acknowledged, and that an older version forgets the update', () => {
    const waiting = all(runs('v1.9.1'), goesTo('v1.8.0'), (f) => {
      f.coordinator = known(coordinator((c) => (c.pendingUpdate = known({ missingUsers: ['bob', 'eve'] }))));
    });
    const [finding] = checkUpdates(facts(waiting));
    expect(finding?.message).to.contain('by bob, eve. v1.8.0 does not know pending updates');
  });
});
