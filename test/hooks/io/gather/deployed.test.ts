import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { gatherDeployed } from '../../../../hooks/io/gather/deployed.ts';
import { paths } from '../../../../hooks/io/paths.ts';
import { namespace } from '../../builders.ts';
import { MemoryCluster } from '../../memory-cluster.ts';

const release = { namespace, name: 'web' };

/** A release as Helm keeps it in a ConfigMap; a Secret has it in base64 once more. */
function stored(manifest: string): string {
  const hooks = [
    {
      name: 'web-preflight',
      kind: 'Job',
      last_run: { started_at: '2026-11-26T13:00:00.5Z', completed_at: '2026-11-26T13:00:05Z' },
    },
    { name: 'web-rollout', kind: 'Job', last_run: {} },
  ];
  return gzipSync(JSON.stringify({ manifest, hooks })).toString('base64');
}

function revision(version: number, status: string, data: string): object {
  const name = `sh.helm.release.v1.web.v${version}`;
  const labels = { owner: 'helm', name: 'web', status, version: String(version) };
  return { metadata: { name, namespace, labels }, data: { release: data } };
}

function service(name: string): string {
  return `---\napiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\n---\n`;
}

function inSecrets(...revisions: [number, string, string][]): MemoryCluster {
  const cluster = new MemoryCluster();
  for (const [version, status, manifest] of revisions) {
    const data = Buffer.from(stored(manifest)).toString('base64');
    cluster.put(`${paths.secrets(namespace)}/v${version}`, revision(version, status, data));
  }
  return cluster;
}

async function namesIn(cluster: MemoryCluster, driver = ''): Promise<string[] | undefined> {
  const found = await gatherDeployed(cluster, release, driver);
  if (!found.known) throw new Error(found.why);
  return found.value?.objects.map(({ metadata }) => metadata.name);
}

describe('gatherDeployed', () => {
  it('reads the objects of the deployed release, and how long its hooks ran', async () => {
    const found = await gatherDeployed(inSecrets([3, 'deployed', service('a')]), release, '');
    if (!found.known) throw new Error(found.why);
    expect(found.value?.objects).to.deep.equal([
      { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' } },
    ]);
    expect([...(found.value?.hookSeconds ?? [])]).to.deep.equal([['web-preflight', 4.5]]);
  });

  it('takes the deployed release before a later one that failed, as Helm does', async () => {
    const cluster = inSecrets([3, 'deployed', service('a')], [10, 'failed', service('b')]);
    expect(await namesIn(cluster)).to.deep.equal(['a']);
  });

  it('takes the last that failed where none is deployed', async () => {
    const cluster = inSecrets([9, 'failed', service('a')], [10, 'failed', service('b')]);
    expect(await namesIn(cluster)).to.deep.equal(['b']);
  });

  it('finds nothing before the first install', async () => {
    expect(await namesIn(new MemoryCluster())).to.equal(undefined);
  });

  it('reads ConfigMaps where Helm keeps releases there', async () => {
    const cluster = new MemoryCluster();
    cluster.put(`${paths.configMaps(namespace)}/v1`, revision(1, 'deployed', stored(service('a'))));
    expect(await namesIn(cluster, 'configmap')).to.deep.equal(['a']);
  });

  it('does not know what is kept elsewhere, or is no release', async () => {
    expect(await gatherDeployed(new MemoryCluster(), release, 'sql')).to.deep.equal({
      known: false,
      why: 'Helm keeps its releases elsewhere (HELM_DRIVER is sql)',
    });
    const cluster = new MemoryCluster();
    cluster.put(`${paths.secrets(namespace)}/v1`, revision(1, 'deployed', 'bm90aGluZw=='));
    expect(await gatherDeployed(cluster, release, '')).to.include({ known: false });
  });
});
