import { expect } from 'chai';
import { rightsToAskFor } from '../../hooks/core/rights.ts';
import type { Settings } from '../../hooks/core/settings.ts';
import { rightsOf, type Role } from '../audit/rights.ts';
import { find, render, type Manifest } from './render.ts';

/** Each rule as one line: group/resource(names): verbs. */
function rules(manifest: Manifest): string[] {
  const listed = manifest.rules as {
    apiGroups: string[];
    resources: string[];
    resourceNames?: string[];
    verbs: string[];
  }[];
  return listed.map(({ apiGroups, resources, resourceNames, verbs }) => {
    const names = resourceNames === undefined ? '' : `(${resourceNames.join(' ')})`;
    return `${apiGroups.join(' ')}/${resources.join(' ')}${names}: ${verbs.join(' ')}`;
  });
}

const record = [
  '/configmaps(marblerun-coordinator-record): get patch',
  '/configmaps: create',
  '/events: create',
];

const expected: Record<string, { namespaced: string[]; cluster: string[] }> = {
  preflight: {
    namespaced: [
      'apps/deployments(marblerun-coordinator): get patch',
      'apps/deployments(marble-injector): get',
      '/pods: get list create patch',
      '/pods(marblerun-coordinator-pin marblerun-coordinator-backup): delete',
      '/services(coordinator-client-api coordinator-mesh-api): get',
      '/configmaps(coordinator-dcap-config): get',
      ...record,
      '/persistentvolumeclaims: get',
      '/persistentvolumeclaims(coordinator-pv-claim): patch',
    ],
    cluster: [
      '/nodes: get list',
      '/persistentvolumes: get',
      '/pods: list',
      'apps/replicasets controllerrevisions: list',
      'apps/deployments statefulsets daemonsets: get list',
      'argoproj.io/rollouts: get list',
      'admissionregistration.k8s.io/mutatingwebhookconfigurations(marble-injector-marblerun): get',
      'storage.k8s.io/storageclasses: get',
    ],
  },
  rollout: {
    namespaced: [
      'apps/deployments(marblerun-coordinator marblerun-coordinator-anchor): get',
      '/pods: get list',
      '/pods(marblerun-coordinator-pin): delete',
      ...record,
    ],
    cluster: [
      'apps/replicasets controllerrevisions: list',
      'apps/deployments statefulsets daemonsets: get list watch patch',
      'argoproj.io/rollouts: get list watch patch',
      '/pods: list',
      '/pods/log: get',
      'policy/poddisruptionbudgets: get list',
    ],
  },
};

for (const [hook, { namespaced, cluster }] of Object.entries(expected)) {
  const name = `marblerun-coordinator-${hook}`;

  describe(`The rights of the ${hook} hook`, () => {
    it('are these in its namespace, and no more', async () => {
      expect(rules(find(await render(), 'Role', name))).to.deep.equal(namespaced);
    });

    it('are these in the cluster, and no more', async () => {
      expect(rules(find(await render(), 'ClusterRole', `${name}-marblerun`))).to.deep.equal(cluster);
    });

    it('belong to its ServiceAccount alone', async () => {
      const manifests = await render();
      const subjects = [{ kind: 'ServiceAccount', name, namespace: 'marblerun' }];
      const apiGroup = 'rbac.authorization.k8s.io';
      expect(find(manifests, 'RoleBinding', name)).to.deep.include({
        subjects,
        roleRef: { apiGroup, kind: 'Role', name },
      });
      expect(find(manifests, 'ClusterRoleBinding', `${name}-marblerun`)).to.deep.include({
        subjects,
        roleRef: { apiGroup, kind: 'ClusterRole', name: `${name}-marblerun` },
      });
    });
  });
}

describe('The right to read RuntimeClasses', () => {
  it('is for the one that the Coordinator has, if any', async () => {
    const manifests = await render({ coordinator: { runtimeClassName: 'kata' } });
    const cluster = rules(find(manifests, 'ClusterRole', 'marblerun-coordinator-preflight-marblerun'));
    expect(cluster).to.include('node.k8s.io/runtimeclasses(kata): get');
    expect(cluster).to.have.length((expected.preflight?.cluster.length ?? 0) + 1);
  });
});

describe('What preflight asks about before it acts', () => {
  it('is granted by its Role, right by right', async () => {
    const manifests = await render();
    const { rules: granted } = find(manifests, 'Role', 'marblerun-coordinator-preflight') as unknown as Role;
    const has = rightsOf(granted ?? [], undefined).map((right) => `${right.apiGroup} ${titleOf(right)}`);
    const { data } = find(manifests, 'ConfigMap', 'marblerun-coordinator-preflight');
    const asked = rightsToAskFor(
      JSON.parse((data as Record<string, string>)['settings.json'] ?? '') as Settings,
    );
    expect(asked).to.not.be.empty;
    for (const right of asked) {
      const forAll = `${right.group} ${titleOf({ ...right, name: undefined })}`;
      expect(
        [forAll, `${right.group} ${titleOf(right)}`].some((title) => has.includes(title)),
        forAll,
      ).to.equal(true);
    }
  });
});

function titleOf({
  verb,
  resource,
  name,
}: {
  verb: string;
  resource: string;
  name?: string | undefined;
}): string {
  return `${verb} ${resource} ${name ?? '*'}`;
}

describe('The rights of the anchor', () => {
  const name = 'marblerun-coordinator-anchor';

  it('are these in its namespace, and no more', async () => {
    expect(rules(find(await render(), 'Role', name))).to.deep.equal([
      'apps/deployments(marblerun-coordinator): get',
      '/pods: list',
      '/configmaps(marblerun-coordinator-record): get patch',
      '/events: create',
    ]);
  });

  it('belong to its ServiceAccount, last from one upgrade to the next, and go with the anchor', async () => {
    const manifests = await render();
    expect(find(manifests, 'RoleBinding', name)).to.deep.include({
      subjects: [{ kind: 'ServiceAccount', name, namespace: 'marblerun' }],
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
    });
    for (const kind of ['ServiceAccount', 'Role', 'RoleBinding']) {
      expect(find(manifests, kind, name).metadata).not.to.have.property('annotations');
    }
    const without = await render({ placement: { stickiness: 'none' } });
    expect(without.map(({ metadata }) => metadata.name)).not.to.include(name);
  });
});

describe('The Coordinator', () => {
  it('has no rights at all', async () => {
    const subjects = (await render()).flatMap((manifest) => (manifest.subjects ?? []) as { name: string }[]);
    expect(subjects.map(({ name }) => name)).not.to.include('marblerun-coordinator');
  });
});
