import { expect } from 'chai';
import type { OwnerReference } from '../../../../hooks/core/objects.ts';
import type { Labelled, LabelledPod } from '../../../../hooks/io/marbles/labelled.ts';
import { followLeads } from '../../../../hooks/io/marbles/leads.ts';

const by = (kind: string, name: string, apiVersion = 'apps/v1'): OwnerReference => {
  return { apiVersion, kind, name, uid: `uid-${name}`, controller: true };
};
const object = (name: string, controller?: OwnerReference): Labelled => {
  return { namespace: 'shop', name, type: 'backend', controller };
};
const pod = (name: string, controller?: OwnerReference, address?: string): LabelledPod => {
  return { ...object(name, controller), address };
};
const follow = (listed: Partial<Parameters<typeof followLeads>[0]>) =>
  followLeads({ replicaSets: [], revisions: [], pods: [], ...listed }, 'marblerun');
const mesh = 'coordinator-mesh-api.marblerun:2001';

describe('followLeads', () => {
  it('leads from what controllers make to each workload once, in order', () => {
    const { leads, loose } = follow({
      replicaSets: [
        object('web-1', by('Deployment', 'web')),
        object('web-2', by('Deployment', 'web')),
        object('canary-1', by('Rollout', 'canary', 'argoproj.io/v1alpha1')),
      ],
      revisions: [object('db-7f', by('StatefulSet', 'db')), object('agent-5c', by('DaemonSet', 'agent'))],
      pods: [pod('web-2-x', by('ReplicaSet', 'web-2')), pod('db-0', by('StatefulSet', 'db'))],
    });
    expect(leads.map(({ kind, name }) => `${kind} ${name}`)).to.deep.equal([
      'DaemonSet agent',
      'Deployment web',
      'Rollout canary',
      'StatefulSet db',
    ]);
    expect(loose).to.deep.equal([]);
  });

  it('takes the address from a pod that tells one', () => {
    const { leads } = follow({
      replicaSets: [object('web-1', by('Deployment', 'web'))],
      pods: [pod('a', by('ReplicaSet', 'web-1')), pod('b', by('ReplicaSet', 'web-1'), mesh)],
    });
    expect(leads).to.deep.equal([
      { kind: 'Deployment', namespace: 'shop', name: 'web', type: 'backend', address: mesh },
    ]);
  });

  it('leads by pods alone to sets whose revisions cannot be listed', () => {
    const { leads } = follow({ revisions: undefined, pods: [pod('db-0', by('StatefulSet', 'db'))] });
    expect(leads.map(({ name }) => name)).to.deep.equal(['db']);
  });

  const loose: [string, LabelledPod, string, string][] = [
    ['a bare pod', pod('tool'), 'pod/tool in shop', 'nothing controls the pod'],
    [
      'a pod of a Job',
      pod('import-x', by('Job', 'import', 'batch/v1')),
      'job/import in shop',
      'a Job runs to its end',
    ],
    [
      'a pod of a ReplicaSet of its own',
      pod('alone-x', by('ReplicaSet', 'alone')),
      'replicaset/alone in shop',
      'a ReplicaSet has no roll that could be asked for',
    ],
    [
      'a pod of a kind that nobody knows',
      pod('clone-x', by('CloneSet', 'clone', 'apps.kruise.io/v1alpha1')),
      'cloneset/clone in shop',
      'a CloneSet has no roll that could be asked for',
    ],
    [
      'a pod of another project’s StatefulSet',
      pod('db-0', by('StatefulSet', 'db', 'apps.kruise.io/v1beta1')),
      'statefulset/db in shop',
      'a StatefulSet has no roll that could be asked for',
    ],
  ];
  for (const [title, given, subject, why] of loose) {
    it(`leads nowhere from ${title}`, () => {
      expect(follow({ pods: [given] })).to.deep.equal({ leads: [], loose: [{ subject, why }] });
    });
  }

  it('names what controls several pods once', () => {
    const job = by('Job', 'import', 'batch/v1');
    expect(follow({ pods: [pod('import-a', job), pod('import-b', job)] }).loose).to.have.length(1);
  });

  it('does not take pods for loose whose ReplicaSets it could not list', () => {
    const { loose } = follow({ replicaSets: undefined, pods: [pod('web-x', by('ReplicaSet', 'web-1'))] });
    expect(loose).to.deep.equal([]);
  });

  it('leaves another Coordinator’s loose pods out', () => {
    const { loose } = follow({ pods: [pod('tool', undefined, 'coordinator-mesh-api.elsewhere:2001')] });
    expect(loose).to.deep.equal([]);
  });
});
