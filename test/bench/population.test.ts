import { expect } from 'chai';
import { objectsOf, type Creation } from './population.ts';

interface Pod {
  metadata: { labels: Record<string, string> };
  spec: { nodeName: string };
}

describe('objectsOf', () => {
  const groups = objectsOf({
    nodes: 4,
    pods: 1010,
    realNodes: ['a', 'b'],
    podsPerRealNode: 5,
    marbles: 20,
  }).map((group) => Array.from({ [Symbol.iterator]: () => group } as Iterable<Creation>));
  const made = groups.flat();
  const at = (end: RegExp): Creation[] => made.filter(({ path }) => end.test(path));
  const pods = at(/\/pods$/).map(({ object }) => object as Pod);

  it('makes as many nodes and pods as asked for, in namespaces of at most 500', () => {
    expect(at(/\/nodes$/)).to.have.length(4);
    expect(pods).to.have.length(1010);
    expect(at(/\/namespaces$/)).to.have.length(3);
    expect(at(/\/population-1\/pods$/)).to.have.length(500);
  });

  it('spreads pods evenly over the nodes, and puts a few on each real one', () => {
    const on = (node: string): number => pods.filter(({ spec }) => spec.nodeName === node).length;
    expect(['a', 'b', 'fake-0', 'fake-1', 'fake-2', 'fake-3'].map(on)).to.deep.equal([
      5, 5, 250, 250, 250, 250,
    ]);
  });

  it('makes a Deployment and its ReplicaSet for each Marble', () => {
    expect(at(/\/deployments$/)).to.have.length(20);
    expect(at(/\/replicasets$/)).to.have.length(20);
    expect(pods.filter(({ metadata }) => 'marblerun/marbletype' in metadata.labels)).to.have.length(20);
  });

  it('makes what others need first', () => {
    const kinds = groups.map((group) => [...new Set(group.map(({ path }) => path.split('/').at(-1)))]);
    expect(kinds).to.deep.equal([
      ['namespaces'],
      ['serviceaccounts', 'nodes'],
      ['deployments', 'replicasets', 'pods'],
    ]);
  });
});
