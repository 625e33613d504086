import { expect } from 'chai';
import { known, unknown } from '../../../../hooks/core/known.ts';
import { replicaOwners, type Autoscaler } from '../../../../hooks/core/restore/owners.ts';
import type { Deployment } from '../../../../hooks/core/objects.ts';
import { coordinatorName, deployment } from '../../builders.ts';

const autoscaler = (name: string, kind = 'Deployment'): Autoscaler => ({
  metadata: { name: 'scaler' },
  spec: { scaleTargetRef: { kind, name } },
});

describe('who else sets the replica count of the Coordinator', () => {
  it('is nobody with Helm alone', () => {
    const others = [autoscaler('web'), autoscaler(coordinatorName, 'StatefulSet')];
    expect(replicaOwners(deployment(), known(others))).to.deep.equal([]);
  });

  it('is an autoscaler that names it', () => {
    expect(replicaOwners(deployment(), known([autoscaler(coordinatorName)]))).to.deep.equal([
      'horizontalpodautoscaler/scaler scales it: it leaves 0 alone, and sets its own count afterwards.',
    ]);
  });

  it('may be one, where they may not be listed', () => {
    expect(replicaOwners(deployment(), unknown('forbidden'))[0]).to.contain('is not known: forbidden');
  });

  const gitOps: [string, (object: Deployment) => void, RegExp][] = [
    [
      'Argo CD by its annotation',
      marked('annotations', 'argocd.argoproj.io/tracking-id'),
      /^Argo CD applies/,
    ],
    ['Argo CD by its label', marked('labels', 'argocd.argoproj.io/instance'), /^Argo CD applies/],
    [
      'Flux by a HelmRelease',
      marked('labels', 'helm.toolkit.fluxcd.io/name'),
      /^Flux applies .* flux suspend/,
    ],
    ['Flux by a Kustomization', marked('labels', 'kustomize.toolkit.fluxcd.io/name'), /^Flux applies/],
  ];
  for (const [who, change, line] of gitOps) {
    it(`is ${who}`, () => {
      const [only = '', ...more] = replicaOwners(deployment(change), known([]));
      expect(only).to.match(line);
      expect(more).to.deep.equal([]);
    });
  }
});

function marked(kind: 'labels' | 'annotations', key: string): (object: Deployment) => void {
  return ({ metadata }) => {
    metadata[kind] = { ...metadata[kind], [key]: 'mesh' };
  };
}
