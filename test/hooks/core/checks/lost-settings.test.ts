import { expect } from 'chai';
import { checkLostSettings } from '../../../../hooks/core/checks/lost-settings.ts';
import type { PreflightFacts } from '../../../../hooks/core/facts.ts';
import { known, unknown } from '../../../../hooks/core/known.ts';
import defaults from '../../../../charts/marblerun-coordinator/defaults.json' with { type: 'json' };
import { facts, record, type Change } from '../../builders.ts';
import { container, movingIn, releaseObjects, renderedDefaults, setVariable } from '../../upstream.ts';

/** An upgrade without any value of its own, after a rollout with these. */
function after(
  values: Record<string, unknown>,
  change: Change<PreflightFacts> = () => undefined,
): PreflightFacts {
  return facts((f) => {
    f.settings.values = structuredClone(defaults);
    f.settings.defaults = defaults;
    f.record = known(record((r) => (r.values = values)));
    change(f);
  });
}

const codes = (given: PreflightFacts) =>
  checkLostSettings(given).map(({ severity, code }) => `${severity} ${code}`);

describe('checkLostSettings', () => {
  it('finds nothing where nothing is lost, on a first install, and where nothing is known to compare', () => {
    expect(codes(after({}))).to.deep.equal([]);
    expect(codes(movingIn())).to.deep.equal([]);
    expect(codes(movingIn((f) => (f.live = undefined)))).to.deep.equal([]);
  });

  it('lists what is lost in one finding each for danger and for the rest, with the flags that keep it', () => {
    const found = checkLostSettings(
      after({
        coordinator: { hostname: 'mesh.example.com', sealDir: '/coordinator/data/in', debugLogging: true },
        nodeSelector: { 'example.com/pool': 'sgx' },
      }),
    );
    expect(found.map(({ severity }) => severity)).to.deep.equal(['block', 'warn']);
    const [block, warn] = found;
    expect(block?.subject).to.equal('the values of release marblerun-coordinator');
    expect(block?.message.split('\n')).to.deep.equal([
      "This setting is not among the values given now, and falls back to the chart's default. That endangers the sealed state or the mesh.",
      '  coordinator.sealDir: /coordinator/data/in now, /coordinator/data/ after',
    ]);
    expect(block?.remedy.split('\n')).to.deep.equal([
      'To keep all settings of the release, add --reset-then-reuse-values to the command. To keep these, add:',
      '--set coordinator.sealDir=/coordinator/data/in',
    ]);
    expect(warn?.message.split('\n')).to.deep.equal([
      "These settings are not among the values given now, and fall back to the chart's defaults.",
      '  coordinator.hostname: mesh.example.com now, none after',
      '  coordinator.debugLogging: true now, false after',
      '  nodeSelector.example.com/pool: sgx now, none after',
    ]);
    expect(warn?.remedy.split('\n')[1]).to.equal(
      "--set coordinator.hostname=mesh.example.com --set coordinator.debugLogging=true --set 'nodeSelector.example\\.com/pool=sgx'",
    );
    expect(block?.token).to.match(/^setting-lost:[0-9a-f]{8}$/);
    expect(warn).to.not.have.property('token');
  });

  it('gives a token for these settings and values only', () => {
    const token = (values: object) => checkLostSettings(after({ coordinator: values }))[0]?.token;
    const one = token({ pvcName: 'mine' });
    expect(token({ pvcName: 'mine', hostname: 'x' })).to.equal(one);
    expect(token({ pvcName: 'other' })).not.to.equal(one);
    expect(token({ pvcName: 'mine', sealDir: '/coordinator/data/in' })).not.to.equal(one);
  });

  const azure = { 'kubernetes.azure.com/sgx_epc_mem_in_MiB': 10 };
  const dangers: [string, Record<string, unknown>, boolean][] = [
    ['another claim', { coordinator: { pvcName: 'mine' } }, true],
    ['the size of the volume', { coordinator: { storageSize: '20Mi' } }, true],
    ['its class', { coordinator: { storageClass: 'fast' } }, true],
    ['simulation mode', { coordinator: { simulation: true } }, true],
    ['replicas', { coordinator: { replicas: 3 } }, true],
    ['being scaled to zero', { coordinator: { replicas: 0 } }, false],
    ['distributed mode', { coordinator: { distributedDeployment: true } }, true],
    [
      'the name of a Secret that only a distributed Coordinator reads',
      { coordinator: { kekConfigMap: 'k' } },
      false,
    ],
    ['the HSM', { coordinator: { azureHSM: { vaultURL: 'https://v' } } }, true],
    ['labels of selectors', { global: { coordinatorComponentLabel: 'example.com/x' } }, true],
    ['the injector', { marbleInjector: { start: true } }, true],
    ['its authority', { marbleInjector: { start: true, CABundle: 'LS0t' } }, true],
    ['its SGX resource', { marbleInjector: { start: true, resourceKey: 'kubernetes.azure.com/sgx' } }, true],
    ['SGX devices of another plugin', { coordinator: { resources: { limits: azure } } }, true],
    ['the wish for no SGX devices', { coordinator: { resources: null } }, true],
    ['an amount of EPC', { coordinator: { resources: { limits: { 'sgx.intel.com/epc': '20Mi' } } } }, false],
    ['memory', { coordinator: { resources: { limits: { memory: '1Gi' } } } }, false],
    ['tolerations', { tolerations: [{ operator: 'Exists' }] }, false],
    ['where quotes are verified', { dcap: { pccsUrl: 'https://pccs.example' } }, false],
    ['clients', { clients: [{ name: 'alice' }] }, false],
  ];
  for (const [title, values, danger] of dangers) {
    it(`${danger ? 'blocks' : 'warns'} when the release would lose ${title}`, () => {
      expect(codes(after(values))).to.deep.equal([`${danger ? 'block' : 'warn'} setting-lost`]);
    });
  }

  it('blocks for the names of a distributed store together with the mode', () => {
    const given = after({ coordinator: { distributedDeployment: true, stateSecretName: 's' } });
    expect(codes(given)).to.deep.equal(['block setting-lost']);
  });

  it('does not show a secret, and does not offer to set it', () => {
    const given = after({ global: { podAnnotations: { 'api-token': 'sha256:0011aabb' } } });
    const [finding] = checkLostSettings(given);
    expect(finding?.message).to.contain('global.podAnnotations.api-token: a secret (sha256:0011aabb) now');
    expect(finding?.remedy).to.equal(
      'global.podAnnotations.api-token: give it as you did before; it is a secret and not shown.',
    );
  });

  it('does not offer to set what has a digest in the place of a secret', () => {
    const extraVolumes = [{ name: 'v', csi: { driver: 'd', volumeAttributes: { key: 'sha256:0011aabb' } } }];
    const [finding] = checkLostSettings(after({ coordinator: { extraVolumes, hostname: 'x' } }));
    expect(finding?.remedy.split('\n').slice(1)).to.deep.equal([
      '--set coordinator.hostname=x',
      'coordinator.extraVolumes: give it as you did before; parts of it may be secrets and are not shown.',
    ]);
  });

  it('takes the authority of the injector from the cluster, which has it, instead of printing it', () => {
    const CABundle = 'LS0tLS1CRUdJTi'.repeat(100);
    const [finding] = checkLostSettings(after({ marbleInjector: { start: true, CABundle } }));
    expect(finding?.remedy)
      .to.contain('--set marbleInjector.start=true')
      .and.to.contain(
        '--set marbleInjector.CABundle="$(kubectl get mutatingwebhookconfiguration marble-injector-marblerun -o',
      )
      .and.not.to.contain(CABundle);
  });

  it('misses nothing of an injector that was off, nor the other way to its certificate', () => {
    expect(codes(after({ marbleInjector: { replicas: 3 } }))).to.deep.equal([]);
    const given = after({ marbleInjector: { start: true, CABundle: 'LS0t' } });
    given.settings.values.marbleInjector = { start: true, useCertManager: true };
    expect(codes(given)).to.deep.equal([]);
  });

  it('cuts what is long', () => {
    const [finding] = checkLostSettings(after({ dcap: { qcnlConfig: `{\n${'x'.repeat(500)}` } }));
    expect(Math.max(...(finding?.message.split('\n').map((line) => line.length) ?? []))).to.be.below(250);
  });

  it('compares with the live objects where there is no record, or none that can be read', () => {
    for (const none of [
      known(undefined),
      unknown('it is not JSON'),
      known(record((r) => (r.chartVersion = ''))),
    ]) {
      const given = movingIn((f) => {
        f.record = none;
        f.live = renderedDefaults((d) => {
          setVariable(d, 'OE_SIMULATION', '1');
          container(d).imagePullPolicy = 'Always';
        });
        f.objects = releaseObjects((o) => {
          o.meshApi = known({ metadata: { name: 'coordinator-mesh-api' }, spec: { type: 'NodePort' } });
        });
      });
      expect(codes(given)).to.deep.equal(['block setting-lost', 'warn setting-lost']);
      expect(checkLostSettings(given)[1]?.remedy).to.contain(
        'kubectl -n marblerun expose service coordinator-mesh-api --type=NodePort',
      );
    }
  });

  it('names each object that it may not read', () => {
    const why = 'services "coordinator-client-api" is forbidden';
    const given = movingIn((f) => {
      f.objects = releaseObjects((o) => {
        o.clientApi = unknown(why);
        o.injector = unknown('deployments.apps "marble-injector" is forbidden');
      });
    });
    expect(codes(given)).to.deep.equal(['warn settings-unknown', 'warn settings-unknown']);
    const [finding] = checkLostSettings(given);
    expect(finding?.subject).to.equal('service/coordinator-client-api');
    expect(finding?.message).to.contain(why);
  });
});
