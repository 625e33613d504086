import { expect } from 'chai';
import { plan, type PlanOptions } from '../../../hooks/commands/plan.ts';
import type { Plan } from '../../../hooks/core/plan/plan.ts';
import type { RenderedObject } from '../../../hooks/core/plan/changes.ts';
import { SettingsError } from '../../../hooks/core/settings.ts';
import { ClusterError } from '../../../hooks/io/cluster-error.ts';
import { HelmError } from '../../../hooks/io/helm.ts';
import { commandsOf } from '../commands.ts';
import { planRequest } from '../plans.ts';
import { rejection } from '../rejection.ts';
import { session, type SessionOptions, type TestSession } from '../session.ts';

type Render = (kind: string, more?: object) => RenderedObject;

/** Plan on the cluster of a session, with the files that its hook would get. */
function planOn(
  given: TestSession,
  change: Partial<PlanOptions> = {},
  hooks: (hook: Render) => RenderedObject[] = (hook) => [hook('Role')],
): PlanOptions {
  const { settings, deployment, pin } = given.files;
  const data = {
    'settings.json': JSON.stringify(settings),
    'deployment.json': JSON.stringify(deployment),
    'pin.json': JSON.stringify(pin),
  };
  const hook: Render = (kind, more = {}) => {
    return { kind, metadata: { name: 'marblerun-coordinator-preflight' }, ...more };
  };
  return {
    request: planRequest('marblerun-coordinator ./chart -n marblerun --reset-then-reuse-values -o json'),
    render: () => {
      return Promise.resolve({ objects: [], hooks: [hook('ConfigMap', { data }), ...hooks(hook)] });
    },
    connect: () => Promise.resolve(given),
    driver: '',
    output: given.output,
    step: given.output.progress,
    programVersion: '0.1.0',
    ...change,
  };
}

function resultOf(given: TestSession): Plan {
  return JSON.parse(given.results.at(-1) ?? '') as Plan;
}

describe('plan', () => {
  const cases: [string, SessionOptions, number][] = [
    ['passes', {}, 0],
    ['is refused', { settings: ({ placement }) => (placement.stickiness = 'none') }, 1],
  ];
  for (const [what, options, code] of cases) {
    it(`ends with code ${code} where the upgrade ${what}, and changes nothing`, async () => {
      const given = session(options);
      expect(await plan(planOn(given))).to.equal(code);
      expect(resultOf(given).outcome).to.equal(code === 0 ? 'passed' : 'blocked');
      expect(commandsOf(given.cluster)).to.deep.equal([]);
      expect(given.terminations).to.deep.equal([]);
    });
  }

  it('judges the rights that preflight has from outside where the chart renders none for it', async () => {
    const given = session();
    const right = 'create events';
    given.cluster.denied.add(right).add(`system:serviceaccount:marblerun:outside ${right}`);
    const spec = { template: { spec: { serviceAccountName: 'outside' } } };
    const codes = async (hooks: (hook: Render) => RenderedObject[]) => {
      expect(await plan(planOn(given, {}, hooks))).to.equal(0);
      return resultOf(given).findings.map(({ code }) => code);
    };
    expect(await codes((hook) => [hook('Job', { spec })])).to.include('rights-missing');
    expect(await codes((hook) => [hook('Role'), hook('Job', { spec })])).not.to.include('rights-missing');
  });

  it('prints text and markdown, too', async () => {
    const given = session();
    for (const format of ['text', 'markdown'] as const) {
      const request = { ...planOn(given).request, format };
      expect(await plan(planOn(given, { request }))).to.equal(0);
    }
    expect(given.results[0]).to.match(/^marblerun-hooks plan 0\.1\.0: /);
    expect(given.results[1]).to.match(/^### Upgrade of /);
  });

  const ends: [string, Error, number, string][] = [
    ['a mistake in the words of Helm', new HelmError('Error: unknown flag', false), 2, 'Error: unknown flag'],
    ['a cluster that Helm cannot reach', new HelmError('Error: unreachable', true), 3, 'Error: unreachable'],
    [
      'a right that is missing',
      new ClusterError({ kind: 'forbidden', message: 'GET /x: forbidden' }),
      3,
      'marblerun-hooks plan: GET /x: forbidden\nUse a kubeconfig',
    ],
  ];
  for (const [what, error, code, said] of ends) {
    it(`ends with code ${code} and no report for ${what}`, async () => {
      const given = session();
      expect(await plan(planOn(given, { render: () => Promise.reject(error) }))).to.equal(code);
      expect(given.results).to.deep.equal([]);
      expect(given.progress.at(-1)).to.contain(said);
    });
  }

  it('names what to set where the chart renders no preflight hook', async () => {
    const render = () => Promise.resolve({ objects: [], hooks: [] });
    const error = await rejection(plan(planOn(session(), { render })));
    expect(error).to.be.instanceOf(SettingsError);
    expect(error.message).to.contain('--set hooks.enabled=true');
  });
});
