import { expect } from 'chai';
import type { PersistentVolumeClaim } from '../../../../hooks/core/objects.ts';
import { nodeRefusal } from '../../../../hooks/core/placement/node-fit.ts';
import type { ClaimFacts, Placed } from '../../../../hooks/core/placement/scene.ts';
import { known } from '../../../../hooks/core/known.ts';
import { node, pod } from '../../builders.ts';

const next = pod(({ metadata }) => (metadata.uid = 'next'));
const here = node(({ metadata }) => {
  metadata.labels = { ...metadata.labels, room: 'east' };
});

function bound(
  volume: Partial<ClaimFacts['volume']> = {},
  claim: Partial<PersistentVolumeClaim['spec']> = {},
): ClaimFacts {
  return {
    name: 'data',
    claim: {
      metadata: { name: 'data', annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } },
      spec: { volumeName: 'pv-1', ...claim },
      status: { phase: 'Bound' },
    },
    volume: { metadata: { name: 'pv-1' }, spec: {}, ...volume },
  };
}

const local = (host: string) => ({
  spec: {
    nodeAffinity: {
      required: {
        nodeSelectorTerms: [
          { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [host] }] },
        ],
      },
    },
  },
});
const zoned = (labels: Record<string, string>) => ({ metadata: { name: 'pv-1', labels } });

function waiting(
  annotations: Record<string, string> = {},
  storageClass: Partial<NonNullable<ClaimFacts['storageClass']>> = {},
): ClaimFacts {
  return {
    name: 'data',
    claim: { metadata: { name: 'data', annotations }, spec: { storageClassName: 'slow' } },
    storageClass: {
      metadata: { name: 'slow' },
      provisioner: 'csi.example',
      volumeBindingMode: 'WaitForFirstConsumer',
      ...storageClass,
    },
  };
}
const promised = (name: string) => ({ 'volume.kubernetes.io/selected-node': name });
const rooms = (...values: string[]) => ({
  allowedTopologies: [{ matchLabelExpressions: [{ key: 'room', values }] }],
});
const noVolume = "node(s) didn't find available persistent volumes to bind";
const noZone = 'node(s) had no available volume zone';

/** Title, the claim, filter and reason of the refusal; undefined where there is none, a doubt by its beginning. */
const cases: [string, ClaimFacts, [string, string] | string | undefined][] = [
  ['a bound claim', bound(), undefined],
  [
    'a claim that is missing',
    { name: 'data' },
    ['VolumeRestrictions', 'persistentvolumeclaim "data" not found'],
  ],
  ['a claim that Helm is about to make', { name: 'data', ofChart: true }, 'claim data does not exist yet'],
  [
    'a claim that is being deleted',
    change((c) => (c.metadata.deletionTimestamp = '2026-11-24T12:00:00Z')),
    ['VolumeBinding', 'persistentvolumeclaim "data" is being deleted'],
  ],
  [
    'a claim that lost its volume',
    change((c) => (c.status = { phase: 'Lost' })),
    ['VolumeBinding', 'persistentvolumeclaim "data" bound to non-existent persistentvolume "pv-1"'],
  ],
  [
    'a claim whose volume is gone',
    { ...bound(), volume: undefined },
    ['VolumeZone', 'persistentvolume "pv-1" not found'],
  ],
  [
    'a claim that names its volume and is not bound to it yet',
    change((c) => (c.metadata.annotations = {})),
    ['VolumeBinding', 'pod has unbound immediate PersistentVolumeClaims'],
  ],
  [
    'a claim without a class that is not bound',
    { name: 'data', claim: { metadata: { name: 'data' }, spec: {} } },
    ['VolumeBinding', 'pod has unbound immediate PersistentVolumeClaims'],
  ],
  [
    'a claim of a class that binds at once',
    waiting({}, { volumeBindingMode: 'Immediate' }),
    ['VolumeBinding', 'pod has unbound immediate PersistentVolumeClaims'],
  ],
  ['a claim that waits for the pod', waiting(), 'claim data is not bound yet'],
  ['a claim that is promised to this node', waiting(promised('sgx-1')), 'claim data is not bound yet'],
  ['a claim that is promised to another node', waiting(promised('sgx-2')), ['VolumeBinding', noVolume]],
  [
    'a promised claim whose class makes no volumes',
    waiting(promised('sgx-1'), { provisioner: 'kubernetes.io/no-provisioner' }),
    ['VolumeBinding', noVolume],
  ],
  [
    'a promised claim whose class makes volumes elsewhere only',
    waiting(promised('sgx-1'), rooms('west')),
    ['VolumeBinding', noVolume],
  ],
  [
    'a promised claim whose class makes volumes here',
    waiting(promised('sgx-1'), rooms('east')),
    'claim data is not',
  ],
  [
    'a claim whose class makes volumes elsewhere only, for one may be there',
    waiting({}, rooms('west')),
    'claim data is',
  ],
  ['a volume that is local to the node', bound(local('sgx-1')), undefined],
  [
    'a volume that is local to another node',
    bound(local('sgx-2')),
    ['VolumeBinding', "node(s) didn't match PersistentVolume's node affinity"],
  ],
  [
    'a volume in the zone of the node',
    bound(zoned({ 'topology.kubernetes.io/zone': 'westeurope-1' })),
    undefined,
  ],
  [
    'a volume in several zones',
    bound(zoned({ 'topology.kubernetes.io/zone': 'a__westeurope-1' })),
    undefined,
  ],
  [
    'a volume in another zone',
    bound(zoned({ 'topology.kubernetes.io/zone': 'westeurope-2' })),
    ['VolumeZone', noZone],
  ],
  [
    'a volume with the zone label of old in the zone',
    bound(zoned({ 'failure-domain.beta.kubernetes.io/zone': 'westeurope-1' })),
    undefined,
  ],
  [
    'a volume in a region that the node does not name',
    bound(zoned({ 'topology.kubernetes.io/region': 'westeurope' })),
    ['VolumeZone', noZone],
  ],
];

describe('the filters of volumes', () => {
  for (const [title, claim, expected] of cases) {
    const verb = expected === undefined ? 'accept' : typeof expected === 'string' ? 'do not know' : 'refuse';
    it(`${verb} ${title}`, () => {
      const outcome = nodeRefusal(next, { node: here, pods: [], claims: [claim] }, new Set());
      if (expected === undefined) expect(outcome).to.equal(undefined);
      else if (typeof expected === 'string')
        expect(outcome).to.have.property('doubt').that.contains(expected);
      else expect(outcome).to.deep.include({ filter: expected[0], reason: expected[1] });
    });
  }

  it('take a volume of any zone on a node that has no zone', () => {
    const plain = node(({ metadata }) => (metadata.labels = { 'kubernetes.io/os': 'linux' }));
    const claims = [bound(zoned({ 'topology.kubernetes.io/zone': 'x' }))];
    expect(nodeRefusal(next, { node: plain, pods: [], claims }, new Set())).to.equal(undefined);
  });

  it('look at a volume’s node affinity by labels only', () => {
    const terms = [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['sgx-2'] }] }];
    const claims = [bound({ spec: { nodeAffinity: { required: { nodeSelectorTerms: terms } } } })];
    expect(nodeRefusal(next, { node: here, pods: [], claims }, new Set())).to.equal(undefined);
  });

  describe('of a claim for one pod only', () => {
    const claims = [{ ...bound({}, { accessModes: ['ReadWriteOncePod'] }), name: 'coordinator-pv-claim' }];
    const user = pod();
    const reason =
      'node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod';

    it('refuse while another pod has it, on whatever node', () => {
      expect(nodeRefusal(next, { node: here, pods: [user], claims }, new Set())).to.deep.equal({
        filter: 'VolumeRestrictions',
        reason,
        detail: `pod/${user.metadata.name}`,
      });
      const away: Placed['pod'] = { ...user, spec: { ...user.spec, nodeName: 'sgx-2' } };
      const elsewhere = known({ pods: [away], nodes: [] });
      expect(nodeRefusal(next, { node: here, pods: [], claims, elsewhere }, new Set())).to.have.property(
        'reason',
        reason,
      );
    });

    it('accept once the old pod is gone, and another namespace’s claim of the same name', () => {
      const gone = new Set([user.metadata.uid ?? '']);
      expect(nodeRefusal(next, { node: here, pods: [user], claims }, gone)).to.equal(undefined);
      const foreign = pod(({ metadata }) => (metadata.namespace = 'other'));
      expect(nodeRefusal(next, { node: here, pods: [foreign], claims }, new Set())).to.equal(undefined);
    });
  });
});

function change(edit: (claim: PersistentVolumeClaim) => unknown): ClaimFacts {
  const facts = bound();
  if (facts.claim !== undefined) edit(facts.claim);
  return facts;
}
