import { expect } from 'chai';
import { find, refusal, render, namespace, type Manifest, type Tree } from './render.ts';

const isRight = ({ kind }: Manifest): boolean => /^(Cluster)?Role(Binding)?$/.test(kind);
const places = [namespace, 'shop', 'bank'];
const scoped: Tree = { rbac: { scope: 'namespaces' }, rollout: { namespaces: ['shop', 'bank'] } };
const detached: Tree = {
  ...scoped,
  rollout: { namespaces: ['shop', 'bank'], detach: true },
};

describe('The rights of the scope `namespaces`', () => {
  it('are nowhere but in the namespaces of the release and of the Marbles', async () => {
    const rights = (await render(detached)).filter(isRight);
    expect(rights.map(({ kind }) => kind)).not.to.include.members(['ClusterRole']);
    expect(rights.map(({ kind }) => kind)).not.to.include.members(['ClusterRoleBinding']);
    expect(new Set(rights.map(({ metadata }) => metadata.namespace))).to.deep.equal(new Set(places));
  });

  for (const part of ['preflight', 'rollout', 'roll']) {
    const name = `marblerun-coordinator-${part}-${namespace}`;

    it(`give ${part} in each of them what it has of Marbles in the scope \`cluster\``, async () => {
      const cluster = await render({ rollout: { detach: true } });
      const all = find(cluster, 'ClusterRole', name).rules as { apiGroups: string[]; resources: string[] }[];
      const ofMarbles = all.filter(({ apiGroups, resources }) =>
        part === 'preflight' ? ['apps', 'argoproj.io'].includes(apiGroups[0] ?? '') : resources.length > 0,
      );
      const manifests = await render(detached);
      for (const place of places) {
        const those = manifests.filter(({ metadata }) => metadata.namespace === place);
        const { rules } = find(those, 'Role', name) as unknown as { rules: object[] };
        expect(rules).to.deep.include.members(ofMarbles);
        expect(find(those, 'RoleBinding', name)).to.deep.include({
          roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
          subjects: [{ kind: 'ServiceAccount', name: `marblerun-coordinator-${part}`, namespace }],
        });
      }
    });
  }

  it('let preflight list the pods of Marbles, and no more of them', async () => {
    const name = `marblerun-coordinator-preflight-${namespace}`;
    const shop = (await render(scoped)).filter(({ metadata }) => metadata.namespace === 'shop');
    expect(find(shop, 'Role', name).rules).to.deep.include({
      apiGroups: [''],
      resources: ['pods'],
      verbs: ['list'],
    });
  });

  it('are refused where Marbles are looked for in all namespaces', async () => {
    const text = await refusal({ rbac: { scope: 'namespaces' } });
    expect(text).to.contain('rollout.namespaces is empty');
  });
});

describe('The rights that are brought from outside', () => {
  for (const [title, values] of Object.entries<Tree>({
    'by default': {},
    'in namespaces, of a roll in a Job': detached,
    'of Coordinators that share their state': { coordinator: { distributedDeployment: true } },
  })) {
    it(`are none of the release's, ${title}, which is the same otherwise`, async () => {
      const with_ = await render(values);
      const rbac = { ...(values.rbac as Tree | undefined), create: false };
      const without = await render({ ...values, rbac });
      expect(without.filter(isRight)).to.deep.equal([]);
      const others = (manifests: Manifest[]): string[] =>
        manifests.filter((each) => !isRight(each)).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
      expect(others(without)).to.deep.equal(others(with_));
    });
  }
});
