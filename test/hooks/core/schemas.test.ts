import { Ajv, type ValidateFunction } from 'ajv';
import { expect } from 'chai';
import recordSchema from '../../../schemas/record.schema.json' with { type: 'json' };
import reportSchema from '../../../schemas/report.schema.json' with { type: 'json' };
import { baselineRecord } from '../../../hooks/core/baseline.ts';
import { findingCodes } from '../../../hooks/core/findings.ts';
import { known, unknown } from '../../../hooks/core/known.ts';
import { startConditions, startKeyOfPod } from '../../../hooks/core/marbles/conditions.ts';
import { preflightFindings } from '../../../hooks/core/preflight.ts';
import { writeRecord } from '../../../hooks/core/record.ts';
import { outcomeOf, renderJson, type Report } from '../../../hooks/core/report.ts';
import { rolloutFindings } from '../../../hooks/core/rollout.ts';
import { coordinator, facts, node, record, settings } from '../builders.ts';

const ajv = new Ajv({ allErrors: true });
const now = new Date('2026-11-24T12:00:00Z');

describe('record.schema.json', () => {
  const fits = ajv.compile(recordSchema);

  it('accepts what a rollout writes', () => {
    accepted(fits, JSON.parse(writeRecord(record())));
  });

  it('accepts what a rollout writes with rollout.restart always', () => {
    const startedUnder = startKeyOfPod(startConditions(coordinator(), 'v1.9.1', ''), 'pod-uid');
    accepted(fits, JSON.parse(writeRecord(record((r) => (r.startedUnder = startedUnder)))));
  });

  it('accepts what preflight notes, with and without an earlier record', () => {
    const states = [known(coordinator()), known({ state: 2 }), unknown('no answer'), undefined];
    for (const before of [known(record()), known(undefined), unknown('broken')]) {
      for (const state of states) {
        const given = facts((f) => {
          f.record = before;
          f.coordinator = state;
        });
        accepted(fits, JSON.parse(writeRecord(baselineRecord(given, now))));
      }
    }
  });

  const refused: [string, object][] = [
    ['another schema version', { ...record(), schemaVersion: 2 }],
    ['a key that is not known', { ...record(), clientSecret: 'x' }],
    ['a fingerprint that is none', { ...record(), rootCertificate: 'abc' }],
    ['a key of another form', { ...record(), startedUnder: 'c0ffee0123456789.pod' }],
    ['a time of day alone', { ...record(), time: '12:00' }],
    ['a Coordinator without a node', { ...record(), coordinator: { version: 'v1', image: 'c:v1' } }],
  ];
  for (const [title, document] of refused) {
    it(`refuses ${title}`, () => {
      expect(fits(document)).to.equal(false);
    });
  }
});

describe('report.schema.json', () => {
  const fits = ajv.compile(reportSchema);

  it('knows the same codes as the program', () => {
    expect(reportSchema.definitions.finding.properties.code.enum).to.deep.equal([...findingCodes]);
  });

  it('accepts a preflight that passed, one that blocked and one that was acknowledged', () => {
    const moving = facts((f) => {
      f.settings.placement.avoidNodes = ['sgx-1'];
      f.node = known({ node: node(), pods: [] });
    });
    const token = preflightFindings(moving).find(({ code }) => code === 'recovery-expected')?.token ?? '';
    for (const acknowledge of [[], [token], ['may-move:00000000']]) {
      moving.settings.hooks.acknowledge = acknowledge;
      accepted(fits, rendered({ findings: preflightFindings(moving), actions: ['noted'] }));
    }
    accepted(fits, rendered({ findings: preflightFindings(facts()) }));
  });

  it('accepts a rollout in every state', () => {
    for (const state of [0, 1, 2, 3, 9]) {
      for (const before of [known(record()), known(undefined), unknown('broken')]) {
        const given = { settings: settings(), coordinator: { state }, pod: { name: 'c', node: 'sgx-2' } };
        accepted(
          fits,
          rendered({ command: 'rollout', findings: rolloutFindings({ ...given, record: before }) }),
        );
      }
    }
  });

  it('refuses an unknown code, a token of another form and an outcome of its own', () => {
    const finding = { code: 'may-move', severity: 'block', subject: 'x', message: 'x', remedy: '' };
    for (const change of [{ code: 'new-code' }, { token: 'may-move' }, { severity: 'error' }, { extra: 1 }]) {
      expect(fits({ ...base, findings: [{ ...finding, ...change }] }), JSON.stringify(change)).to.equal(
        false,
      );
    }
    expect(fits({ ...base, outcome: 'failed' })).to.equal(false);
    expect(fits({ ...base, findings: [finding] })).to.equal(true);
  });
});

const base: Report = {
  schemaVersion: 1,
  command: 'preflight',
  programVersion: '0.1.0',
  outcome: 'passed',
  facts: [{ name: 'Node', value: 'sgx-1' }],
  findings: [],
  actions: [],
};

function rendered(report: Partial<Report>): unknown {
  return JSON.parse(renderJson({ ...base, outcome: outcomeOf(report.findings ?? []), ...report }));
}

function accepted(fits: ValidateFunction, document: unknown): void {
  expect(fits(document), `${ajv.errorsText(fits.errors)} in ${JSON.stringify(document)}`).to.equal(true);
}
