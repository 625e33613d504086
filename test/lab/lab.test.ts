import { expect } from 'chai';
import { coordinatorImage } from './images/names.ts';
import type { Lab } from './lab.ts';
import {
  buildManifest,
  coordinatorState,
  makeRecoveryKey,
  marbleDeployment,
  recover,
  setManifest,
  type RecoveryKey,
} from './mesh.ts';
import { until } from './progress.ts';
import { giveVolume } from './volumes.ts';
import { hookImageName } from './images/hooks.ts';
import { useLab } from '../cluster/shared-lab.ts';

interface Pod {
  status: { podIP: string };
}

describe('the lab', function () {
  this.timeout('3m');
  const lab = useLab();

  it('has two nodes that are Ready', async () => {
    const path = 'jsonpath={.items[*].status.conditions[?(@.type=="Ready")].status}';
    expect(await lab().kubectl('get', 'nodes', '-o', path)).to.equal('True True');
  });

  it('lets a pod on each node reach the one on the other by the name of its Service', async () => {
    const namespace = await newNamespace(lab(), 'network');
    const image = await hookImageName();
    for (const node of lab().nodes) await lab().apply(...greeter(namespace, node, image));
    const names = lab().nodes.map((node) => `pod/${node}`);
    await lab().kubectl('-n', namespace, 'wait', '--for=condition=Ready', '--timeout=60s', ...names);
    for (const [from, to] of [
      ['node-a', 'node-b'],
      ['node-b', 'node-a'],
    ] as const) {
      const code = `fetch('http://${to}.${namespace}.svc.cluster.local').then((r) => r.text()).then(console.log)`;
      const command = ['exec', from, '--', '/nodejs/bin/node', '-e', code];
      // kube-proxy takes up to a second to know a new Service.
      const greeted = async (): Promise<boolean> => {
        const { stdout } = await lab().exec('kubectl', ['-n', namespace, ...command], { reject: false });
        return stdout === `I am on ${to}`;
      };
      await until(greeted, 10, () => Promise.resolve(new Error(`${from} does not reach ${to}`)));
    }
  });

  for (const version of ['v1.9.1', 'v1.8.0'] as const) {
    describe(`with Coordinator ${version}`, () => {
      const key = makeRecoveryKey();
      let namespace: string;
      let secret: Buffer;

      before(async () => {
        namespace = await newNamespace(lab(), `coordinator-${version.replaceAll('.', '-')}`);
        await giveVolume(lab(), namespace);
        await lab().apply(claim(namespace), meshService(namespace));
      });

      it('takes a Manifest and lets a Marble in', async () => {
        const address = await moveCoordinator(lab(), namespace, version, 'node-a');
        expect(await coordinatorState(lab(), address)).to.equal(2);
        secret = await firstSecret(lab(), address, key);
        expect(await coordinatorState(lab(), address)).to.equal(3);
        await lab().apply(marbleDeployment('marble', { namespace, mesh: namespace }));
        const rollout = ['rollout', 'status', 'deployment/marble', '--timeout=60s'];
        await lab().kubectl('-n', namespace, ...rollout);
      });

      it('keeps its state on its node, and needs recovery on the other', async () => {
        const onA = await moveCoordinator(lab(), namespace, version, 'node-a');
        expect(await coordinatorState(lab(), onA)).to.equal(3);
        const onB = await moveCoordinator(lab(), namespace, version, 'node-b');
        expect(await coordinatorState(lab(), onB)).to.equal(1);
      });

      it('finds its state again on the first node as long as nobody recovered it elsewhere', async () => {
        const address = await moveCoordinator(lab(), namespace, version, 'node-a');
        expect(await coordinatorState(lab(), address)).to.equal(3);
      });

      it('is at home where it was recovered, and only there', async () => {
        const onB = await moveCoordinator(lab(), namespace, version, 'node-b');
        expect(await recover(lab(), onB, { key, secret })).to.equal(0);
        expect(await coordinatorState(lab(), onB)).to.equal(3);
        const again = await moveCoordinator(lab(), namespace, version, 'node-b');
        expect(await coordinatorState(lab(), again)).to.equal(3);
        const onA = await moveCoordinator(lab(), namespace, version, 'node-a');
        expect(await coordinatorState(lab(), onA)).to.equal(1);
      });
    });
  }
});

async function newNamespace(lab: Lab, name: string): Promise<string> {
  await lab.kubectl('create', 'namespace', name);
  // Until then no pod can be created in it.
  await lab.kubectl('-n', name, 'wait', '--for=create', 'serviceaccount/default', '--timeout=30s');
  return name;
}

function greeter(namespace: string, node: string, image: string): object[] {
  const code = `require('http').createServer((q, r) => r.end('I am on ${node}')).listen(8080)`;
  const command = ['/nodejs/bin/node', '-e', code];
  const metadata = { name: node, namespace, labels: { app: node } };
  const spec = {
    nodeName: node,
    terminationGracePeriodSeconds: 0,
    containers: [{ name: 'c', image, command }],
  };
  const service = { selector: { app: node }, ports: [{ port: 80, targetPort: 8080 }] };
  return [
    { apiVersion: 'v1', kind: 'Pod', metadata, spec },
    { apiVersion: 'v1', kind: 'Service', metadata, spec: service },
  ];
}

function claim(namespace: string): object {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'coordinator-pv-claim', namespace },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '10Mi' } } },
  };
}

function meshService(namespace: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'coordinator-mesh-api', namespace },
    spec: { selector: { app: 'coordinator' }, ports: [{ port: 2001 }] },
  };
}

function coordinatorPod(namespace: string, version: 'v1.8.0' | 'v1.9.1', node: string): object {
  const container = {
    name: 'coordinator',
    image: coordinatorImage(version),
    env: [
      { name: 'EDG_COORDINATOR_SEAL_DIR', value: '/seal/data' },
      {
        name: 'EDG_COORDINATOR_DNS_NAMES',
        value: `localhost,coordinator-mesh-api.${namespace}.svc.cluster.local`,
      },
    ],
    volumeMounts: [{ name: 'seal', mountPath: '/seal' }],
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'coordinator', namespace, labels: { app: 'coordinator' } },
    spec: {
      nodeSelector: { 'kubernetes.io/hostname': node },
      terminationGracePeriodSeconds: 1,
      securityContext: { runAsUser: 65532, runAsNonRoot: true },
      containers: [container],
      volumes: [{ name: 'seal', persistentVolumeClaim: { claimName: 'coordinator-pv-claim' } }],
    },
  };
}

/** Recreates the Coordinator on a node and answers its address once it answers. */
async function moveCoordinator(
  lab: Lab,
  namespace: string,
  version: 'v1.8.0' | 'v1.9.1',
  node: string,
): Promise<string> {
  await lab.kubectl('-n', namespace, 'delete', 'pod', 'coordinator', '--ignore-not-found');
  await lab.apply(coordinatorPod(namespace, version, node));
  const wait = ['wait', '--for=condition=Ready', 'pod/coordinator', '--timeout=60s'];
  await lab.kubectl('-n', namespace, ...wait);
  const { status } = await lab.get<Pod>('pod', 'coordinator', '-n', namespace);
  const answers = async (): Promise<boolean> => (await coordinatorState(lab, status.podIP)) !== undefined;
  await until(answers, 30, async () => new Error(await lab.kubectl('-n', namespace, 'logs', 'coordinator')));
  return status.podIP;
}

async function firstSecret(lab: Lab, address: string, key: RecoveryKey): Promise<Buffer> {
  const secrets = await setManifest(lab, address, buildManifest({ owner: key }));
  return secrets.owner ?? Buffer.alloc(0);
}
