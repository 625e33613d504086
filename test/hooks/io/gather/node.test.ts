import { expect } from 'chai';
import type { PreflightFacts } from '../../../../hooks/core/facts.ts';
import type { Pod } from '../../../../hooks/core/objects.ts';
import { gatherPreflight } from '../../../../hooks/io/gather/preflight.ts';
import { paths } from '../../../../hooks/io/paths.ts';
import { anchorPod, namespace, node, type Change } from '../../builders.ts';
import { session, type TestSession } from '../../session.ts';

const zone = 'topology.kubernetes.io/zone';
const unchanged: Change<TestSession> = () => undefined;

/** What is gathered, and each request that was made for it. */
async function gathered(change = unchanged): Promise<{ facts: PreflightFacts; requests: string[] }> {
  const given = session();
  change(given);
  const requests: string[] = [];
  const { cluster } = given;
  const get = cluster.get.bind(cluster);
  const list = cluster.list.bind(cluster);
  cluster.get = (path) => (requests.push(path), get(path)) as never;
  cluster.list = (path, query, ...rest) => (
    requests.push(`${path}?${JSON.stringify(query ?? {})}`),
    list(path, query, ...rest)
  );
  return { facts: await gatherPreflight(given, given.files), requests };
}

const add = ({ cluster }: TestSession, object: Pod): void => {
  cluster.put(paths.pod(object.metadata.namespace ?? '', object.metadata.name), object);
};
const addNode = ({ cluster }: TestSession, name: string, labels: Record<string, string> = {}): void => {
  cluster.put(
    paths.node(name),
    node(({ metadata }) => Object.assign(metadata, { name, labels: { ...metadata.labels, ...labels } })),
  );
};
const avoiding = (name: string, labels: Record<string, string>) =>
  anchorPod(({ metadata, spec }) => {
    Object.assign(metadata, { name, uid: name, labels: { app: 'other' } });
    spec.nodeName = 'sgx-2';
    const term = { topologyKey: zone, labelSelector: { matchLabels: labels } };
    spec.affinity = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
  });

describe('gatherNode', () => {
  it('asks for nothing beyond the node for the chart’s own pod', async () => {
    const { facts, requests } = await gathered();
    expect(facts.node).to.have.nested.property('value.elsewhere', undefined);
    const ofNode = requests.filter(
      (path) => /nodes|pods|persistentvolume/.test(path) && !path.includes('marbletype'),
    );
    expect(ofNode).to.have.members([
      `/api/v1/namespaces/marblerun/pods?${selecting('edgeless.systems/control-plane-component=coordinator,edgeless.systems/control-plane-ns=marblerun')}`,
      `/api/v1/namespaces/marblerun/pods?${selecting('marblerun-hooks/placement-group=coordinator')}`,
      '/api/v1/nodes/sgx-1',
      '/api/v1/pods?{"fieldSelector":"spec.nodeName=sgx-1"}',
      '/api/v1/namespaces/marblerun/persistentvolumeclaims/coordinator-pv-claim',
      '/api/v1/persistentvolumes/pvc-2a6b',
    ]);
  });

  it('reads the class of a claim that is not bound', async () => {
    const { facts } = await gathered(({ cluster }) =>
      cluster
        .put(paths.claim(namespace, 'coordinator-pv-claim'), {
          metadata: { name: 'coordinator-pv-claim' },
          spec: { storageClassName: 'slow' },
        })
        .put(paths.storageClass('slow'), { metadata: { name: 'slow' }, provisioner: 'csi.example' }),
    );
    expect(facts.node).to.have.nested.property('value.claims[0].storageClass.provisioner', 'csi.example');
    expect(facts.node).to.have.nested.property('value.claims[0].ofChart', true);
  });

  it('does not take a claim of the user’s own for one that Helm makes', async () => {
    const { facts } = await gathered(({ files }) => {
      files.settings.values = { coordinator: { pvcName: 'coordinator-pv-claim' } };
    });
    expect(facts.node).to.have.nested.property('value.claims[0].ofChart', false);
  });

  it('looks where the group is that is not on the node, and leaves out what is on a node that is gone', async () => {
    const { facts } = await gathered((s) => {
      const member = (name: string, on: string) =>
        anchorPod(({ metadata, spec }) => {
          Object.assign(metadata, { name, uid: name });
          spec.nodeName = on;
        });
      add(s, member('astray', 'sgx-2'));
      add(s, member('lost', 'sgx-9'));
      addNode(s, 'sgx-2');
    });
    expect(names(facts)).to.deep.equal(['astray']);
    expect(facts.node).to.have.nested.property('value.elsewhere.value.nodes').with.length(1);
  });

  it('finds who in the namespace minds a label that is new', async () => {
    const change: Change<TestSession> = (s) => {
      const { metadata } = s.files.deployment.spec.template;
      Object.assign(metadata?.labels ?? {}, { release: 'new' });
      add(s, avoiding('minds', { release: 'new' }));
      addNode(s, 'sgx-2');
    };
    const { facts, requests } = await gathered(change);
    expect(names(facts)).to.deep.equal(['minds']);
    expect(requests).to.include('/api/v1/namespaces/marblerun/pods?{}').and.to.include('/api/v1/nodes/sgx-2');
  });

  it('lists the nodes once where many would have to be read', async () => {
    const { requests } = await gathered((s) => {
      Object.assign(s.files.deployment.spec.template.metadata?.labels ?? {}, { release: 'new' });
      for (let i = 10; i < 21; i++) {
        const mind = avoiding(`minds-${i}`, { release: 'new' });
        mind.spec.nodeName = `sgx-${i}`;
        add(s, mind);
        addNode(s, `sgx-${i}`, { [zone]: 'other' });
      }
    });
    expect(requests.filter((path) => path.startsWith('/api/v1/nodes'))).to.deep.equal([
      '/api/v1/nodes/sgx-1',
      '/api/v1/nodes?{}',
    ]);
  });

  it('does not know the surroundings that it may not read, and still knows the node', async () => {
    const { facts } = await gathered((s) => {
      Object.assign(s.files.deployment.spec.template.metadata?.labels ?? {}, { release: 'new' });
      add(s, avoiding('minds', { release: 'new' }));
      const error = { kind: 'forbidden' as const, message: 'cannot get nodes' };
      s.cluster.refusals.push({ verb: 'get', path: /nodes\/sgx-2/, error });
    });
    expect(facts.node).to.have.nested.property('value.elsewhere.why', 'cannot get nodes');
    expect(facts.node).to.have.property('known', true);
  });
});

describe('gatherOtherNodes', () => {
  const cordon: Change<TestSession> = ({ cluster }) => {
    cluster.put(
      paths.node('sgx-1'),
      node(({ spec }) => (spec.unschedulable = true)),
    );
  };

  it('lists the nodes only when the node does not take the pod', async () => {
    const { facts, requests } = await gathered();
    expect(facts).to.not.have.property('otherNodes');
    expect(requests.filter((path) => path.startsWith('/api/v1/nodes?'))).to.deep.equal([]);
  });

  it('reads the pods of a few nodes that may take it, however many there are', async () => {
    const { facts, requests } = await gathered((s) => {
      cordon(s);
      for (let i = 2; i < 20; i++) addNode(s, `sgx-${i}`);
      for (let i = 20; i < 23; i++) addNode(s, `sgx-${i}`, { 'kubernetes.io/os': 'windows' });
    });
    expect(facts.otherNodes)
      .to.have.property('value')
      .that.deep.includes({
        count: 21,
        ruledOut: { "node(s) didn't match Pod's node affinity/selector": 3 },
        left: 13,
      });
    expect(facts.otherNodes).to.have.nested.property('value.looked').with.length(5);
    expect(requests.filter((path) => path.includes('fieldSelector'))).to.have.length(6);
  });

  it('does not know what it may not list', async () => {
    const { facts } = await gathered((s) => {
      cordon(s);
      const error = { kind: 'forbidden' as const, message: 'cannot list nodes' };
      s.cluster.refusals.push({ verb: 'list', path: /nodes$/, error });
    });
    expect(facts.otherNodes).to.deep.equal({ known: false, why: 'cannot list nodes' });
  });
});

function names({ node: found }: PreflightFacts): string[] {
  if (found?.known !== true || found.value.elsewhere?.known !== true) return [];
  return found.value.elsewhere.value.pods.map(({ metadata }) => metadata.name);
}

function selecting(labelSelector: string): string {
  return JSON.stringify({ labelSelector });
}
