import { Ajv } from 'ajv';
import { expect } from 'chai';
import { RolloutFailure } from '../../../hooks/commands/deployment-wait.ts';
import { failureReport, isExpected } from '../../../hooks/commands/failure.ts';
import type { FindingCode } from '../../../hooks/core/findings.ts';
import { type ExitCode } from '../../../hooks/core/exit-code.ts';
import { exitCodeOf, renderText } from '../../../hooks/core/report.ts';
import { SettingsError } from '../../../hooks/core/settings.ts';
import { ClusterError, type ClusterErrorKind } from '../../../hooks/io/cluster-error.ts';
import { DeadlineError } from '../../../hooks/io/wait.ts';
import reportSchema from '../../../schemas/report.schema.json' with { type: 'json' };

const fits = new Ajv().compile(reportSchema);
const ofCluster = (kind: ClusterErrorKind) => new ClusterError({ kind, message: `it is ${kind}` });

/** Title, error, the code of its finding, the exit code. */
const errors: [string, Parameters<typeof failureReport>[2], FindingCode, ExitCode][] = [
  ['an API server that is not there', ofCluster('unreachable'), 'cluster-unreachable', 3],
  ['an API server that fails', ofCluster('server'), 'cluster-unreachable', 3],
  ['an API server that is another one', ofCluster('untrusted'), 'cluster-unreachable', 3],
  ['a right that is missing', ofCluster('forbidden'), 'rights-missing', 3],
  ['credentials that are not accepted', ofCluster('unauthorized'), 'rights-missing', 3],
  ['the deadline', new DeadlineError('pod/web: the deadline came first'), 'rollout-incomplete', 3],
  ['a Deployment that is stuck', new RolloutFailure('deployment/web: it crashes'), 'rollout-incomplete', 1],
];

describe('failureReport', () => {
  for (const [title, error, code, exitCode] of errors) {
    it(`reports ${title} as ${code} with exit code ${exitCode}`, () => {
      expect(isExpected(error)).to.equal(true);
      const report = failureReport('rollout', '0.1.0', error);
      expect(report.findings).to.have.length(1);
      expect(report.findings[0]).to.deep.include({
        code,
        severity: 'block',
        subject: 'the rollout',
        message: error.message,
      });
      expect(report.findings[0]?.remedy).to.contain('run the same helm command again');
      expect(exitCodeOf(report.outcome)).to.equal(exitCode);
      expect(fits(report), JSON.stringify(fits.errors)).to.equal(true);
      expect(renderText(report)).to.contain(error.message).and.to.contain(`BLOCK ${code}`);
    });
  }

  it('has a person log in whose credentials have expired', () => {
    const report = failureReport('recover', '0.1.0', ofCluster('unauthorized'));
    expect(report.findings[0]?.remedy).to.match(/^Log in to the cluster, then run the same command again/);
  });

  it('has a person take another kubeconfig where the cluster is not the one that it names', () => {
    const report = failureReport('recover', '0.1.0', ofCluster('untrusted'));
    expect(report.findings[0]?.remedy).to.match(/^Take the kubeconfig of the cluster as it is now/);
  });

  it('speaks for the command that failed', () => {
    const report = failureReport('preflight', '0.1.0', ofCluster('unreachable'));
    expect(report).to.deep.include({ command: 'preflight', programVersion: '0.1.0', actions: [], facts: [] });
    expect(report.findings[0]?.subject).to.equal('the preflight');
  });
});

describe('a report of a failure', () => {
  it('lists what was done before it', () => {
    const done = ['switched the Deployment to the strategy Recreate'];
    const report = failureReport('preflight', '0.1.0', ofCluster('forbidden'), done);
    expect(report.actions).to.deep.equal(done);
    expect(renderText(report)).to.contain('Done: switched the Deployment to the strategy Recreate');
  });
});

describe('isExpected', () => {
  for (const error of [new Error('x'), new TypeError('x'), new SettingsError('x'), 'x', undefined]) {
    it(`is false for ${error instanceof Error ? error.name : JSON.stringify(error)}`, () => {
      expect(isExpected(error)).to.equal(false);
    });
  }
});
