import { expect } from 'chai';
import { at, bothClients, find, render, type Manifest, type Tree } from './render.ts';

const name = 'marblerun-coordinator-roll';
const detached = { rollout: { detach: true } };
const kinds = ['ServiceAccount', 'Role', 'RoleBinding', 'ConfigMap', 'ClusterRole', 'ClusterRoleBinding'];

const isOfRoll = ({ metadata }: Manifest): boolean =>
  metadata.name === name || metadata.name === `${name}-marblerun`;

/** The files that the rollout hook gets. */
async function files(values: Tree): Promise<Record<string, string>> {
  return find(await render(values), 'ConfigMap', 'marblerun-coordinator-rollout').data as Record<
    string,
    string
  >;
}

const jobOf = async (values: Tree): Promise<Tree> =>
  JSON.parse((await files(values))['roll.json'] ?? '') as Tree;

describe('The roll in a Job of its own', () => {
  for (const client of bothClients) {
    it(`is not there by default, and is not a hook where it is asked for, with ${client}`, async () => {
      expect((await render({}, client)).filter(isOfRoll)).to.be.empty;
      const objects = (await render(detached, client)).filter(isOfRoll);
      expect(objects.map(({ kind }) => kind)).to.have.members(kinds);
      for (const { metadata } of objects) expect(metadata).not.to.have.property('annotations');
    });
  }

  it('is not there without the rollout hook, which would start it', async () => {
    for (const hooks of [{ enabled: false }, { rollout: { enabled: false } }]) {
      expect((await render({ ...detached, hooks })).filter(isOfRoll)).to.be.empty;
    }
  });

  it('is rendered into the files of the hook, which makes it', async () => {
    expect(await files({})).not.to.have.property('roll.json');
    const job = await jobOf(detached);
    expect(at(job, 'metadata.name')).to.equal(name);
    expect(at(job, 'metadata')).not.to.have.property('annotations');
    expect((await render(detached)).filter(({ kind }) => kind === 'Job')).to.have.lengthOf(2);
  });

  it('runs the program as the hook does, but says that it is the Job, and has its own time', async () => {
    const job = await jobOf({ rollout: { detach: true, detachedDeadlineSeconds: 900 } });
    const hook = find(await render(detached), 'Job', 'marblerun-coordinator-rollout');
    expect(at(job, 'spec.activeDeadlineSeconds')).to.equal(1020);
    for (const field of ['backoffLimit', 'podFailurePolicy', 'template.spec.securityContext']) {
      expect(at(job, `spec.${field}`), field).to.deep.equal(at(hook, `spec.${field}`));
    }
    expect(at(job, 'spec.template.spec.serviceAccountName')).to.equal(name);
    expect(at(job, 'spec.template.spec.containers.0.args')).to.deep.equal([
      'rollout',
      '--detached',
      '--config',
      '/etc/marblerun-hooks',
    ]);
    expect(at(job, 'spec.template.spec.volumes.0.configMap.name')).to.equal(name);
  });

  it('has the very files of the hook', async () => {
    expect(find(await render(detached), 'ConfigMap', name).data).to.deep.equal(await files(detached));
  });
});

describe('The rights of the roll', () => {
  const lines = (manifest: Manifest): string[] =>
    (manifest.rules as { resources: string[]; resourceNames?: string[]; verbs: string[] }[]).map(
      ({ resources, resourceNames = [], verbs }) =>
        `${resources.join()}(${resourceNames.join(' ')}): ${verbs.join(' ')}`,
    );

  it('are these in its namespace, and those of the hook for Marbles', async () => {
    const manifests = await render(detached);
    expect(lines(find(manifests, 'Role', name))).to.deep.equal([
      'deployments(marblerun-coordinator): get',
      'pods(): list',
      'configmaps(marblerun-coordinator-report): patch',
      'configmaps(marblerun-coordinator-record): get patch',
      'configmaps(): create',
      'events(): create',
    ]);
    expect(find(manifests, 'ClusterRole', `${name}-marblerun`).rules).to.deep.equal(
      find(manifests, 'ClusterRole', 'marblerun-coordinator-rollout-marblerun').rules,
    );
  });

  it('belong to its ServiceAccount alone', async () => {
    const manifests = await render(detached);
    const subjects = [{ kind: 'ServiceAccount', name, namespace: 'marblerun' }];
    for (const [kind, object] of [
      ['RoleBinding', name],
      ['ClusterRoleBinding', `${name}-marblerun`],
    ] as const) {
      const binding = find(manifests, kind, object);
      expect(binding.subjects).to.deep.equal(subjects);
      expect(at(binding, 'roleRef.name')).to.equal(object);
    }
  });

  for (const [hook, role] of [
    [
      'rollout',
      ['jobs(): create', `jobs(${name}): get delete`, 'configmaps(marblerun-coordinator-report): patch'],
    ],
    ['preflight', [`jobs(${name}): get delete`]],
  ] as const) {
    it(`add these to the ${hook} hook, which makes or ends the Job`, async () => {
      const own = `marblerun-coordinator-${hook}`;
      const before = lines(find(await render(), 'Role', own));
      const after = lines(find(await render(detached), 'Role', own));
      expect(after).to.have.members([...before, ...role]);
    });
  }
});
