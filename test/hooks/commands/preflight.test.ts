import { expect } from 'chai';
import { preflight } from '../../../hooks/commands/preflight.ts';
import { commandsOf } from '../commands.ts';
import type { Deployment, Pod } from '../../../hooks/core/objects.ts';
import { boundTo } from '../../../hooks/core/pin.ts';
import { DeadlineError } from '../../../hooks/io/wait.ts';
import { paths } from '../../../hooks/io/paths.ts';
import { anchorPod, coordinator, coordinatorName, namespace, otherCertificate } from '../builders.ts';
import { MemoryCluster, type Refuse } from '../memory-cluster.ts';
import { rejection } from '../rejection.ts';
import { fromPlainChart } from '../plain-chart.ts';
import { recorded } from '../record.ts';
import { runningCluster, session, type SessionOptions } from '../session.ts';

const deploymentPath = paths.deployment(namespace, coordinatorName);
const pinPath = paths.pod(namespace, 'marblerun-coordinator-pin');
const cordon: SessionOptions = { cluster: cordoned() };

describe('preflight', () => {
  it('passes an ordinary upgrade and changes nothing', async () => {
    const given = session();
    expect(await preflight(given)).to.equal(0);
    expect(given.cluster.changes()).to.deep.equal([]);
    expect(given.report()).to.deep.include({ outcome: 'passed', findings: [], actions: [] });
  });

  it('passes a first install into an empty namespace and changes nothing', async () => {
    const given = session({ cluster: new MemoryCluster() });
    expect(await preflight(given)).to.equal(0);
    expect(given.cluster.changes()).to.deep.equal([]);
    expect(given.report().findings.map(({ code }) => code)).to.deep.equal(['first-install']);
  });

  it('writes nothing but an Event when it blocks', async () => {
    const given = session(fromPlainChart(cordon));
    expect(await preflight(given)).to.equal(1);
    expect(given.cluster.writes.map(({ verb, path }) => `${verb} ${path}`)).to.deep.equal([
      'create /api/v1/namespaces/marblerun/events',
    ]);
    expect(given.report()).to.deep.include({ outcome: 'blocked', actions: [] });
    expect(given.terminations[0]).to.contain('Upgrade refused').and.to.contain('node-refuses-coordinator');
  });

  it('goes on once the situation is acknowledged, and not with yesterday’s token', async () => {
    const first = session(cordon);
    await preflight(first);
    const token =
      first.report().findings.find(({ code }) => code === 'node-refuses-coordinator')?.token ?? '';
    const acknowledged = (value: string) =>
      session({ cluster: cordoned(), settings: ({ hooks }) => (hooks.acknowledge = [value]) });
    expect(await preflight(acknowledged(token))).to.equal(0);
    const stale = acknowledged('node-refuses-coordinator:00000000');
    expect(await preflight(stale)).to.equal(1);
    expect(stale.report().findings.map(({ code }) => code)).to.include('acknowledgement-stale');
  });

  it('prepares the first upgrade from another chart: baseline, claim, pin, strategy, image, in order', async () => {
    const given = session(fromPlainChart());
    schedulePins(given.cluster);
    expect(await preflight(given)).to.equal(0);
    expect(commandsOf(given.cluster)).to.deep.equal([
      'create /api/v1/namespaces/marblerun/configmaps',
      `patch ${paths.claim(namespace, 'coordinator-pv-claim')}`,
      'create /api/v1/namespaces/marblerun/pods',
      `patch ${deploymentPath}`,
      `patch ${deploymentPath}`,
    ]);
    const live = given.cluster.objects.get(deploymentPath) as unknown as Deployment;
    expect(live.spec.strategy).to.deep.equal({ type: 'Recreate' });
    expect(live.metadata.managedFields).to.deep.equal([{ manager: 'helm', operation: 'Apply' }]);
    const pin = given.cluster.objects.get(pinPath) as unknown as Pod;
    expect(pin.metadata.ownerReferences?.[0]).to.deep.include({ kind: 'Deployment', name: coordinatorName });
    expect(given.report().findings.map(({ code }) => code)).to.deep.equal([
      'claim-kept',
      'node-held',
      'strategy-switched',
      'image-taken-back',
    ]);
  });

  it('ends a roll that still goes on, and reports it', async () => {
    const given = session({ settings: ({ rollout }) => (rollout.detach = true) });
    const path = paths.job(namespace, 'marblerun-coordinator-roll');
    given.cluster.put(path, { metadata: { name: 'marblerun-coordinator-roll', namespace } });
    expect(await preflight(given)).to.equal(0);
    expect(commandsOf(given.cluster)).to.deep.equal([`delete ${path}`]);
    expect(given.report().actions).to.deep.equal([
      'ended job/marblerun-coordinator-roll, which still restarted Marbles for an earlier upgrade',
    ]);
  });

  it('does nothing twice when it runs again', async () => {
    const given = session(fromPlainChart());
    schedulePins(given.cluster);
    await preflight(given);
    given.cluster.refusals.length = 0;
    given.cluster.writes.length = 0;
    expect(await preflight(given)).to.equal(0);
    expect(given.cluster.changes()).to.deep.equal([]);
  });

  it('stops in the middle and completes the rest when it runs again', async () => {
    const given = session(fromPlainChart());
    schedulePins(given.cluster);
    const broken: Refuse = {
      verb: 'patch',
      path: /deployments\/marblerun-coordinator$/,
      error: { kind: 'server', message: 'etcd is away' },
    };
    given.cluster.refusals.unshift(broken);
    // The dry run fails first; conflicts are then not known, and the strategy cannot be switched.
    expect((await rejection(preflight(given))).message).to.equal('etcd is away');
    expect(given.done).to.deep.equal([
      'noted what the Coordinator is now, for the rollout to compare with',
      'marked persistentvolumeclaim/coordinator-pv-claim so that Helm keeps it',
      'a pin pod holds sgx-1 for the Coordinator until the anchor runs',
    ]);
    given.cluster.refusals.shift();
    given.cluster.writes.length = 0;
    expect(await preflight(given)).to.equal(0);
    expect(commandsOf(given.cluster)).to.deep.equal([`patch ${deploymentPath}`, `patch ${deploymentPath}`]);
  });

  it('replaces a pin that holds another node', async () => {
    const given = session(fromPlainChart());
    schedulePins(given.cluster);
    given.cluster.put(pinPath, pin('sgx-2', { phase: 'Failed' }));
    expect(await preflight(given)).to.equal(0);
    expect(commandsOf(given.cluster)).to.include.members([
      `delete ${pinPath}`,
      'create /api/v1/namespaces/marblerun/pods',
    ]);
    const held = given.cluster.objects.get(pinPath) as unknown as Pod;
    expect(held.spec.nodeName).to.equal('sgx-1');
  });

  it('keeps a pin that waits for the scheduler and can go to no other node', async () => {
    const given = session(fromPlainChart());
    const owner = { name: coordinatorName, uid: 'a-uid' };
    given.cluster.put(pinPath, { ...boundTo('sgx-1', given.files.pin, owner), status: { phase: 'Pending' } });
    const sleep = given.clock.sleep.bind(given.clock);
    given.clock.sleep = async (...time) => {
      const waiting = given.cluster.objects.get(pinPath) as unknown as Pod;
      waiting.status = { phase: 'Running' };
      await sleep(...time);
    };
    expect(await preflight(given)).to.equal(0);
    expect(commandsOf(given.cluster).filter((command) => command.includes('/pods'))).to.deep.equal([]);
  });

  it('says why the pin does not run when the deadline comes', async () => {
    const given = session({ ...fromPlainChart(), deadlineSeconds: 30 });
    given.cluster.afterWrite = () => {
      const made = given.cluster.objects.get(pinPath) as unknown as Pod | undefined;
      if (made === undefined) return;
      const message = '0/2 nodes are available: 1 Too many pods.';
      made.status = { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', message }] };
    };
    const error = await rejection(preflight(given));
    expect(error).to.be.instanceOf(DeadlineError);
    expect(error.message)
      .to.contain('pin pod on sgx-1: the time is up first')
      .and.to.contain('Too many pods');
  });

  it('waits for the pin that another pod of the same Job has made', async () => {
    const given = session(fromPlainChart());
    const create = given.cluster.create.bind(given.cluster);
    given.cluster.create = async <T>(path: string, object: object) => {
      if (path.endsWith('/pods')) given.cluster.put(pinPath, pin('sgx-1', { phase: 'Running' }));
      return await create<T>(path, object);
    };
    expect(await preflight(given)).to.equal(0);
  });

  it('lets the scheduler judge by a pin pod when it may not read nodes', async () => {
    const given = session(fromPlainChart());
    const error = { kind: 'forbidden' as const, message: 'nodes "sgx-1" is forbidden' };
    given.cluster.refusals.push({ verb: 'get', path: /nodes/, error });
    schedulePins(given.cluster);
    expect(await preflight(given)).to.equal(0);
    const found = given.report().findings.find(({ code }) => code === 'placement-unknown');
    expect(found?.message).to.contain('nodes "sgx-1" is forbidden');
    expect(given.cluster.objects.has(pinPath)).to.equal(true);
  });

  it('notes another Coordinator only after its replacement is acknowledged', async () => {
    const replaced = coordinator((c) => (c.rootCertificate = otherCertificate));
    const given = session({ answer: replaced });
    expect(await preflight(given)).to.equal(1);
    const token = given.report().findings[0]?.token ?? '';
    given.files.settings.hooks.acknowledge = [token];
    expect(await preflight(given)).to.equal(0);
    expect(recorded(given.cluster).rootCertificate).to.equal(otherCertificate);
  });

  it('reports all the same when the Event is refused', async () => {
    const given = session();
    const error = { kind: 'forbidden' as const, message: 'events is forbidden' };
    given.cluster.refusals.push({ verb: 'create', path: /events/, error });
    expect(await preflight(given)).to.equal(0);
    expect(given.progress).to.deep.equal(['No Event was written: events is forbidden']);
    expect(given.results).to.have.length(1);
  });

  it('keeps the Event’s message within what Kubernetes accepts', async () => {
    const given = session({ ...fromPlainChart(cordon), answer: { state: 1 } });
    await preflight(given);
    const { message } = given.cluster.writes[0]?.body as { message: string };
    expect(Buffer.byteLength(message)).to.be.at.most(1024);
  });

  it('prints text when asked to', async () => {
    const given = session();
    given.format = 'text';
    await preflight(given);
    expect(given.results[0])
      .to.match(/^marblerun-hooks preflight 0\.1\.0\n/)
      .and.to.match(/Preflight passed\.$/);
    expect(given.results[0]).to.contain('sgx-1: the Coordinator stays').and.to.contain('v1.8.0 -> ');
  });

  it('shows nothing of the containers’ environment', async () => {
    const given = session();
    const live = given.cluster.objects.get(deploymentPath) as unknown as Deployment;
    for (const object of [live, given.files.deployment]) {
      const [container] = object.spec.template.spec.containers;
      Object.assign(container ?? {}, { env: [{ name: 'EDG_AZURE_CLIENT_SECRET', value: 'hunter2' }] });
    }
    await preflight(given);
    const said = JSON.stringify([given.results, given.terminations, given.progress, given.cluster.writes]);
    expect(said).to.not.contain('hunter2').and.not.contain('CLIENT_SECRET');
  });
});

function cordoned(): MemoryCluster {
  const cluster = runningCluster();
  Object.assign(cluster.objects.get(paths.node('sgx-1'))?.spec ?? {}, { unschedulable: true });
  return cluster;
}

/** Plays scheduler and kubelet for pins. */
function schedulePins(cluster: MemoryCluster): void {
  cluster.afterWrite = ({ verb, path }) => {
    const made = cluster.objects.get(pinPath) as unknown as Pod | undefined;
    if (verb !== 'create' || !path.endsWith('/pods') || made === undefined) return;
    made.spec.nodeName = 'sgx-1';
    made.status = { phase: 'Running' };
  };
}

function pin(nodeName: string, status: NonNullable<Pod['status']>): Pod {
  return anchorPod((object) => {
    object.metadata.name = 'marblerun-coordinator-pin';
    object.spec.nodeName = nodeName;
    object.status = status;
  });
}
