import { expect } from 'chai';
import { conclusion } from '../../../../hooks/core/roll/conclusion.ts';
import { settings } from '../../builders.ts';
import { member } from './members.ts';

const { release } = settings();
const status = { done: false, failed: false, message: '0 of 1 pods are available' };

describe('the conclusion of a roll', () => {
  it('has nothing to say when all is done in time', () => {
    expect(conclusion([member('a', 'done')], release, undefined)).to.deep.equal([]);
  });

  it('names what failed, and each that was not started because of it', () => {
    const failed = member('a', 'failed', { failure: 'it crashes.' });
    const findings = conclusion([failed, member('b'), member('c', 'done')], release, undefined);
    expect(findings.map(({ code, subject }) => `${code} ${subject}`)).to.deep.equal([
      'marble-restart-failed deployment/a in shop',
      'marble-not-restarted deployment/b in shop',
    ]);
    expect(findings[0]?.message).to.equal('it crashes. No further Marble was restarted after it.');
    expect(findings[1]?.message).to.contain('the root certificate changed, but an earlier restart failed');
  });

  it('counts what was not started where there is too much to name', () => {
    const waiting = Array.from({ length: 40 }, (_, number) => member(`m${number}`));
    const findings = conclusion([member('a', 'failed', { failure: 'x' }), ...waiting], release, undefined);
    expect(findings).to.have.length(12);
    expect(findings.at(-1)?.message).to.contain('30 more need a restart');
  });

  it('says after the deadline what is left, what it waits for, and how to go on', () => {
    const members = [
      member('a', 'done'),
      member('b', 'rolling', {
        status,
        trouble: { kind: 'image', text: 'pod/b-1: no image', since: 0, restartsBefore: 0 },
      }),
      member('c', 'waiting', { held: 'a budget has nothing to spare' }),
      member('d'),
    ];
    const [finding, ...more] = conclusion(members, release, {
      afterSeconds: 195.4,
      why: 'the deadline came',
    });
    expect(more).to.deep.equal([]);
    expect(finding).to.deep.include({ code: 'marbles-unfinished', severity: 'block' });
    expect(finding?.message).to.equal(
      '1 of 4 Marbles were restarted within 195 s, then the deadline came. 1 were in progress: deployment/b in shop: 0 of 1 pods are available; pod/b-1: no image. 2 had not started: deployment/c in shop (a budget has nothing to spare); deployment/d in shop.',
    );
    expect(finding?.remedy).to.contain(
      `\nhelm rollback marblerun-coordinator ${release.revision} -n marblerun\n`,
    );
  });

  it('mentions what was deleted in the meantime', () => {
    const [finding] = conclusion([member('a', 'gone', { failure: 'it was deleted' })], release, undefined);
    expect(finding).to.deep.include({ code: 'marble-not-restarted', severity: 'info' });
  });
});
