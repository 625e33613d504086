import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { parse } from 'yaml';
import { oldKeys } from '../../hooks/core/lost/old-keys.ts';
import { userValues } from '../../hooks/core/lost/recorded.ts';
import type { Settings } from '../../hooks/core/settings.ts';
import { chartSchema } from '../../schemas/generate.ts';
import { at, bothClients, find, render, renderText, together, type Client, type Tree } from './render.ts';

async function settings(values: Tree, client: Client = 'helm4'): Promise<Settings> {
  const name = 'marblerun-coordinator-preflight';
  const { data } = find(await render(values, client), 'ConfigMap', name) as unknown as {
    data: Record<string, string>;
  };
  return JSON.parse(data['settings.json'] ?? '') as Settings;
}

interface Schema {
  properties?: Record<string, Schema>;
}

/** Every key that the schema knows by name, with dots. */
function pathsOf({ properties = {} }: Schema): string[] {
  return Object.entries(properties).flatMap(([name, schema]) => [
    name,
    ...pathsOf(schema).map((path) => `${name}.${path}`),
  ]);
}

/** What the helper makes of values that the chart refuses to render as a whole. */
async function publicValues(coordinator: Tree, release: string): Promise<Tree> {
  const values = `(dict "global" dict "hooks" dict "coordinator" (fromJson ${JSON.stringify(JSON.stringify(coordinator))}))`;
  const root = `(dict "Values" ${values} "Release" (dict "Name" ${JSON.stringify(release)} "Namespace" "marblerun"))`;
  return parse(await renderText(`include "marblerun.publicValues" ${root}`)) as Tree;
}

describe('The values that hooks are told', () => {
  it('hold the secret for Azure as a digest, which another release does not share', async () => {
    const coordinator = { azureCredentials: { clientSecret: 'hunter2', secretName: 'mine', clientID: 'id' } };
    const one = at(await publicValues(coordinator, 'one'), 'coordinator.azureCredentials') as Tree;
    expect(one).to.deep.include({ secretName: 'mine', clientID: 'id' });
    expect(one.clientSecret).to.match(/^sha256:[0-9a-f]{8}$/);
    const again = await publicValues(coordinator, 'one');
    expect(at(again, 'coordinator.azureCredentials.clientSecret')).to.equal(one.clientSecret);
    const two = await publicValues(coordinator, 'two');
    expect(at(two, 'coordinator.azureCredentials.clientSecret')).not.to.equal(one.clientSecret);
  });

  it('hold annotations and labels that sound like secrets as digests, and others as they are', async () => {
    const pairs = { 'example.com/api-token': 'hunter2', team: 'mesh' };
    const paths = pathsOf(JSON.parse(await readFile(chartSchema, 'utf8')) as Schema).filter((path) =>
      /labels|annotations$/i.test(path),
    );
    expect(paths).to.include.members(['hooks.preflight.serviceAccount.annotations', 'commonLabels']);
    const { values } = await settings(together(paths.map((path) => [path, pairs])));
    expect(JSON.stringify(values)).not.to.contain('hunter2');
    for (const path of paths) {
      const found = at(values, path) as Tree;
      expect(found.team, path).to.equal('mesh');
      expect(found['example.com/api-token'], path).to.match(/^sha256:[0-9a-f]{8}$/);
    }
  });

  it('hold a QCNL configuration with headers in it as a digest, and others as they are', async () => {
    const headers = '{"custom_request_options": {"get_cert": {"headers": {"Api-Key": "hunter2"}}}}';
    const { values } = await settings({ dcap: { qcnlConfig: headers } });
    expect(at(values, 'dcap.qcnlConfig')).to.match(/^sha256:[0-9a-f]{8}$/);
    const plain = await settings({ dcap: { qcnlConfig: '{"pccs_url": "https://pccs"}' } });
    expect(at(plain.values, 'dcap.qcnlConfig')).to.equal('{"pccs_url": "https://pccs"}');
  });

  it('leave out global values of a parent chart', async () => {
    const { values } = await settings({
      global: { database: { password: 'hunter2' }, pullSecret: 'registry' },
    });
    expect(JSON.stringify(values)).not.to.contain('hunter2');
    expect(at(values, 'global.pullSecret')).to.equal('registry');
  });

  for (const client of bothClients) {
    it(`come to nothing but what the user set, with ${client}`, async () => {
      expect(userValues(await settings({}, client))).to.deep.equal({});
      const set = {
        coordinator: { hostname: 'mesh.example.com', resources: { limits: { memory: '1Gi' } } },
        tolerations: [],
        rollout: { restart: 'never' },
      };
      const coordinator = {
        ...set.coordinator,
        coordinatorImageVersion: 'v1.8.0',
        probes: { liveness: null },
      };
      expect(userValues(await settings({ ...set, coordinator, dcap: null }, client))).to.deep.equal({
        ...set,
        coordinator: { ...set.coordinator, version: 'v1.8.0', probes: { liveness: null } },
        dcap: null,
      });
    });
  }

  it('have the same old keys in the program as in the chart', async () => {
    expect(parse(await renderText('include "marblerun.oldKeys" .'))).to.deep.equal(oldKeys);
  });
});
