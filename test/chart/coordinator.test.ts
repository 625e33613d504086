import { expect } from 'chai';
import { at, find, render, rendered, type Tree } from './render.ts';

const coordinator = (values: Tree = {}): Promise<Tree> =>
  rendered('Deployment', 'marblerun-coordinator', values);
const container = async (values: Tree = {}): Promise<Tree> =>
  at(await coordinator(values), 'spec.template.spec.containers.0') as Tree;

async function environment(values: Tree = {}): Promise<Record<string, string>> {
  const variables = (await container(values)).env as { name: string; value: string }[];
  return Object.fromEntries(variables.map(({ name, value }) => [name, value]));
}

describe("The Coordinator's Deployment", () => {
  it('replaces the pod instead of surging, and leaves no room for a leftover `rollingUpdate`', async () => {
    expect(at(await coordinator(), 'spec.strategy')).to.deep.equal({ type: 'Recreate' });
    expect(at(await coordinator(), 'spec.replicas')).to.equal(1);
  });

  it('spreads nothing over hosts', async () => {
    expect(at(await coordinator(), 'spec.template.spec')).not.to.have.property('topologySpreadConstraints');
  });

  it('tells the Coordinator its addresses, names and seal directory', async () => {
    expect(await environment()).to.deep.equal({
      EDG_HTTP_ERROR_LOG_LEVEL: 'error',
      EDG_COORDINATOR_MESH_ADDR: '0.0.0.0:2001',
      EDG_COORDINATOR_CLIENT_ADDR: '0.0.0.0:4433',
      EDG_COORDINATOR_DNS_NAMES:
        'localhost,coordinator-mesh-api,coordinator-client-api,coordinator-mesh-api.marblerun,' +
        'coordinator-client-api.marblerun,coordinator-mesh-api.marblerun.svc.cluster.local,' +
        'coordinator-client-api.marblerun.svc.cluster.local',
      EDG_COORDINATOR_SEAL_DIR: '/coordinator/data/',
      OE_SIMULATION: '0',
    });
  });

  it('puts `coordinator.hostname` first among the names of the certificate', async () => {
    const { EDG_COORDINATOR_DNS_NAMES: names } = await environment({
      coordinator: { hostname: 'mesh.example,10.0.0.1' },
    });
    expect(names).to.match(/^mesh\.example,10\.0\.0\.1,localhost,/);
  });

  it('logs more with `coordinator.debugLogging`', async () => {
    expect(await environment({ coordinator: { debugLogging: true } })).to.include({ EDG_DEBUG_LOGGING: '1' });
  });

  it('moves probes, ports, Services and the anchor along with the ports', async () => {
    const manifests = await render({ coordinator: { clientServerPort: 5000, meshServerPort: 5001 } });
    const deployment = find(manifests, 'Deployment', 'marblerun-coordinator');
    expect(at(deployment, 'spec.template.spec.containers.0.startupProbe.httpGet.port')).to.equal(5000);
    expect(at(deployment, 'spec.template.spec.containers.0.ports')).to.deep.equal([
      { name: 'http', containerPort: 5000 },
      { name: 'grpc', containerPort: 5001 },
    ]);
    expect(at(find(manifests, 'Service', 'coordinator-mesh-api'), 'spec.ports.0.targetPort')).to.equal(5001);
    const anchor = find(manifests, 'Deployment', 'marblerun-coordinator-anchor');
    expect(at(anchor, 'spec.template.spec.containers.0.args')).to.deep.equal([
      'watch',
      '--coordinator',
      'https://coordinator-client-api.marblerun.svc:5000',
      '--deployment',
      'marblerun-coordinator',
      '--hold',
      '50',
      '--ready-port',
      '8080',
      '--down',
      '900',
      '--grace',
      '600',
    ]);
  });

  it("carries the user's labels and annotations", async () => {
    const global = { podLabels: { team: 'mesh' }, podAnnotations: { note: 'hello' } };
    const metadata = at(await coordinator({ global }), 'spec.template.metadata') as Tree;
    expect(metadata.labels).to.include({ team: 'mesh', 'marblerun-hooks/placement-group': 'coordinator' });
    expect(metadata.annotations).to.deep.equal({ note: 'hello' });
  });

  it('forces no user, since the state of an older release belongs to root', async () => {
    expect(await container())
      .to.have.property('securityContext')
      .that.does.not.have.property('runAsNonRoot');
    const podSecurityContext = { runAsNonRoot: true, runAsUser: 1000 };
    const restricted = await coordinator({ coordinator: { podSecurityContext } });
    expect(at(restricted, 'spec.template.spec.securityContext')).to.deep.equal(podSecurityContext);
  });
});

describe('The probes', () => {
  for (const [version, path] of [
    ['v1.9.1', '/api/v2/status'],
    ['v1.5.0', '/api/v2/status'],
    ['v1.5.0-rc1', '/api/v2/status'],
    ['v1.4.1', '/status'],
    ['1.4.1', '/status'],
    ['v0.2.0', '/status'],
    ['latest', '/api/v2/status'],
    ['20240101', '/api/v2/status'],
    ['main-0a1b2c3', '/api/v2/status'],
  ] as const) {
    it(`ask ${path} of version ${version}`, async () => {
      const { startupProbe, readinessProbe, livenessProbe } = await container({ coordinator: { version } });
      for (const probe of [startupProbe, readinessProbe, livenessProbe]) {
        expect(at(probe, 'httpGet')).to.deep.equal({ path, port: 4433, scheme: 'HTTPS' });
      }
    });
  }

  it('take their timing from `coordinator.probes`', async () => {
    const { startupProbe } = await container({ coordinator: { probes: { startup: { periodSeconds: 7 } } } });
    expect(startupProbe).to.include({ periodSeconds: 7, initialDelaySeconds: 15, failureThreshold: 3 });
  });
});

describe('The DCAP settings', () => {
  const config = async (values: Tree): Promise<string | undefined> => {
    const { data } = await rendered('ConfigMap', 'coordinator-dcap-config', values);
    return (data as Record<string, string>)['sgx_default_qcnl.conf'];
  };

  it('are JSON made of `dcap.pccsUrl` and `dcap.useSecureCert`, which may be a text as in older charts', async () => {
    const values = { dcap: { pccsUrl: 'https://pccs/"v4"/', useSecureCert: 'FALSE' } };
    expect(JSON.parse((await config(values)) ?? '')).to.deep.equal({
      pccs_url: 'https://pccs/"v4"/',
      use_secure_cert: false,
    });
  });

  it('are `dcap.qcnlConfig` where it is set', async () => {
    expect(await config({ dcap: { qcnlConfig: '{\n  "a": 1\n}' } })).to.equal('{\n  "a": 1\n}\n');
  });

  it('are left out with `dcap: null`', async () => {
    const manifests = await render({ dcap: null });
    expect(manifests.map(({ metadata }) => metadata.name)).not.to.include('coordinator-dcap-config');
    expect(
      at(find(manifests, 'Deployment', 'marblerun-coordinator'), 'spec.template.spec.volumes'),
    ).to.have.lengthOf(1);
  });
});

describe('Simulation', () => {
  for (const simulation of [true, 1, '1', 'true']) {
    it(`needs nothing but \`coordinator.simulation: ${JSON.stringify(simulation)}\``, async () => {
      const manifests = await render({ coordinator: { simulation } });
      const spec = at(find(manifests, 'Deployment', 'marblerun-coordinator'), 'spec.template.spec') as Tree;
      expect(JSON.stringify(spec)).not.to.match(/sgx/);
      expect(spec).not.to.have.property('tolerations');
      expect(at(spec, 'containers.0')).not.to.have.property('resources');
      expect(at(spec, 'volumes')).to.have.lengthOf(1);
      expect(await environment({ coordinator: { simulation } })).to.include({ OE_SIMULATION: '1' });
      expect(manifests.map(({ metadata }) => metadata.name)).not.to.include('coordinator-dcap-config');
      const anchor = find(manifests, 'Deployment', 'marblerun-coordinator-anchor');
      expect(at(anchor, 'spec.template.spec')).not.to.have.property('tolerations');
    });
  }

  it('leaves what the user set', async () => {
    const values = {
      coordinator: {
        simulation: true,
        resources: { limits: { memory: '200Mi', 'sgx.intel.com/epc': '20Mi' } },
      },
      tolerations: [{ key: 'mine', operator: 'Exists' }],
      dcap: { pccsUrl: 'https://pccs' },
    };
    const spec = at(await coordinator(values), 'spec.template.spec') as Tree;
    expect(at(spec, 'containers.0.resources')).to.deep.equal({
      limits: { memory: '200Mi', 'sgx.intel.com/epc': '20Mi' },
    });
    expect(spec.tolerations).to.deep.equal(values.tolerations);
    expect(spec.volumes).to.have.lengthOf(2);
  });

  for (const simulation of [false, 0, '']) {
    it(`is off with ${JSON.stringify(simulation)}`, async () => {
      expect(await environment({ coordinator: { simulation } })).to.include({ OE_SIMULATION: '0' });
    });
  }
});
