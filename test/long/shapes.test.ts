import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { giveCertificate } from '../cluster/injected.ts';
import { succeeded } from '../cluster/begun.ts';
import { sharedFacts } from '../cluster/mesh-facts.ts';
import { chart } from '../cluster/charts.ts';
import { Release, two, type Settings } from '../cluster/release.ts';
import { afterwards, useLab } from '../cluster/shared-lab.ts';
import { advertise } from '../lab/resources.ts';
import { giveVolume } from '../lab/volumes.ts';

/** What a values file needs on the lab besides what every release needs there. */
type Preparation = (release: Release) => Promise<Settings>;

const nothing: Preparation = () => Promise.resolve({});

/** The lab's Coordinators mount what only an enclave has. */
const mounts = Object.fromEntries(Object.entries(two).filter(([key]) => key.includes('seccompProfile')));

async function existingClaim({ lab, namespace }: Release): Promise<Settings> {
  await giveVolume(lab, namespace, 'my-claim');
  await lab.apply({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'my-claim', namespace },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '10Mi' } } },
  });
  return {};
}

/** The file's own authority has signed nothing. */
async function certificate(release: Release): Promise<Settings> {
  return { 'marbleInjector.CABundle': await giveCertificate(release) };
}

const shapes: Readonly<Record<string, Preparation>> = {
  'azure-values.yaml': nothing,
  'common-values.yaml': nothing,
  'default-values.yaml': nothing,
  'distributed-values.yaml': () => Promise.resolve(mounts),
  'existing-claim-values.yaml': existingClaim,
  'injector-values.yaml': certificate,
  'patient-values.yaml': nothing,
  'simulation-values.yaml': nothing,
  'without-hooks-values.yaml': nothing,
};

/** Files that cannot be installed on the lab, and why. */
const elsewhere: Readonly<Record<string, string>> = {
  'injector-cert-manager-values.yaml': 'the lab has no cert-manager',
  'metrics-values.yaml': 'the lab has no Prometheus operator',
  'mirror-values.yaml': 'its registry is an example',
  'network-policy-values.yaml': 'the lab has no cert-manager',
};

/** What device plugins for SGX advertise: Intel's, and that of AKS. */
const sgx = {
  'sgx.intel.com/enclave': '2',
  'sgx.intel.com/epc': '20Mi',
  'sgx.intel.com/provision': '2',
  'kubernetes.azure.com/sgx_epc_mem_in_MiB': '20',
};

describe('The values files in ci/', function () {
  this.timeout('3m');
  const lab = useLab();

  before(async () => {
    for (const node of lab().nodes) await advertise(lab(), node, sgx);
  });

  it('are all here, those that the lab cannot install with the reason', async () => {
    const files = await readdir(join(chart, 'ci'));
    expect([...Object.keys(shapes), ...Object.keys(elsewhere)]).to.have.members(files);
  });

  for (const [file, prepare] of Object.entries(shapes)) {
    describe(file, () => {
      let release: Release;

      before(async () => {
        release = await Release.prepare(lab(), 4, { enclaves: 'sgx' });
      });
      afterwards(() => release.remove());

      it('is installed, and its Coordinators take a Manifest', async () => {
        const settings = await prepare(release);
        await succeeded(release.install(settings, '-f', join(chart, 'ci', file), '--wait'));
        expect((await sharedFacts(release)).facts.state).to.equal(2);
      });
    });
  }
});
