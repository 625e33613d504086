import { expect } from 'chai';
import type { PreflightFacts } from '../../../hooks/core/facts.ts';
import { known, unknown } from '../../../hooks/core/known.ts';
import { preflightFindings } from '../../../hooks/core/preflight.ts';
import { outcomeOf } from '../../../hooks/core/report.ts';
import { coordinator, deployment, facts, otherCertificate, type Change } from '../builders.ts';
import { all } from '../changes.ts';

const trouble: Change<PreflightFacts> = (f) => {
  f.settings.placement.stickiness = 'none';
  f.coordinator = known(coordinator((c) => (c.rootCertificate = otherCertificate)));
  f.conflicts = known([{ manager: 'hpa', field: '.spec.replicas' }]);
};

describe('preflightFindings', () => {
  it('finds nothing in an ordinary upgrade', () => {
    expect(preflightFindings(facts())).to.deep.equal([]);
  });

  it('finds nothing but a note before a first install', () => {
    const empty = facts((f) => {
      f.live = undefined;
      f.pods = [];
      f.group = [];
      f.node = undefined;
      f.coordinator = undefined;
      f.record = known(undefined);
    });
    expect(preflightFindings(empty).map(({ code }) => code)).to.deep.equal(['first-install']);
  });

  it('collects what every check finds', () => {
    expect(preflightFindings(facts(trouble)).map(({ code }) => code)).to.have.members([
      'state-replaced',
      'may-move',
      'fields-owned-by-others',
    ]);
  });

  it('passes once each token is listed, and not before', () => {
    const tokens = preflightFindings(facts(trouble)).flatMap(({ token }) => token ?? []);
    expect(tokens).to.have.length(2);
    const outcome = (acknowledge: string[]) =>
      outcomeOf(
        preflightFindings(
          facts((f) => {
            trouble(f);
            f.settings.hooks.acknowledge = acknowledge;
          }),
        ),
      );
    expect(outcome([])).to.equal('blocked');
    expect(outcome(tokens.slice(1))).to.equal('blocked');
    expect(outcome(tokens)).to.equal('passed');
  });

  it('says how to end a rollback that it refuses, which Helm leaves pending', () => {
    const codes = (revision: number, change: Change<PreflightFacts>) =>
      preflightFindings(facts(all(change, (f) => (f.settings.release.revision = revision)))).map(
        ({ code }) => code,
      );
    expect(codes(3, trouble)).to.include('rollback-refused');
    expect(codes(7, trouble)).to.not.include('rollback-refused');
    expect(codes(3, () => undefined)).to.deep.equal([]);
  });

  it('takes no sync of Argo CD for a rollback, all of which are revision 1', () => {
    const sync = (annotations: Record<string, string>) =>
      preflightFindings(
        facts(
          all(trouble, (f) => {
            f.settings.release.revision = 1;
            f.live = deployment(({ metadata }) => (metadata.annotations = annotations));
          }),
        ),
      ).map(({ code }) => code);
    const tracked = { 'argocd.argoproj.io/tracking-id': 'coordinator:apps/Deployment:marblerun/x' };
    expect(sync(tracked)).not.to.include('rollback-refused');
    expect(sync({})).not.to.include('rollback-refused');
    const takenOver = { 'meta.helm.sh/release-name': 'x', ...tracked };
    expect(sync(takenOver)).not.to.include('rollback-refused');
    expect(sync({ 'meta.helm.sh/release-name': 'x' })).to.include('rollback-refused');
  });

  it('reports yesterday’s token as stale and blocks all the same', () => {
    const yesterday = preflightFindings(facts(trouble)).flatMap(({ token }) => token ?? []);
    const today = preflightFindings(
      facts((f) => {
        trouble(f);
        f.coordinator = known(coordinator((c) => (c.rootCertificate = 'dd'.repeat(32))));
        f.settings.hooks.acknowledge = yesterday;
      }),
    );
    expect(outcomeOf(today)).to.equal('blocked');
    expect(today.filter(({ code }) => code === 'acknowledgement-stale')).to.have.length(2);
  });

  it('turns what would block into a warning in the mode warn', () => {
    const findings = preflightFindings(
      facts((f) => {
        trouble(f);
        f.settings.hooks.preflight.mode = 'warn';
      }),
    );
    expect(new Set(findings.map(({ severity }) => severity))).to.deep.equal(new Set(['warn']));
    expect(findings).to.have.length(3);
  });

  it('asks to accept the recovery that a declared move brings, in Recovery, too', () => {
    const moving = facts((f) => {
      f.coordinator = known({ state: 1 });
      f.settings.placement.avoidNodes = ['sgx-1'];
    });
    expect(preflightFindings(moving).map(({ severity, code }) => `${severity} ${code}`)).to.deep.equal([
      'warn coordinator-needs-recovery',
      'block recovery-expected',
    ]);
  });

  it('never passes silently what could not be found out', () => {
    const dark = facts((f) => {
      f.coordinator = unknown('no answer');
      f.record = unknown('forbidden');
      f.node = unknown('forbidden');
      f.conflicts = unknown('forbidden');
    });
    expect(preflightFindings(dark).map(({ severity, code }) => `${severity} ${code}`)).to.deep.equal([
      'warn coordinator-unreachable',
      'warn record-unreadable',
      'warn placement-unknown',
      'warn dry-run-failed',
    ]);
  });

  it('names object, message and, unless it is only good to know, a remedy in every finding', () => {
    for (const finding of preflightFindings(facts(trouble))) {
      expect(finding.subject).to.not.equal('');
      expect(finding.message).to.match(/^[A-Z"].*\.$/s);
      if (finding.severity !== 'info') expect(finding.remedy, finding.code).to.not.equal('');
    }
  });
});
