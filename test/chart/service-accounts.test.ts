import { expect } from 'chai';
import { at, find, refusal, render, setting, type Manifest, type Tree } from './render.ts';

/** Everything that has a ServiceAccount: the section that names it, and the chart's own name. */
const accounts: Readonly<Record<string, string>> = {
  coordinator: 'marblerun-coordinator',
  marbleInjector: 'marble-injector',
  anchor: 'marblerun-coordinator-anchor',
  'hooks.preflight': 'marblerun-coordinator-preflight',
  'hooks.rollout': 'marblerun-coordinator-rollout',
  'hooks.test': 'marblerun-coordinator-test',
  rollout: 'marblerun-coordinator-roll',
  backup: 'marblerun-coordinator-backup',
};

/** Values with all parts of the chart that have a ServiceAccount, or a distributed Coordinator, which has no copies. */
const all: Tree = { marbleInjector: { start: true, useCertManager: true }, rollout: { detach: true } };

function merged(one: Tree, other: Tree): Tree {
  const both = Object.entries(other).map(([key, value]) => {
    const before = one[key];
    const isMap = typeof before === 'object' && typeof value === 'object';
    return [key, isMap ? merged(before as Tree, value as Tree) : value];
  });
  return { ...one, ...(Object.fromEntries(both) as Tree) };
}

/** Names of ServiceAccounts that pods run as, those of the pods that the hooks make included. */
function usedBy(manifests: readonly Manifest[]): Set<string> {
  const text = JSON.stringify(manifests).replaceAll('\\"', '"').replaceAll('\\n', '');
  return new Set([...text.matchAll(/"serviceAccountName": ?"([^"]+)"/g)].map(([, name]) => name ?? ''));
}

function named(manifests: readonly Manifest[]): string[] {
  const made = manifests.filter(({ kind }) => kind === 'ServiceAccount');
  return made.map(({ metadata }) => metadata.name);
}

function subjects(manifests: readonly Manifest[]): string[] {
  return manifests.flatMap((each) =>
    ((each.subjects ?? []) as { name: string }[]).map((subject) => subject.name),
  );
}

describe('The ServiceAccounts', () => {
  it('are these, and all that pods run as', async () => {
    const manifests = await render(all);
    expect(named(manifests)).to.have.members(Object.values(accounts));
    expect([...usedBy(manifests)]).to.have.members(Object.values(accounts));
  });

  it('can be brought from outside, each by its section', async () => {
    const mine = (section: string): string => `mine-${section.replace('.', '-').toLowerCase()}`;
    const values = Object.keys(accounts).map((section) =>
      setting(`${section}.serviceAccount`, { create: false, name: mine(section) }),
    );
    const manifests = await render(values.reduce(merged, all));
    const expected = Object.keys(accounts).map(mine);
    expect(named(manifests)).to.deep.equal([]);
    expect([...usedBy(manifests)]).to.have.members(expected);
    expect(expected).to.include.members(subjects(manifests));
    expect(subjects(manifests)).to.include.members([
      'mine-anchor',
      'mine-hooks-preflight',
      'mine-hooks-rollout',
      'mine-rollout',
      'mine-backup',
    ]);
  });

  it('take name and annotations, each from its section', async () => {
    const values = Object.keys(accounts).map((section, index) =>
      setting(`${section}.serviceAccount`, { name: `mine-${index}`, annotations: { role: section } }),
    );
    const manifests = await render(values.reduce(merged, all));
    for (const [index, section] of Object.keys(accounts).entries()) {
      const { metadata } = find(manifests, 'ServiceAccount', `mine-${index}`);
      expect(metadata.annotations).to.include({ role: section });
    }
    const expected = Object.keys(accounts).map((_, index) => `mine-${index}`);
    expect([...usedBy(manifests)]).to.have.members(expected);
  });

  it('keep the rights of a distributed Coordinator and the annotation of its workload identity', async () => {
    const manifests = await render({
      coordinator: {
        distributedDeployment: true,
        serviceAccount: { name: 'mine', annotations: { team: 'mesh' } },
        azureCredentials: { enableWorkloadIdentity: true, clientID: 'id' },
      },
    });
    const mine = manifests.find(
      ({ kind, metadata }) => kind === 'ServiceAccount' && metadata.name === 'mine',
    );
    expect(mine?.metadata.annotations).to.deep.equal({
      team: 'mesh',
      'azure.workload.identity/client-id': 'id',
    });
    expect(subjects(manifests)).to.include('mine');
  });

  it('give the Coordinator no token only where that is said', async () => {
    const token = async (values: Tree): Promise<unknown> => {
      const manifests = await render(values);
      return at(
        manifests.find(
          ({ kind, metadata }) => kind === 'ServiceAccount' && metadata.name === accounts.coordinator,
        ),
        'automountServiceAccountToken',
      );
    };
    expect(await token({})).to.equal(undefined);
    const values = setting('coordinator.serviceAccount.automountServiceAccountToken', false);
    expect(await token(values)).to.equal(false);
    const distributed = merged(values, setting('coordinator.distributedDeployment', true));
    expect(await refusal(distributed)).to.contain('coordinator.serviceAccount.automountServiceAccountToken');
  });

  it('are refused where a hook would delete one that is not its own', async () => {
    const text = await refusal(setting('hooks.preflight.serviceAccount.name', 'marblerun-coordinator'));
    expect(text).to.contain('hooks.preflight.serviceAccount.name is marblerun-coordinator');
    expect(await refusal(setting('hooks.rollout.serviceAccount.name', 'default'))).to.contain(
      'hooks.rollout.serviceAccount.create to false',
    );
  });
});
