import { expect } from 'chai';
import { at, bothClients, find, render, rendered, type Manifest, type Tree } from './render.ts';

const name = 'marblerun-coordinator-test';

function objects(manifests: readonly Manifest[]): Manifest[] {
  return manifests.filter(({ metadata }) => metadata.annotations?.['helm.sh/hook'] === 'test');
}

describe('helm test', () => {
  for (const client of bothClients) {
    it(`makes what its pod needs before the pod, with ${client}`, async () => {
      const found = objects(await render({}, client)).map(({ kind, metadata }) => [
        kind,
        metadata.annotations?.['helm.sh/hook-weight'],
        metadata.name,
      ]);
      expect(found.toSorted(([, a], [, b]) => Number(a) - Number(b))).to.deep.equal([
        ['ServiceAccount', '-20', name],
        ['Role', '-19', name],
        ['RoleBinding', '-18', name],
        ['ConfigMap', '-14', name],
        ['Pod', '0', name],
      ]);
    });
  }

  it('leaves nothing but its pod, for its log, and replaces it the next time', async () => {
    for (const { kind, metadata } of objects(await render())) {
      expect(metadata.annotations?.['helm.sh/hook-delete-policy']).to.equal(
        kind === 'Pod' ? 'before-hook-creation' : 'before-hook-creation,hook-succeeded',
      );
    }
  });

  it('reads what it looks at, and may do nothing else', async () => {
    expect((await rendered('Role', name)).rules).to.deep.equal([
      {
        apiGroups: ['apps'],
        resources: ['deployments'],
        resourceNames: ['marblerun-coordinator', 'marblerun-coordinator-anchor'],
        verbs: ['get'],
      },
      { apiGroups: [''], resources: ['pods'], verbs: ['list'] },
      {
        apiGroups: [''],
        resources: ['configmaps'],
        resourceNames: ['marblerun-coordinator-record'],
        verbs: ['get'],
      },
    ]);
    expect(at(await rendered('RoleBinding', name), 'subjects.0.name')).to.equal(name);
  });

  it('runs its command in a pod like those of the hooks', async () => {
    const values = { global: { podAnnotations: { team: 'mesh' } }, hooks: { podLabels: { a: 'b' } } };
    const manifests = await render(values);
    const { metadata, spec } = find(manifests, 'Pod', name) as unknown as {
      metadata: Manifest['metadata'];
      spec: Tree;
    };
    expect(metadata.annotations).to.include({ team: 'mesh', 'linkerd.io/inject': 'disabled' });
    expect(metadata.labels).to.include({ a: 'b', 'edgeless.systems/control-plane-component': 'test' });
    const job = at(find(manifests, 'Job', 'marblerun-coordinator-rollout'), 'spec.template.spec') as Tree;
    expect(spec).to.deep.include({ restartPolicy: 'Never', securityContext: job.securityContext });
    expect(at(spec, 'containers.0')).to.deep.include({
      args: ['test', '--config', '/etc/marblerun-hooks'],
      securityContext: at(job, 'containers.0.securityContext'),
    });
  });

  it('is left out with `hooks.enabled: false`, or with its own switch', async () => {
    expect(objects(await render({ hooks: { enabled: false } }))).to.be.empty;
    expect(objects(await render({ hooks: { test: { enabled: false } } }))).to.be.empty;
  });
});
