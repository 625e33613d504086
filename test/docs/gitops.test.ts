import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse, parseAllDocuments } from 'yaml';
import { startedUnderAnnotation } from '../../hooks/core/marbles/workload.ts';
import { root } from '../../release/bundle.ts';
import { chartFile } from '../../release/chart.ts';
import { ask, at, bothClients, render, type Tree } from '../chart/render.ts';
import { judge } from '../values/program.ts';

const text = (path: string) => readFileSync(join(root, path), 'utf8');
const examples = 'charts/marblerun-coordinator/examples';
const objects = (file: string) =>
  parseAllDocuments(text(`${examples}/${file}`)).map((document) => document.toJS() as Tree);

const [application, marbles] = objects('argocd-application.yaml');
const [repository, helmRelease] = objects('flux-helmrelease.yaml');
const workflow = parse(text('.github/workflows/release.yml')) as { env: { CHARTS: string } };

/** What the page shows as YAML. */
const snippets = [...text('docs/gitops.md').matchAll(/```yaml\n([^`]*)```/g)].map(
  ([, snippet = '']) => parse(snippet) as Tree,
);

/** Where the values stand in each example. */
const values: Readonly<Record<string, Tree>> = {
  'argocd-application.yaml': at(application, 'spec.source.helm.valuesObject') as Tree,
  'flux-helmrelease.yaml': at(helmRelease, 'spec.values') as Tree,
};

/** What Argo CD makes of a valuesObject: keys that are null are gone. */
function withoutNulls(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutNulls);
  if (typeof node !== 'object' || node === null) return node;
  const kept = Object.entries(node).filter(([, value]) => value !== null);
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutNulls(value)]));
}

for (const [file, its] of Object.entries(values)) {
  describe(`The example ${file}`, () => {
    for (const client of bothClients) {
      it(`has values that the chart takes, with ${client}`, async () => {
        expect(await render(its, client)).not.to.be.empty;
      });
    }

    it('has values that preflight has nothing to say against', async () => {
      expect(its).not.to.be.empty;
      const severities = judge(await render(its)).map(({ severity }) => severity);
      expect(severities).not.to.include.members(['warn']);
      expect(severities).not.to.include.members(['block']);
    });

    it('has values that lose nothing in a valuesObject', () => {
      expect(withoutNulls(its)).to.deep.equal(its);
    });
  });
}

describe('The examples', () => {
  it('install this version of the chart, from where the release puts it', async () => {
    const { name, version } = await chartFile();
    expect(at(application, 'spec.source')).to.include({
      repoURL: workflow.env.CHARTS,
      chart: name,
      targetRevision: version,
    });
    expect(at(repository, 'spec')).to.include({ url: `oci://${workflow.env.CHARTS}/${name}` });
    expect(at(repository, 'spec.ref.tag')).to.equal(version);
  });

  it('give the hooks more time than they take themselves', () => {
    const { hooks } = parse(text('charts/marblerun-coordinator/values.yaml')) as {
      hooks: { activeDeadlineSeconds: number };
    };
    const minutes = /^(\d+)m$/.exec(String(at(helmRelease, 'spec.timeout')))?.[1];
    expect(60 * Number(minutes)).to.be.greaterThan(hooks.activeDeadlineSeconds);
    expect(text('docs/gitops.md')).to.contain(`(${hooks.activeDeadlineSeconds})`);
  });

  it('ignore on Marbles the annotation of the hooks, and the docs show the same', () => {
    const differences = at(marbles, 'spec.ignoreDifferences');
    const pointer = startedUnderAnnotation.replace('/', '~1');
    expect(at(differences, '0.jsonPointers')).to.deep.equal([
      `/spec/template/metadata/annotations/${pointer}`,
    ]);
    expect(snippets).to.deep.include({
      ignoreDifferences: differences,
      syncPolicy: at(marbles, 'spec.syncPolicy'),
    });
  });
});

describe('A value that takes null', () => {
  const described = /^ *# -- [^\n]*`null`[^\n]*\n(?: *#[^\n]*\n)* *(\w+):/gm;
  const names = [...text('charts/marblerun-coordinator/values.yaml').matchAll(described)].map(
    ([, name = '']) => name,
  );
  const parameters = snippets.flatMap(
    (snippet) => (at(snippet, 'helm.parameters') as Tree[] | undefined) ?? [],
  );

  it('is shown in the docs as the parameter that Argo CD keeps', () => {
    expect(names).not.to.be.empty;
    expect(parameters).to.deep.equal(names.map((name) => ({ name, value: 'null' })));
  });

  it('loses its default by that parameter', async () => {
    const flags = parameters.flatMap(({ name, value }) => ['--set', `${String(name)}=${String(value)}`]);
    const { manifests } = await ask({}, 'helm4', flags);
    const gone = (await render()).filter(
      ({ kind, metadata }) =>
        !manifests.some((other) => other.kind === kind && other.metadata.name === metadata.name),
    );
    expect(gone.map(({ metadata }) => metadata.name)).to.deep.equal(['coordinator-dcap-config']);
  });
});

describe('What a GitOps tool applies', () => {
  it('is the same for an install and an upgrade, which Argo CD does not tell apart', async () => {
    const { manifests } = await ask({}, 'helm4', ['--is-upgrade']);
    expect(manifests).to.deep.equal(await render());
  });

  it('is the same whenever it is rendered', async () => {
    // A flag that changes nothing, so that Helm is asked once more.
    const { manifests } = await ask({}, 'helm4', ['--set', 'hooks.enabled=true']);
    expect(manifests).to.deep.equal(await render());
  });

  it('keeps the ServiceAccounts of workloads out of the hooks, which are deleted and made again', async () => {
    const accounts = (await render()).filter(({ kind }) => kind === 'ServiceAccount');
    const ofHooks = accounts.filter(({ metadata }) => metadata.annotations?.['helm.sh/hook'] !== undefined);
    const released = accounts.filter((account) => !ofHooks.includes(account));
    expect(released.map(({ metadata }) => metadata.name)).to.include('marblerun-coordinator');
    for (const { metadata } of ofHooks) {
      expect(released.map((account) => account.metadata.name)).not.to.include(metadata.name);
    }
  });

  it('has for each hook an event that Argo CD knows, and replaces it at the next sync', async () => {
    const hooks = (await render()).flatMap(({ metadata }) => {
      const { annotations } = metadata;
      // It runs no tests of Helm's, and makes nothing of them.
      if (annotations?.['helm.sh/hook'] === undefined || annotations['helm.sh/hook'] === 'test') return [];
      return [annotations];
    });
    expect(hooks).not.to.be.empty;
    for (const annotations of hooks) {
      expect(annotations['helm.sh/hook']).to.match(/\b(pre|post)-install\b/);
      expect(annotations['helm.sh/hook-delete-policy']).to.contain('before-hook-creation');
    }
  });
});
