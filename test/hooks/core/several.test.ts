import { expect } from 'chai';
import { disagreement, isSeveral, leastAble, mostTelling, nodesOf } from '../../../hooks/core/several.ts';
import { deployment, otherCertificate } from '../builders.ts';
import { answer, podOn, sharing } from '../several.ts';

describe('several Coordinators', () => {
  it('are those of a Deployment that wants more than one', () => {
    expect(isSeveral(sharing())).to.equal(true);
    expect(isSeveral(deployment())).to.equal(false);
    expect(isSeveral(deployment(({ spec }) => delete spec.replicas))).to.equal(false);
  });

  it('agree when all are in one state, under one root certificate', () => {
    expect(disagreement([answer('a', 3), answer('b', 3)])).to.equal(undefined);
    expect(disagreement([answer('a', 1), answer('b', 1)])).to.equal(undefined);
    expect(disagreement([answer('a', 3)])).to.equal(undefined);
  });

  it('do not agree while one of them has not got the key yet, and each is named with its state', () => {
    expect(disagreement([answer('a', 3), answer('b', 1)])).to.equal(
      'pod/a is in state 3 AcceptingMarbles, pod/b is in state 1 Recovery',
    );
  });

  it('do not agree under different root certificates, unless there is no Manifest yet', () => {
    const other = answer('b', 3);
    other.coordinator.rootCertificate = otherCertificate;
    expect(disagreement([answer('a', 3), other])).to.equal(
      'pod/a and pod/b have different root certificates',
    );
    const [one, two] = [answer('a', 2), answer('b', 2)];
    two.coordinator.rootCertificate = otherCertificate;
    expect(disagreement([one, two])).to.equal(undefined);
  });

  it('tell most by one in state 3, and need recovery sooner than they have an empty store', () => {
    const named = (states: number[]) =>
      mostTelling(states.map((state, index) => answer(`p${index}`, state)))?.coordinator.state;
    expect(named([1, 3, 2])).to.equal(3);
    expect(named([2, 1])).to.equal(1);
    expect(named([2])).to.equal(2);
    expect(named([])).to.equal(undefined);
  });

  it('are able to let Marbles start as far as the least able is; of equals the one on the known node speaks', () => {
    expect(leastAble([answer('a', 3), answer('b', 1)], 'sgx-1')?.pod.metadata.name).to.equal('b');
    const equals = [answer('a', 3, 'sgx-1'), answer('b', 3, 'sgx-2')];
    expect(leastAble(equals, 'sgx-2')?.pod.metadata.name).to.equal('b');
    expect(leastAble(equals, undefined)?.pod.metadata.name).to.equal('a');
  });

  it('are on each of their nodes once', () => {
    const nowhere = podOn('c', 'x');
    delete nowhere.spec.nodeName;
    const pods = [podOn('a', 'sgx-2'), podOn('b', 'sgx-1'), podOn('d', 'sgx-2'), nowhere];
    expect(nodesOf(pods)).to.deep.equal(['sgx-1', 'sgx-2']);
  });
});
