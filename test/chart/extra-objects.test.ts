import { expect } from 'chai';
import { at, bothClients, find, render, type Manifest, type Tree } from './render.ts';

const secret = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'token' },
  stringData: { token: 'hunter2' },
};
const template = `
apiVersion: v1
kind: ConfigMap
metadata:
  name: where
data:
  port: {{ .Values.coordinator.clientServerPort | quote }}
{{- if .Values.metrics.enabled }}
---
apiVersion: v1
kind: ConfigMap
metadata: { name: metrics }
{{- end }}
---
`;

function settings(manifests: readonly Manifest[], hook: string): string {
  const { data } = find(manifests, 'ConfigMap', `marblerun-coordinator-${hook}`);
  return (data as Record<string, string>)['settings.json'] ?? '';
}

async function told(extraObjects: unknown[]): Promise<unknown> {
  return at(JSON.parse(settings(await render({ extraObjects }), 'preflight')), 'values.extraObjects');
}

describe('Objects that the user adds', () => {
  for (const client of bothClients) {
    it(`are ordinary objects of the release, templates filled in, with ${client}`, async () => {
      const extraObjects = [secret, template];
      const manifests = await render({ extraObjects }, client);
      expect(find(manifests, 'Secret', 'token')).to.deep.equal(secret);
      expect(find(manifests, 'ConfigMap', 'where').data).to.deep.equal({ port: '4433' });
      expect(manifests.map(({ metadata }) => metadata.name)).not.to.include('metrics');
      const more = await render({ extraObjects, metrics: { enabled: true } }, client);
      expect(find(more, 'ConfigMap', 'metrics')).not.to.have.property('data');
    });
  }

  it('may come to nothing', async () => {
    const nothing = ['{{ if .Values.metrics.enabled }}a{{ end }}'];
    expect(await render({ extraObjects: nothing })).to.have.lengthOf((await render()).length);
  });

  it('are told to the hooks as digests, one for each, which change with them', async () => {
    const text = JSON.stringify(secret);
    const manifests = await render({ extraObjects: [secret, text] });
    for (const hook of ['preflight', 'rollout']) {
      expect(settings(manifests, hook)).not.to.contain('hunter2').and.not.to.contain('stringData');
    }
    const [one, two] = (await told([secret, text])) as string[];
    expect(one).to.match(/^sha256:[0-9a-f]{8}$/);
    expect(two).to.match(/^sha256:[0-9a-f]{8}$/);
    const other: Tree = { ...secret, stringData: { token: 'hunter3' } };
    expect(await told([secret])).to.deep.equal([one]);
    expect(await told([other])).not.to.deep.equal([one]);
  });
});
