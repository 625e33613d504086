import { expect } from 'chai';
import { at, find, render, rendered, type Tree } from './render.ts';

const group = { 'marblerun-hooks/placement-group': 'coordinator' };
const members = {
  'edgeless.systems/control-plane-component': 'coordinator',
  'edgeless.systems/control-plane-ns': 'marblerun',
};
const toward = (matchLabels: Record<string, string>): Tree => ({
  topologyKey: 'kubernetes.io/hostname',
  labelSelector: { matchLabels },
});
const away = {
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [
        {
          matchFields: [
            { key: 'metadata.name', operator: 'NotIn', values: ['a'] },
            { key: 'metadata.name', operator: 'NotIn', values: ['b'] },
          ],
        },
      ],
    },
  },
};

async function affinity(name: string, placement: Tree = {}): Promise<unknown> {
  return at(await rendered('Deployment', name, { placement }), 'spec.template.spec.affinity');
}

describe('The placement group', () => {
  it('holds the Coordinator where a pod with the group label is', async () => {
    expect(await affinity('marblerun-coordinator')).to.deep.equal({
      podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [toward(group)] },
    });
  });

  it('holds the anchor where the Coordinator itself is, so that the anchor never goes first', async () => {
    expect(await affinity('marblerun-coordinator-anchor')).to.deep.equal({
      podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [toward(members)] },
    });
  });

  it('counts the Coordinator and the anchor among its members', async () => {
    for (const name of ['marblerun-coordinator', 'marblerun-coordinator-anchor']) {
      expect(at(await rendered('Deployment', name), 'spec.template.metadata.labels')).to.include(group);
    }
  });

  it('is a wish only with `placement.stickiness: preferred`', async () => {
    for (const [name, labels] of [
      ['marblerun-coordinator', group],
      ['marblerun-coordinator-anchor', members],
    ] as const) {
      expect(await affinity(name, { stickiness: 'preferred' })).to.deep.equal({
        podAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: toward(labels) }],
        },
      });
    }
  });

  it('has no affinity and no anchor with `placement.stickiness: none`', async () => {
    const manifests = await render({ placement: { stickiness: 'none' } });
    expect(manifests.map(({ metadata }) => metadata.name)).not.to.include('marblerun-coordinator-anchor');
    const spec = at(find(manifests, 'Deployment', 'marblerun-coordinator'), 'spec.template.spec');
    expect(spec).not.to.have.property('affinity');
  });

  it('leaves the nodes of `placement.avoidNodes` as a whole', async () => {
    for (const [name, labels] of [
      ['marblerun-coordinator', group],
      ['marblerun-coordinator-anchor', members],
    ] as const) {
      expect(await affinity(name, { avoidNodes: ['a', 'b'] })).to.deep.equal({
        podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [toward(labels)] },
        ...away,
      });
    }
    expect(
      await affinity('marblerun-coordinator', { stickiness: 'none', avoidNodes: ['a', 'b'] }),
    ).to.deep.equal(away);
  });
});

describe('The anchor', () => {
  const anchor = (values: Tree = {}): Promise<Tree> =>
    rendered('Deployment', 'marblerun-coordinator-anchor', values);

  it('stands before its predecessor goes, unless the node is to be left', async () => {
    expect(at(await anchor(), 'spec.strategy')).to.deep.equal({
      type: 'RollingUpdate',
      rollingUpdate: { maxSurge: 1, maxUnavailable: 0 },
    });
    expect(at(await anchor({ placement: { avoidNodes: ['a'] } }), 'spec.strategy')).to.deep.equal({
      type: 'RollingUpdate',
      rollingUpdate: { maxSurge: 0, maxUnavailable: 1 },
    });
  });

  it('goes wherever the Coordinator may go', async () => {
    const values = { nodeSelector: { disk: 'ssd' }, tolerations: [{ key: 'sgx', operator: 'Exists' }] };
    for (const name of ['marblerun-coordinator', 'marblerun-coordinator-anchor']) {
      const spec = at(await rendered('Deployment', name, values), 'spec.template.spec') as Tree;
      expect(spec.nodeSelector).to.deep.equal({ 'kubernetes.io/os': 'linux', disk: 'ssd' });
      expect(spec.tolerations).to.deep.equal(values.tolerations);
    }
  });

  it('is not replaced for another version of the Coordinator', async () => {
    const changed = await anchor({ coordinator: { version: 'v1.8.0' } });
    expect(at(changed, 'spec.template')).to.deep.equal(at(await anchor(), 'spec.template'));
  });

  it('has time to hold the node while the Coordinator is between two pods', async () => {
    const spec = at(await anchor(), 'spec.template.spec') as Tree;
    expect(spec).to.include({ terminationGracePeriodSeconds: 60 });
    expect(at(spec, 'containers.0.args')).to.include.members(['--hold', '50']);
  });

  it('is Ready while it listens, and told for how long it may be so in trouble', async () => {
    const values = { anchor: { graceSeconds: 5, downSeconds: 20 } };
    const container = at(await anchor(values), 'spec.template.spec.containers.0') as Tree;
    const args = container.args as string[];
    expect(args.slice(args.indexOf('--down'))).to.deep.equal(['--down', '20', '--grace', '5']);
    expect(args[args.indexOf('--ready-port') + 1]).to.equal('8080');
    expect(container.readinessProbe).to.deep.include({ tcpSocket: { port: 8080 } });
    expect(await anchor({ anchor: { graceSeconds: null, downSeconds: null } })).to.deep.equal(await anchor());
  });

  it('keeps its memory small', async () => {
    expect(at(await anchor(), 'spec.template.spec.containers.0.env')).to.deep.include({
      name: 'NODE_OPTIONS',
      value: '--max-semi-space-size=1',
    });
  });

  it('asks for next to nothing, and passes the restricted Pod Security Standard', async () => {
    const spec = at(await anchor(), 'spec.template.spec') as Tree;
    expect(spec.securityContext).to.deep.include({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(at(spec, 'containers.0.securityContext')).to.deep.equal({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
    });
    expect(at(spec, 'containers.0.resources')).to.deep.equal({
      requests: { cpu: '5m', memory: '32Mi' },
      limits: { memory: '64Mi' },
    });
  });
});
