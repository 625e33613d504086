import { expect } from 'chai';
import { parse } from 'yaml';
import { podByHand, type RestoreCronJob } from '../../hooks/core/backup/restore-job.ts';
import { allows, type End, type NetworkPolicy } from '../support/network-policy.ts';
import { at, find, render, type Manifest, type Tree } from './render.ts';

const namespace = 'marblerun';
const elsewhere: End = { namespace: 'shop', labels: { app: 'shop' }, namespaceLabels: {} };
const outside: End = { ip: '203.0.113.7' };
const apiServer: End = { ip: '10.90.0.1' };
const dns: End = { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' }, namespaceLabels: {} };
/** As a namespace that denies by default has it. */
const denyAll: NetworkPolicy = {
  metadata: { namespace },
  spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
};
const on = {
  networkPolicy: { enabled: true },
  marbleInjector: { start: true, useCertManager: true },
  rollout: { detach: true },
};
const shared = { coordinator: { distributedDeployment: true, replicas: 2 } };

/** The pods that the chart runs, or that its hooks make, by name; each as an end of a connection. */
function podsOf(manifests: readonly Manifest[]): Record<string, End> {
  const { data } = find(manifests, 'ConfigMap', 'marblerun-coordinator-preflight');
  const files = Object.values(data as Record<string, string>).map((text) => parse(text) as Manifest);
  const made = files.filter((file) => ['Pod', 'Job'].includes(file.kind));
  return Object.fromEntries(
    [...manifests, ...made].flatMap(({ kind, metadata, spec }) => {
      const labels = kind === 'Pod' ? metadata.labels : at(spec, 'template.metadata.labels');
      if (labels === undefined) return [];
      return [
        [metadata.name.replace('marblerun-coordinator-', ''), { namespace, labels, namespaceLabels: {} }],
      ];
    }),
  ) as Record<string, End>;
}

/** No hook: what is there between two upgrades. */
const isOrdinary = ({ metadata }: Manifest): boolean => metadata.annotations?.['helm.sh/hook'] === undefined;

async function network(values: Tree = {}, there: (manifest: Manifest) => boolean = () => true) {
  const manifests = await render({ ...on, ...values });
  const policies = manifests
    .filter(({ kind }) => kind === 'NetworkPolicy')
    .filter(there) as unknown as NetworkPolicy[];
  const pods = podsOf(manifests);
  const pod = (name: string): End => {
    const end = pods[name];
    if (end === undefined) throw new Error(`no pod ${name} among ${Object.keys(pods).join(', ')}`);
    return end;
  };
  const reaches = (from: string | End, to: string | End, port: number, protocol: 'TCP' | 'UDP' = 'TCP') =>
    allows([...policies, denyAll], {
      from: typeof from === 'string' ? pod(from) : from,
      to: typeof to === 'string' ? pod(to) : to,
      port,
      protocol,
    });
  return { manifests, reaches };
}

const coordinator = 'marblerun-coordinator';

describe('The NetworkPolicies', () => {
  it('are left out unless they are asked for', async () => {
    expect((await render()).map(({ kind }) => kind)).not.to.include('NetworkPolicy');
  });

  it('let Marbles, clients and Prometheus of all namespaces reach the Coordinator, and nobody else', async () => {
    const { reaches } = await network({ metrics: { enabled: true } });
    for (const port of [2001, 4433, 9944]) {
      expect(reaches(elsewhere, coordinator, port)).to.equal(true);
      expect(reaches(outside, coordinator, port)).to.equal(false);
    }
    expect(reaches(elsewhere, coordinator, 5433)).to.equal(false);
    const without = await network();
    expect(without.reaches(elsewhere, coordinator, 9944)).to.equal(false);
  });

  for (const name of ['preflight', 'rollout', 'test', 'roll', 'anchor']) {
    it(`let the pod "${name}" reach the API server, DNS and the Coordinator, in a namespace that denies all else`, async () => {
      const { reaches } = await network();
      expect(reaches(name, apiServer, 6443)).to.equal(true);
      expect(reaches(name, apiServer, 443)).to.equal(true);
      expect(reaches(name, dns, 53, 'UDP')).to.equal(true);
      expect(reaches(name, coordinator, 4433)).to.equal(true);
      expect(reaches(name, coordinator, 2001)).to.equal(name === 'test');
      expect(reaches(name, elsewhere, 8080)).to.equal(false);
      expect(reaches(elsewhere, name, 8080)).to.equal(false);
    });
  }

  it('let the copy of the state reach the API server, and the pin the Coordinator', async () => {
    const { reaches } = await network();
    expect(reaches('backup', apiServer, 6443)).to.equal(true);
    expect(reaches('pin', coordinator, 4433)).to.equal(true);
  });

  it('let the pod of a copy by hand reach the API server and DNS alone, when no hook has a policy', async () => {
    const { manifests } = await network();
    const cronJob = find(manifests, 'CronJob', 'marblerun-coordinator-restore') as unknown as RestoreCronJob;
    const { labels = {} } = podByHand(cronJob, namespace).metadata;
    const byHand: End = { namespace, labels, namespaceLabels: {} };
    const { reaches } = await network({}, isOrdinary);
    expect(reaches(byHand, apiServer, 6443)).to.equal(true);
    expect(reaches(byHand, dns, 53, 'UDP')).to.equal(true);
    expect(reaches(byHand, coordinator, 4433)).to.equal(false);
    expect(reaches(byHand, elsewhere, 8080)).to.equal(false);
    expect(reaches(elsewhere, byHand, 8080)).to.equal(false);
    const without = await network({ backup: { enabled: false } }, isOrdinary);
    expect(without.reaches(byHand, apiServer, 6443)).to.equal(false);
  });

  it('let the API server reach the injector, which reaches nobody', async () => {
    const { reaches } = await network();
    expect(reaches(apiServer, 'marble-injector', 8443)).to.equal(true);
    expect(reaches(apiServer, 'marble-injector', 8080)).to.equal(false);
    expect(reaches('marble-injector', outside, 443)).to.equal(false);
  });

  it('let the Coordinator reach DNS and the PCCS, wherever that is', async () => {
    const { reaches } = await network();
    expect(reaches(coordinator, outside, 443)).to.equal(true);
    expect(reaches(coordinator, dns, 5353, 'UDP')).to.equal(true);
    expect(reaches(coordinator, apiServer, 6443)).to.equal(false);
    const local = await network({ dcap: { pccsUrl: 'https://pccs.sgx:8081/sgx/' } });
    expect(local.reaches(coordinator, outside, 8081)).to.equal(true);
    expect(local.reaches(coordinator, outside, 443)).to.equal(false);
    const qcnlConfig = '{ "pccs_url": "https://pccs.sgx:8082/sgx/" }';
    expect((await network({ dcap: { qcnlConfig } })).reaches(coordinator, outside, 8082)).to.equal(true);
    const simulated = await network({ coordinator: { simulation: true } });
    expect(simulated.reaches(coordinator, outside, 443)).to.equal(false);
  });

  it('let several Coordinators reach each other for the key, and the API server for the state', async () => {
    const { reaches } = await network(shared);
    expect(reaches(coordinator, coordinator, 5433)).to.equal(true);
    expect(reaches(elsewhere, coordinator, 5433)).to.equal(false);
    expect(reaches(coordinator, apiServer, 6443)).to.equal(true);
  });

  it('can be told where the API server is, and of more that the Coordinator meets', async () => {
    const { reaches } = await network({
      networkPolicy: {
        enabled: true,
        apiServer: { cidrs: ['10.90.0.1/32'], ports: [16443] },
        extraIngress: [{ from: [{ ipBlock: { cidr: '203.0.113.0/24' } }], ports: [{ port: 4433 }] }],
        extraEgress: [{ to: [{ ipBlock: { cidr: '203.0.113.0/24' } }] }],
      },
    });
    expect(reaches('preflight', apiServer, 16443)).to.equal(true);
    expect(reaches('preflight', apiServer, 6443)).to.equal(false);
    expect(reaches('preflight', outside, 16443)).to.equal(false);
    expect(reaches(outside, coordinator, 4433)).to.equal(true);
    expect(reaches(coordinator, outside, 1234)).to.equal(true);
  });

  it('of hooks are there before anything else of them', async () => {
    const { manifests } = await network();
    for (const hook of ['preflight', 'rollout', 'test']) {
      const { metadata } = find(manifests, 'NetworkPolicy', `marblerun-coordinator-${hook}`);
      const own = manifests.filter(({ metadata: { annotations } }) => {
        return annotations?.['helm.sh/hook'] === metadata.annotations?.['helm.sh/hook'];
      });
      const weights = own.map(({ metadata: { annotations } }) =>
        Number(annotations?.['helm.sh/hook-weight']),
      );
      expect(Math.min(...weights)).to.equal(Number(metadata.annotations?.['helm.sh/hook-weight']));
      expect(weights.filter((weight) => weight === -21)).to.have.lengthOf(1);
    }
    const off = await render({ ...on, hooks: { enabled: false } });
    expect(
      off.filter(({ kind }) => kind === 'NetworkPolicy').map(({ metadata }) => metadata.name),
    ).to.have.members([coordinator, 'marblerun-coordinator-anchor', 'marble-injector']);
  });
});
