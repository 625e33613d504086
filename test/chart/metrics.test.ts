import { expect } from 'chai';
import { at, find, refusal, render, rendered, type Tree } from './render.ts';

const on = { metrics: { enabled: true } };
const watched = {
  metrics: {
    enabled: true,
    port: 9100,
    podMonitor: { enabled: true, labels: { release: 'prometheus' }, interval: '15s' },
    prometheusRule: { enabled: true, labels: { release: 'prometheus' } },
  },
};
const name = 'marblerun-coordinator';
const selector = {
  'edgeless.systems/control-plane-component': 'coordinator',
  'edgeless.systems/control-plane-ns': 'marblerun',
};

async function rules(values: Tree): Promise<Tree[]> {
  return at(await rendered('PrometheusRule', name, values), 'spec.groups.0.rules') as Tree[];
}

describe('The metrics', () => {
  it('are off unless they are asked for', async () => {
    const manifests = await render();
    expect(JSON.stringify(find(manifests, 'Deployment', name))).not.to.contain('PROMETHEUS');
    expect(manifests.map(({ metadata }) => metadata.name)).not.to.include('coordinator-metrics');
  });

  it('are served on the address of the client API, on a port with a name and a Service', async () => {
    const manifests = await render({ ...on, coordinator: { clientServerHost: '[::]' } });
    const container = at(find(manifests, 'Deployment', name), 'spec.template.spec.containers.0') as Tree;
    expect(container.env).to.deep.include({ name: 'EDG_COORDINATOR_PROMETHEUS_ADDR', value: '[::]:9944' });
    expect(container.ports).to.deep.include({ name: 'metrics', containerPort: 9944 });
    expect(at(find(manifests, 'Service', 'coordinator-metrics'), 'spec')).to.deep.equal({
      type: 'ClusterIP',
      selector,
      ports: [{ name: 'metrics', port: 9944, targetPort: 9944 }],
    });
    expect(manifests.map(({ kind }) => kind)).not.to.include.members(['PodMonitor', 'PrometheusRule']);
  });

  it('are collected of each pod', async () => {
    const monitor = await rendered('PodMonitor', name, watched);
    expect(monitor.metadata.labels).to.include({ release: 'prometheus' });
    expect(monitor.spec).to.deep.equal({
      selector: { matchLabels: selector },
      podMetricsEndpoints: [{ port: 'metrics', path: '/metrics', interval: '15s' }],
    });
  });

  it('raise an alert on a recovery, a Coordinator that is down, and an anchor that is not Ready', async () => {
    const all = await rules({ ...watched, anchor: { downSeconds: 120 } });
    expect(all.map(({ alert, expr, for: time }) => [alert, expr, time])).to.deep.equal([
      ['MarbleRunCoordinatorNeedsRecovery', 'coordinator_state{namespace="marblerun"} == 1', '1m'],
      ['MarbleRunCoordinatorDown', 'absent(coordinator_state{namespace="marblerun"} > 0)', '120s'],
      [
        'MarbleRunAnchorNotReady',
        'kube_deployment_status_replicas_available{namespace="marblerun", deployment="marblerun-coordinator-anchor"} == 0',
        '1m',
      ],
    ]);
    const withoutAnchor = await rules({ ...watched, placement: { stickiness: 'none' } });
    expect(withoutAnchor.map(({ alert }) => alert)).not.to.include('MarbleRunAnchorNotReady');
  });

  it('may not have their variable from elsewhere as well, but may come from there alone', async () => {
    const coordinator = { extraEnv: [{ name: 'EDG_COORDINATOR_PROMETHEUS_ADDR', value: ':9000' }] };
    expect(await refusal({ ...on, coordinator })).to.contain('coordinator.extraEnv[0]');
    await render({ coordinator });
  });
});
