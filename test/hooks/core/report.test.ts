import { expect } from 'chai';
import type { Finding, Severity } from '../../../hooks/core/findings.ts';
import {
  exitCodeOf,
  outcomeOf,
  renderJson,
  renderSummary,
  renderText,
  type Report,
} from '../../../hooks/core/report.ts';

const finding = (severity: Severity, more: Partial<Finding> = {}): Finding => ({
  code: 'may-move',
  severity,
  subject: 'node/sgx-1',
  message: `What is ${severity}.`,
  remedy: '',
  ...more,
});
const blocking = finding('block', { token: 'may-move:0a1b2c3d', remedy: 'First.\nThen.' });

const report = (findings: Finding[], more: Partial<Report> = {}): Report => ({
  schemaVersion: 1,
  command: 'preflight',
  programVersion: '0.1.0',
  outcome: outcomeOf(findings),
  facts: [
    { name: 'Node', value: 'sgx-1' },
    { name: 'Root certificate', value: 'abc' },
  ],
  findings,
  actions: [],
  ...more,
});

describe('outcomeOf', () => {
  it('is blocked only by a blocking finding that is not acknowledged', () => {
    expect(outcomeOf([])).to.equal('passed');
    expect(outcomeOf([finding('info'), finding('warn')])).to.equal('passed');
    expect(outcomeOf([finding('info'), finding('block')])).to.equal('blocked');
    expect(outcomeOf([finding('block', { acknowledged: true })])).to.equal('passed');
  });
});

describe('exitCodeOf', () => {
  it('is 0, 1 and 3', () => {
    const outcomes = ['passed', 'blocked', 'unknown'] as const;
    expect(outcomes.map((outcome) => exitCodeOf(outcome))).to.deep.equal([0, 1, 3]);
  });
});

describe('renderText', () => {
  it('indents every line of a message', () => {
    const lines = renderText(report([{ ...blocking, message: 'Two settings:\n  a: 1\n  b: 2' }])).split('\n');
    expect(lines).to.include.members(['  Two settings:', '    a: 1', '    b: 2']);
  });

  it('says facts, the worst finding first, what was done, and the verdict last', () => {
    const findings = [finding('info'), finding('warn'), blocking];
    expect(renderText(report(findings, { actions: ['did this', 'did that'] })).split('\n')).to.deep.equal([
      'marblerun-hooks preflight 0.1.0',
      '  Node              sgx-1',
      '  Root certificate  abc',
      '',
      'BLOCK may-move (node/sgx-1)',
      '  What is block.',
      '  First.',
      '  Then.',
      "  To accept this: --set 'hooks.acknowledge={may-move:0a1b2c3d}'",
      '',
      'WARN may-move (node/sgx-1)',
      '  What is warn.',
      '',
      'INFO may-move (node/sgx-1)',
      '  What is info.',
      '',
      'Done: did this',
      'Done: did that',
      '',
      'Upgrade refused: 1 finding, 1 warning. Nothing was changed.',
    ]);
  });

  it('says that a finding is acknowledged and asks for no token any more', () => {
    const text = renderText(report([{ ...blocking, acknowledged: true }]));
    expect(text).to.contain('ACKNOWLEDGED may-move').and.to.contain('Preflight passed.');
    expect(text).to.not.contain('To accept this');
  });

  const verdicts: [string, Report, string][] = [
    ['a preflight', report([]), 'Preflight passed.'],
    [
      'a preflight with warnings',
      report([finding('warn'), finding('warn')]),
      'Preflight passed, 2 warnings.',
    ],
    ['a rollout', report([], { command: 'rollout' }), 'Rollout done.'],
    ['a refused upgrade', report([blocking, blocking]), 'Upgrade refused: 2 findings. Nothing was changed.'],
    [
      'a rollout that stopped',
      report([blocking, finding('warn')], { command: 'rollout' }),
      'Rollout stopped: a person has to act (1 finding, 1 warning).',
    ],
    [
      'one that could not find out',
      report([], { outcome: 'unknown' }),
      'The preflight could not find out what it has to know.',
    ],
  ];
  for (const [title, given, expected] of verdicts) {
    it(`ends ${title} with "${expected}"`, () => {
      expect(renderText(given).split('\n').at(-1)).to.equal(expected);
    });
  }

  it('does not fail without facts', () => {
    expect(renderText(report([], { facts: [] }))).to.equal(
      'marblerun-hooks preflight 0.1.0\n\nPreflight passed.',
    );
  });
});

describe('renderSummary', () => {
  it('starts with the verdict and leaves out what is only good to know', () => {
    const summary = renderSummary(report([finding('info'), finding('warn'), blocking]), 4096);
    expect(summary)
      .to.match(/^Upgrade refused: 1 finding, 1 warning/)
      .and.to.contain('may-move:0a1b2c3d');
    expect(summary.indexOf('BLOCK')).to.be.lessThan(summary.indexOf('WARN'));
    expect(summary).to.not.contain('INFO');
  });

  it('is never longer than its limit and shows that it was cut', () => {
    const long = report(Array.from({ length: 50 }, () => blocking));
    for (const limit of [40, 100, 1024]) {
      const summary = renderSummary(long, limit);
      expect(Buffer.byteLength(summary)).to.be.within(limit - 3, limit);
      expect(summary.at(-1)).to.equal('…');
    }
  });

  it('counts bytes, wherever it cuts a character', () => {
    const long = report([finding('warn', { message: '“é€😀’'.repeat(100) })]);
    for (let limit = 100; limit < 120; limit++) {
      const summary = renderSummary(long, limit);
      expect(Buffer.byteLength(summary), String(limit)).to.be.within(limit - 3, limit);
      expect(summary.at(-1)).to.equal('…');
    }
  });

  it('is whole when it just fits', () => {
    const given = report([finding('warn', { message: '€'.repeat(20) })]);
    const whole = renderSummary(given, 4096);
    expect(renderSummary(given, Buffer.byteLength(whole))).to.equal(whole);
    expect(renderSummary(given, Buffer.byteLength(whole) - 1)).to.match(/…$/);
  });
});

describe('renderJson', () => {
  it('is the report itself on one line', () => {
    const given = report([blocking, finding('info')], { actions: ['did this'] });
    const text = renderJson(given);
    expect(text).to.not.contain('\n');
    expect(JSON.parse(text)).to.deep.equal(given);
  });

  it('keeps the findings in the order in which they were found', () => {
    const { findings } = JSON.parse(renderJson(report([finding('info'), blocking]))) as Report;
    expect(findings.map(({ severity }) => severity)).to.deep.equal(['info', 'block']);
  });
});
