import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { chart, find, render } from '../chart/render.ts';
import { clients } from '../support/helm.ts';
import { execa } from 'execa';
import { parseAllDocuments } from 'yaml';

const page = readFileSync(new URL('../../docs/rights.md', import.meta.url), 'utf8');

describe('docs/rights.md', () => {
  it('has a command that renders every role and binding of the chart, and nothing else', async () => {
    const [, flags = ''] = /^helm template \S+ \S+ -n marblerun -f values.yaml (.*) \|/m.exec(page) ?? [];
    const { helm4 } = await clients();
    const args = ['template', 'marblerun-coordinator', chart, '-n', 'marblerun', '--set=rbac.create=false'];
    const { stdout } = await execa(helm4, [...args, ...flags.replaceAll("'", '').split(' ')]);
    const shown = parseAllDocuments(stdout).map((document) => document.toJS() as { kind: string });
    const all = (await render()).filter(({ kind }) => /^(Cluster)?Role(Binding)?$/.test(kind));
    expect(all).not.to.be.empty;
    expect(shown).to.have.deep.members(all);
  });

  it('names the ServiceAccount of each part', async () => {
    const manifests = await render({
      marbleInjector: { start: true, useCertManager: true },
      rollout: { detach: true },
    });
    const names = [...page.matchAll(/\| `[\w.]+\.serviceAccount` +\| `([\w-]+)`/g)].map(([, name]) => name);
    for (const name of names) find(manifests, 'ServiceAccount', name ?? '');
    expect(names).to.have.length(manifests.filter(({ kind }) => kind === 'ServiceAccount').length);
  });
});
