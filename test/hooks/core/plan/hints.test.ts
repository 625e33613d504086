import { expect } from 'chai';
import type { Finding } from '../../../../hooks/core/findings.ts';
import { hints } from '../../../../hooks/core/plan/hints.ts';
import type { Settings } from '../../../../hooks/core/settings.ts';
import { settings } from '../../builders.ts';
import { planRequest } from '../../plans.ts';

const estimate = { seconds: 30, parts: [], limitSeconds: 200, limitKey: 'hooks.deadlineSeconds' as const };
const lost: Finding = { code: 'setting-lost', severity: 'block', subject: '', message: '', remedy: '' };

function hintsOf(
  flags: string,
  {
    given = settings(),
    findings = [] as Finding[],
    seconds = 30,
  }: { given?: Settings; findings?: Finding[]; seconds?: number } = {},
): { about: string; message: string }[] {
  given.values.hooks = { activeDeadlineSeconds: 280 };
  const request = planRequest(`web ./chart ${flags}`.trim());
  return hints(request, { settings: given, findings, estimate: { ...estimate, seconds } });
}

/** Flags, and what the hints are about. */
const cases: [string, string[]][] = [
  ['--reset-then-reuse-values', []],
  ['--reset-values', []],
  ['-f values.yaml', []],
  ['', ['no values']],
  ['--reuse-values', ['--reuse-values']],
  ['--reuse-values=false -f values.yaml', []],
  ['-f values.yaml --no-hooks', ['--no-hooks']],
  ['-f values.yaml --atomic', ['--atomic']],
  ['-f values.yaml --rollback-on-failure', ['--rollback-on-failure']],
  ['-f values.yaml --timeout 2m30s', ['--timeout']],
  ['-f values.yaml --timeout 10m', []],
  ['-f values.yaml --timeout soon', []],
];

describe('hints', () => {
  for (const [flags, about] of cases) {
    it(`of "${flags}" are about ${about.length === 0 ? 'nothing' : about.join(', ')}`, () => {
      expect(hintsOf(flags).map((hint) => hint.about)).to.deep.equal(about);
    });
  }

  it('name the old image that --reuse-values keeps', () => {
    const given = settings(({ coordinator }) => (coordinator.version = 'v1.8.0'));
    expect(hintsOf('--reuse-values', { given })[0]?.message).to.contain(
      'the old image stays: the Coordinator runs v1.8.0, not v1.9.1 as the chart 0.1.0 has it',
    );
  });

  it('say why settings are lost, where some are', () => {
    expect(hintsOf('-f values.yaml', { findings: [lost] }).map(({ about }) => about)).to.deep.equal([
      'values',
    ]);
  });

  it('say nothing of values before the first install', () => {
    expect(hintsOf('', { given: settings(({ release }) => (release.revision = 1)) })).to.deep.equal([]);
  });

  it('name the Job for a roll that does not fit into the time of a hook', () => {
    expect(hintsOf('-f values.yaml', { seconds: 300 }).map(({ about }) => about)).to.deep.equal([
      'rollout.detach',
    ]);
  });
});
