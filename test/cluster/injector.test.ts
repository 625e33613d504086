import { expect } from 'chai';
import { injectorSelector } from '../../hooks/core/injector.ts';
import { unfolded } from '../support/helm-output.ts';
import { environmentOf, giveCertificate, startBareMarbles, tryPod } from './injected.ts';
import { failed, succeeded } from './begun.ts';
import { giveManifest, marblePods, meshFacts, type MeshFacts } from './mesh-facts.ts';
import { chart } from './charts.ts';
import { Release, type Settings } from './release.ts';
import { afterwards, useLab } from './shared-lab.ts';

const injector = 'marble-injector';
const component = 'edgeless.systems/control-plane-component';

describe("an upgrade from upstream's shape with an injector", function () {
  this.timeout('5m');
  const lab = useLab();
  let release: Release;
  let initial: MeshFacts;
  let marbles: string[];
  let settings: Settings;
  let refused: string;

  before(async () => {
    release = await Release.prepare(lab(), 4, { name: 'marblerun' });
    const authority = await giveCertificate(release);
    settings = { 'marbleInjector.start': 'true', 'marbleInjector.CABundle': authority };
    await succeeded(
      release.installUpstreamShaped({
        ...settings,
        'marbleInjector.resourceKey': 'example.com/sgx',
      }),
    );
    settings = { ...settings, 'marbleInjector.resourceKey': 'example.com/sgx' };
    await giveManifest(release);
    await startBareMarbles(release, 'web');
    initial = await meshFacts(release);
    marbles = await marblePods(release);
  });
  afterwards(() => release.remove());

  it('is refused where the command forgets it, by each of its settings', async () => {
    const { exitCode, all } = await release.upgrade();
    refused = unfolded(all);
    expect(exitCode, all).not.to.equal(0);
    expect(refused)
      .to.contain('marbleInjector.start: true now, false after')
      .and.to.contain('marbleInjector.CABundle: LS0t')
      .and.to.contain('marbleInjector.resourceKey: example.com/sgx now, sgx.intel.com/epc after');
    expect(refused.match(/ now, .* after$/gm), refused).to.have.length(3);
  });

  it('passes with the flags that were printed, in place: selector, state and Marbles stay', async () => {
    const flags = refused.split('\n').filter((line) => line.trim().startsWith('--set'));
    const command = ['helm upgrade', release.name, chart, '-n', release.namespace, '-f', release.values];
    const { exitCode, all } = await lab().exec('sh', ['-c', [...command, ...flags].join(' ')], {
      reject: false,
    });
    expect(exitCode, all).to.equal(0);
    const { spec } = await release.deployment(injector);
    expect(spec.selector.matchLabels).to.deep.equal(injectorSelector);
    expect(spec.template.spec.containers[0]?.args).to.include('-sgxResource=example.com/sgx');
    expect(await meshFacts(release)).to.deep.equal(initial);
    expect(await marblePods(release)).to.deep.equal(marbles);
  });

  it('leaves an injector that passes Pod Security `restricted`', async () => {
    const label = 'pod-security.kubernetes.io/enforce=restricted';
    const args = ['label', '--dry-run=server', 'namespace', release.namespace, label];
    const { all } = await lab().exec('kubectl', args);
    expect(all).to.contain('violate').and.to.contain('marblerun-coordinator').and.not.to.contain(injector);
  });

  it('leaves one that tells a new Marble what it needs, so that the Coordinator lets it in', async () => {
    await startBareMarbles(release, 'store');
    const [pod] = await release.pods('app=store');
    if (pod === undefined) throw new Error('the Marble has no pod');
    expect(environmentOf(pod)).to.include({
      EDG_MARBLE_COORDINATOR_ADDR: `coordinator-mesh-api.${release.namespace}:2001`,
      EDG_MARBLE_TYPE: 'backend',
      EDG_MARBLE_UUID_FILE: '/backend-uid/uuid-file',
      EDG_TEST_ADDR: '0.0.0.0:8001',
    });
    marbles = await marblePods(release);
  });

  it('asks for the SGX of the cluster, unless the Marble wants none', async () => {
    const pod = await tryPod(release, {});
    expect(pod.spec.containers[0]?.resources?.limits).to.have.property('example.com/sgx');
    expect(pod.spec.tolerations).to.deep.include({
      key: 'example.com/sgx',
      operator: 'Exists',
      effect: 'NoSchedule',
    });
  });

  it('is never asked about a pod of the chart', async () => {
    expect(environmentOf(await tryPod(release, { [component]: 'rollout' }))).to.have.all.keys(
      'EDG_TEST_ADDR',
    );
  });

  it('restarts Marbles through it', async () => {
    await succeeded(release.upgrade({ ...settings, 'rollout.nonce': 'one' }));
    const restarted = await marblePods(release);
    expect(restarted.filter((uid) => marbles.includes(uid))).to.deep.equal([]);
    marbles = restarted;
  });

  it('fails while a new one does not come up, and restarts no Marble then', async () => {
    const all = await failed(
      release.upgrade({
        ...settings,
        'rollout.nonce': 'two',
        'marbleInjector.version': 'v0.0.0',
        'hooks.deadlineSeconds': '15',
      }),
    );
    expect(all).to.contain('BLOCK injector-down (deployment/marble-injector)').and.to.contain('v0.0.0');
    expect(await marblePods(release)).to.deep.equal(marbles);
  });

  it('is refused while no injector is there for the Marbles that it restarts', async () => {
    const scale = async (replicas: number): Promise<void> => {
      await release.kubectl('scale', `deployment/${injector}`, `--replicas=${replicas}`);
    };
    await scale(0);
    await release.kubectl(
      'wait',
      '--for=delete',
      'pods',
      '-l',
      `app.kubernetes.io/name=${injector}`,
      '--timeout=60s',
    );
    const failure = await tryPod(release, {}).catch((error: unknown) => String(error));
    expect(failure).to.contain('failed calling webhook');
    const all = await failed(release.upgrade({ ...settings, 'rollout.nonce': 'two' }));
    expect(unfolded(all)).to.contain('BLOCK injector-down').and.to.contain('none can be created');
    expect(await marblePods(release)).to.deep.equal(marbles);
    await scale(1);
  });
});

describe('a fresh install with an injector, with Helm 3', function () {
  this.timeout('4m');
  const lab = useLab();
  let release: Release;

  before(async () => {
    release = await Release.prepare(lab(), 3);
  });
  afterwards(() => release.remove());

  it('fails without its certificate and names the Secret', async () => {
    const authority = Buffer.from('-----BEGIN CERTIFICATE-----').toString('base64');
    const all = await failed(
      release.install({
        'marbleInjector.start': 'true',
        'marbleInjector.CABundle': authority,
        'hooks.deadlineSeconds': '20',
      }),
    );
    expect(unfolded(all)).to.contain('injector-down').and.to.contain('secret/marble-injector-webhook-certs');
  });

  it('goes on once it has one, and Marbles start', async () => {
    const authority = await giveCertificate(release);
    const settings = { 'marbleInjector.start': 'true', 'marbleInjector.CABundle': authority };
    await succeeded(release.upgrade(settings));
    await giveManifest(release);
    await startBareMarbles(release, 'web');
    expect(await meshFacts(release)).to.include({ state: 3 });
  });

  it('takes the webhook along when it is uninstalled', async () => {
    await succeeded(lab().helm(3, ['uninstall', release.name, '-n', release.namespace]));
    const webhooks = await lab().kubectl('get', 'mutatingwebhookconfigurations', '-o', 'name');
    expect(webhooks).not.to.contain(release.namespace);
  });
});
