import { expect } from 'chai';
import type { PreflightFacts } from '../../../../hooks/core/facts.ts';
import type { Deployment } from '../../../../hooks/core/objects.ts';
import { clientUrl } from '../../../../hooks/io/gather/coordinator.ts';
import { gatherPreflight } from '../../../../hooks/io/gather/preflight.ts';
import { paths } from '../../../../hooks/io/paths.ts';
import { anchorPod, coordinatorName, namespace, node, pod, record, type Change } from '../../builders.ts';
import { MemoryCluster, type Refuse } from '../../memory-cluster.ts';
import { rejection } from '../../rejection.ts';
import { runningCluster, session, type TestSession } from '../../session.ts';

const live = paths.deployment(namespace, coordinatorName);
const podPath = paths.pod(namespace, pod().metadata.name);
const forbid = (verb: Refuse['verb'], path: RegExp): Refuse => ({
  verb,
  path,
  error: { kind: 'forbidden', message: 'User "system:serviceaccount:x" cannot do this' },
});

describe('gatherPreflight', () => {
  const gathered = async (change: Change<TestSession> = () => undefined): Promise<PreflightFacts> => {
    const given = session();
    change(given);
    return await gatherPreflight(given, given.files);
  };

  it('gathers the Coordinator, its node, its group and the record', async () => {
    const facts = await gathered();
    expect(facts.live?.metadata.name).to.equal(coordinatorName);
    expect(facts.pods.map(({ metadata }) => metadata.name)).to.deep.equal([pod().metadata.name]);
    expect(facts.group.map(({ metadata }) => metadata.name)).to.have.members([
      pod().metadata.name,
      anchorPod().metadata.name,
    ]);
    expect(facts.coordinator).to.have.nested.property('value.state', 3);
    expect(facts.node).to.have.nested.property('value.node.metadata.name', 'sgx-1');
    expect(facts.node).to.have.nested.property('value.pods').with.length(2);
    expect(facts.record).to.deep.equal({ known: true, value: record() });
    expect(facts.conflicts).to.deep.equal({ known: true, value: [] });
  });

  it('reads the RuntimeClass that the pod to come names, and none else', async () => {
    expect((await gathered()).runtimeClass).to.equal(undefined);
    const kata = { metadata: { name: 'kata' } };
    const named: Change<TestSession> = ({ cluster, files }) => {
      files.deployment.spec.template.spec.runtimeClassName = 'kata';
      cluster.put(paths.runtimeClass('kata'), kata);
    };
    expect((await gathered(named)).runtimeClass).to.deep.equal({ known: true, value: kata });
    const forbidden = await gathered((s) => {
      named(s);
      s.cluster.refusals.push(forbid('get', /runtimeclasses/));
    });
    expect(forbidden.runtimeClass).to.include({ known: false });
  });

  it('finds an empty namespace in order', async () => {
    const facts = await gathered((s) => (s.cluster = new MemoryCluster()));
    expect(facts).to.deep.include({
      live: undefined,
      pods: [],
      group: [],
      coordinator: undefined,
      node: undefined,
    });
    expect(facts.record).to.deep.equal({ known: true, value: undefined });
  });

  it('asks the pod itself, and says why when it does not answer', async () => {
    const urls: string[] = [];
    const facts = await gathered((s) => {
      s.answer = undefined;
      const { coordinatorAt } = s;
      s.coordinatorAt = (url) => {
        urls.push(url);
        return coordinatorAt(url);
      };
    });
    expect(urls).to.deep.equal(['https://10.244.1.7:4433']);
    expect(facts.coordinator).to.have.property('why').that.contains('ECONNREFUSED');
  });

  it('does not take a pod on its way out for the Coordinator', async () => {
    const facts = await gathered(({ cluster }) =>
      cluster.put(
        podPath,
        pod(({ metadata }) => (metadata.deletionTimestamp = '2026-11-24T12:00:00Z')),
      ),
    );
    expect(facts.pods).to.deep.equal([]);
    expect(facts.coordinator).to.equal(undefined);
  });

  it('puts the running pod before one that waits', async () => {
    const facts = await gathered(({ cluster }) => {
      const waiting = pod((p) => {
        p.metadata.name = 'a-waiting-pod';
        p.status = { phase: 'Pending' };
        delete p.spec.nodeName;
      });
      cluster.objects.delete(podPath);
      cluster.put(paths.pod(namespace, 'a-waiting-pod'), waiting).put(podPath, pod());
    });
    expect(facts.pods.map(({ status }) => status?.phase)).to.deep.equal(['Running', 'Pending']);
    expect(facts.coordinator).to.have.property('known', true);
  });

  it('takes the node from the record when no pod runs', async () => {
    const facts = await gathered(({ cluster }) => cluster.objects.delete(podPath));
    expect(facts.node).to.have.nested.property('value.node.metadata.name', 'sgx-1');
  });

  it('does not know a node that is gone', async () => {
    const facts = await gathered(({ cluster }) => cluster.objects.delete(paths.node('sgx-1')));
    expect(facts.node).to.deep.equal({ known: false, why: 'node sgx-1 is gone' });
  });

  it('does not know a node whose pods it may not list', async () => {
    const facts = await gathered(({ cluster }) => cluster.refusals.push(forbid('list', /^\/api\/v1\/pods$/)));
    expect(facts.node).to.have.property('known', false);
    expect(facts.node).to.have.property('why').that.contains('cannot do this');
  });

  it('does not know a record that it may not read', async () => {
    const facts = await gathered(({ cluster }) => cluster.refusals.push(forbid('get', /configmaps/)));
    expect(facts.record).to.have.property('known', false);
  });

  it('finds the volume behind the claim', async () => {
    const facts = await gathered();
    expect(facts.node).to.have.nested.property('value.claims[0].name', 'coordinator-pv-claim');
    expect(facts.node).to.have.nested.property('value.claims[0].volume.metadata.name', 'pvc-2a6b');
  });

  const applied: Change<TestSession> = ({ cluster }) => {
    const object = cluster.objects.get(live) as unknown as Deployment;
    object.metadata.managedFields = [{ manager: 'helm', operation: 'Apply' }];
  };
  const field = '.spec.template.spec.containers[name="coordinator"].image';
  const causes = [{ message: 'conflict with "kubectl-set" using apps/v1', field }];

  it('asks the API server what Helm’s apply would conflict with, and changes nothing', async () => {
    const asked = session();
    applied(asked);
    asked.cluster.refusals.push({
      verb: 'patch',
      path: /deployments/,
      error: { kind: 'conflict', message: 'Apply failed', causes },
    });
    const facts = await gatherPreflight(asked, asked.files);
    expect(facts.conflicts).to.deep.equal({ known: true, value: [{ manager: 'kubectl-set', field }] });
    expect(asked.cluster.writes).to.deep.equal([]);
  });

  it('does not know the conflicts when the dry run is refused', async () => {
    const facts = await gathered((s) => {
      applied(s);
      s.cluster.refusals.push(forbid('patch', /deployments/));
    });
    expect(facts.conflicts).to.have.property('known', false);
  });

  it('does not ask for conflicts when Helm applies on the client', async () => {
    const facts = await gathered(({ cluster }) => cluster.refusals.push(forbid('patch', /./)));
    expect(facts.conflicts).to.deep.equal({ known: true, value: [] });
  });

  it('rejects when the API server cannot be reached, instead of guessing', async () => {
    const error = { kind: 'unreachable' as const, message: 'cannot be reached' };
    const gone = gathered(({ cluster }) => cluster.refusals.push({ verb: 'get', path: /nodes/, error }));
    expect((await rejection(gone)).message).to.equal('cannot be reached');
  });

  it('makes as many requests in a large cluster as in a small one', async () => {
    const requests = async (pods: number): Promise<number> => {
      let count = 0;
      await gathered((s) => {
        s.cluster = runningCluster();
        for (let i = 0; i < pods; i++) {
          s.cluster.put(
            paths.node(`n-${i}`),
            node(({ metadata }) => (metadata.name = `n-${i}`)),
          );
          s.cluster.put(
            paths.pod('other', `p-${i}`),
            pod((p) => {
              p.metadata = { name: `p-${i}`, namespace: 'other' };
              p.spec.nodeName = `n-${i}`;
            }),
          );
        }
        const get = s.cluster.get.bind(s.cluster);
        const list = s.cluster.list.bind(s.cluster);
        s.cluster.get = (path) => (count++, get(path)) as never;
        s.cluster.list = (...call) => (count++, list(...call));
      });
      return count;
    };
    expect(await requests(200)).to.equal(await requests(0));
  });
});

describe('clientUrl', () => {
  it('is the pod’s own address, in brackets for IPv6', () => {
    const at = (podIP: string | undefined) =>
      clientUrl(
        pod((p) => (p.status = podIP === undefined ? {} : { podIP })),
        4433,
      );
    expect(at('10.244.1.7')).to.equal('https://10.244.1.7:4433');
    expect(at('fd00::7')).to.equal('https://[fd00::7]:4433');
    expect(at('')).to.equal(undefined);
    expect(at(undefined)).to.equal(undefined);
  });
});
