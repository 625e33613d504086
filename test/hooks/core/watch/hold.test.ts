import { expect } from 'chai';
import type { Deployment, Pod } from '../../../../hooks/core/objects.ts';
import { reasonToHold } from '../../../../hooks/core/watch/hold.ts';
import { deployment, pod, rolledOut } from '../../builders.ts';

describe('The anchor, told to go', () => {
  const settled = (change: (object: Deployment) => void = () => undefined): Deployment =>
    deployment((object) => {
      object.metadata.generation = 3;
      object.status = rolledOut(3, 1);
      change(object);
    });
  const reason = (live: Deployment | undefined, pods: Pod[] = [pod()]): string | undefined =>
    reasonToHold({ node: 'sgx-1', deployment: live, pods });
  const refusing = (...terms: object[]): Deployment =>
    settled(({ spec }) => {
      spec.template.spec.affinity = {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms },
        },
      };
    });
  const not = (node: string): object => ({
    matchFields: [{ key: 'metadata.name', operator: 'NotIn', values: [node] }],
  });

  it('goes while the Coordinator stands', () => {
    expect(reason(settled())).to.equal(undefined);
  });

  it('holds the node while the Coordinator has no pod, or one without a node yet', () => {
    const between = 'the Coordinator is between two pods';
    expect(reason(settled(), [])).to.equal(between);
    expect(reason(settled(), [pod(({ spec }) => delete spec.nodeName)])).to.equal(between);
    expect(reason(settled(), [pod(({ spec }) => (spec.nodeName = ''))])).to.equal(between);
  });

  it('goes once the next pod has a node, though it does not run yet', () => {
    expect(reason(settled(), [pod(({ status }) => status && (status.phase = 'Pending'))])).to.equal(
      undefined,
    );
  });

  it('holds the node of a pod that is going to be replaced', () => {
    const about = 'the Coordinator is about to be replaced';
    expect(reason(settled(({ metadata }) => (metadata.generation = 4)))).to.equal(about);
    expect(reason(settled(({ status }) => delete status?.updatedReplicas))).to.equal(about);
    expect(reason(settled((object) => delete object.status))).to.equal(about);
  });

  it('goes while several are replaced, of which one always has the key', () => {
    const several = settled(({ metadata, spec }) => {
      metadata.generation = 4;
      spec.replicas = 2;
    });
    expect(reason(several)).to.equal(undefined);
  });

  it('does not wait for a Deployment that is paused', () => {
    const paused = settled(({ spec, status }) => {
      spec.paused = true;
      delete status?.updatedReplicas;
    });
    expect(reason(paused)).to.equal(undefined);
  });

  it('goes when there will be no next pod', () => {
    expect(reason(undefined, [])).to.equal(undefined);
    expect(
      reason(
        settled(({ spec }) => (spec.replicas = 0)),
        [],
      ),
    ).to.equal(undefined);
    const deleted = settled(({ metadata }) => (metadata.deletionTimestamp = '2026-11-24T12:00:00Z'));
    expect(reason(deleted, [])).to.equal(undefined);
  });

  it('goes when the Coordinator is to leave this node', () => {
    expect(reason(refusing(not('sgx-1')), [])).to.equal(undefined);
    expect(reason(refusing(not('sgx-2')), [])).not.to.equal(undefined);
    expect(reason(refusing(not('sgx-1'), not('sgx-2')), [])).not.to.equal(undefined);
    expect(reason(refusing({ matchExpressions: [] }), [])).not.to.equal(undefined);
  });
});
