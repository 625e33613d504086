import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { parse } from 'yaml';
import { at, render, rendered, type Tree } from '../chart/render.ts';

const page = (name: string) => readFileSync(new URL(`../../docs/${name}.md`, import.meta.url), 'utf8');

describe('docs/observability.md', () => {
  it('has one row for each alert of the chart, and none for another', async () => {
    const metrics = { enabled: true, prometheusRule: { enabled: true } };
    const rule = await rendered('PrometheusRule', 'marblerun-coordinator', { metrics });
    const alerts = (at(rule, 'spec.groups.0.rules') as Tree[]).map(({ alert }) => alert);
    const documented = [...page('observability').matchAll(/^\| `(MarbleRun\w+)`/gm)].map(([, name]) => name);
    expect(documented).to.deep.equal(alerts);
  });
});

describe('docs/network-policies.md', () => {
  it('shows values that the chart takes', async () => {
    const [, snippet = ''] = /```yaml\n([^`]*)```/.exec(page('network-policies')) ?? [];
    const manifests = await render(parse(snippet) as Tree);
    expect(manifests.map(({ kind }) => kind)).to.include('NetworkPolicy');
  });
});
