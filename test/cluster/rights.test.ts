import { expect } from 'chai';
import { setTimeout as delay } from 'node:timers/promises';
import { pinName } from '../../hooks/core/pin.ts';
import { recordName } from '../../hooks/core/record.ts';
import { chartClaim, keepAnnotation } from '../../hooks/core/storage.ts';
import {
  allows,
  describeRight,
  rightsOf,
  userOf,
  type Binding,
  type Right,
  type Role,
} from '../audit/rights.ts';
import { render, type Manifest } from '../chart/render.ts';
import type { AuditedRequest } from '../lab/lab.ts';
import { labValues } from '../support/lab-values.ts';
import { succeeded } from './begun.ts';
import { giveManifest } from './mesh-facts.ts';
import { as, PreflightByHand, renderedFor, type PreflightRun } from './preflight-run.ts';
import { Release } from './release.ts';
import { afterwards, useLab } from './shared-lab.ts';

const accountName = 'marblerun-coordinator-preflight';
const label = { 'marblerun-hooks/test': 'rights' };

/** What the chart grants preflight, one by one; it is rendered again for the release that the test makes. */
const titles = grantedIn(await render(labValues('none')), 'marblerun').map(describeRight);

/**
 * Before a first upgrade from another chart preflight has everything to do: it notes the baseline, holds the node and
 * switches the strategy. A right that it needs only for that is taken away before it has done it, the others after.
 */
describe('preflight without one of its rights', function () {
  this.timeout('3m');
  const lab = useLab();
  let release: Release;
  let preflight: PreflightByHand;
  let rights: Right[];
  /** What preflight asks for when it has all rights: with everything to do, and with all of it done. */
  let asked: { busy: AuditedRequest[]; settled: AuditedRequest[] };

  before(async () => {
    release = await Release.prepare(lab(), 4, { name: 'marblerun' });
    await succeeded(release.installUpstreamShaped());
    await giveManifest(release);
    preflight = await PreflightByHand.prepare(release);
    rights = grantedIn(await renderedFor(release), release.namespace);
    expect(rights).to.have.length(titles.length);
    await lab().apply(
      ...accountWith('complete', rights),
      ...rights.flatMap((right, index) =>
        accountWith(
          `without-${index}`,
          rights.filter((each) => each !== right),
        ),
      ),
    );
    asked = { busy: await askedInFull(), settled: await askedInFull() };
  });
  afterwards(async () => {
    const selector = Object.entries(label).flat().join('=');
    await lab().kubectl('delete', 'clusterroles,clusterrolebindings', '-l', selector);
    await release.remove();
  });

  titles.forEach((title, index) => {
    it(`names it, or does not need it: ${title}`, async () => {
      const right = rights[index];
      if (right === undefined) throw new Error('there is no such right');
      const rest = rights.filter((each) => each !== right);
      const needsIt = (request: AuditedRequest): boolean =>
        allows(right, request) && !rest.some((each) => allows(each, request));
      const always = asked.settled.some(needsIt);
      const onlyToAct = !always && asked.busy.some(needsIt);
      if (onlyToAct) await undo();
      const run = await runAs(`without-${index}`);
      expect(run.exitCode, JSON.stringify(run.report)).to.be.oneOf([0, 1, 3]);
      if (always || onlyToAct) expectNamed(run, right);
    });
  });

  it('does nothing at all where a right for one of its acts is missing', async () => {
    const index = rights.findIndex(({ verb, resource }) => verb === 'create' && resource === 'pods');
    await undo();
    const { exitCode, report } = await runAs(`without-${index}`);
    expect(exitCode).to.equal(1);
    const blocking = report.findings.filter(({ severity }) => severity === 'block');
    expect(blocking.map(({ code }) => code)).to.deep.equal(['rights-missing']);
    expect(report.actions).to.deep.equal([]);
    expect((await release.deployment()).spec.strategy?.type).to.equal('RollingUpdate');
  });

  /** Runs preflight with all rights and answers what it asked the API server. */
  async function askedInFull(): Promise<AuditedRequest[]> {
    const before = await requestsOf('complete');
    const { exitCode, report } = await runAs('complete');
    expect(exitCode, JSON.stringify(report)).to.equal(0);
    await delay(500);
    return (await requestsOf('complete')).slice(before.length);
  }

  async function requestsOf(name: string): Promise<AuditedRequest[]> {
    const user = userOf({ name, namespace: release.namespace });
    return (await lab().audit()).filter((request) => request.user === user);
  }

  async function runAs(account: string): Promise<PreflightRun> {
    return await preflight.run(as((await release.kubectl('create', 'token', account)).trim()));
  }

  /** Undoes what preflight does, so that all of it is to be done again. */
  async function undo(): Promise<void> {
    const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } };
    const patch = JSON.stringify({ spec: { strategy } });
    await Promise.all([
      release.kubectl('delete', 'configmap', recordName, '--ignore-not-found'),
      release.kubectl('delete', 'pod', pinName, '--ignore-not-found', '--force', '--grace-period=0'),
      release.kubectl('patch', 'deployment', 'marblerun-coordinator', '--patch', patch),
      release.kubectl(
        'annotate',
        'persistentvolumeclaim',
        chartClaim,
        `${Object.keys(keepAnnotation).join()}-`,
      ),
    ]);
  }

  /** A ServiceAccount of the release's namespace with these rights. */
  function accountWith(name: string, granted: readonly Right[]): object[] {
    const { namespace } = release;
    const subjects = [{ kind: 'ServiceAccount', name, namespace }];
    const apiVersion = 'rbac.authorization.k8s.io/v1';
    const bound = ([kind, object]: ['Role' | 'ClusterRole', object], scope: string | undefined): object[] => {
      const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind, name: `rights-${name}` };
      const metadata = { name: roleRef.name, labels: label, ...object };
      const rules = granted.filter((right) => right.namespace === scope).map(ruleOf);
      return [
        { apiVersion, kind, metadata, rules },
        { apiVersion, kind: `${kind}Binding`, metadata, roleRef, subjects },
      ];
    };
    return [
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } },
      ...bound(['Role', { namespace }], namespace),
      ...bound(['ClusterRole', {}], undefined),
    ];
  }
});

/** What the roles grant that are bound to preflight's ServiceAccount in rendered objects. */
function grantedIn(manifests: readonly Manifest[], namespace: string): Right[] {
  const bindings = manifests.filter(({ kind }) => kind.endsWith('Binding')) as unknown as Binding[];
  const own = bindings.filter(({ subjects = [] }) => subjects.some(({ name }) => name === accountName));
  return own.flatMap(({ kind, roleRef }) => {
    const role = manifests.find((each) => each.kind === roleRef.kind && each.metadata.name === roleRef.name);
    const { rules } = role as unknown as Role;
    return rightsOf(rules ?? [], kind === 'RoleBinding' ? namespace : undefined);
  });
}

function ruleOf({ apiGroup, resource, name, verb }: Right): object {
  const resourceNames = name === undefined ? {} : { resourceNames: [name] };
  return { apiGroups: [apiGroup], resources: [resource], verbs: [verb], ...resourceNames };
}

/** A finding tells verb and resource. */
function expectNamed({ report }: PreflightRun, { verb, resource }: Right): void {
  const [kind = ''] = resource.split('/');
  const names = (text: string): boolean =>
    new RegExp(`\\b${verb}\\b`).test(text) && new RegExp(`\\b${kind}\\b`).test(text);
  const texts = report.findings.map(({ message, remedy }) => `${message}\n${remedy}`);
  expect(texts.some(names), `findings: ${JSON.stringify(report.findings)}`).to.equal(true);
}
