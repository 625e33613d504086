import { expect } from 'chai';
import { known } from '../../../../hooks/core/known.ts';
import { lostFromObjects } from '../../../../hooks/core/lost/live.ts';
import type { ReleaseObjects } from '../../../../hooks/core/lost/live-objects.ts';
import type { Deployment } from '../../../../hooks/core/objects.ts';
import type { Change } from '../../builders.ts';
import { movingIn, releaseObjects, renderedDefaults } from '../../upstream.ts';

/** What a release in upstream's shape would lose of its injector, which the values do not name. */
function lost(change: Change<ReleaseObjects>, marbleInjector?: object): string[] {
  const given = movingIn((f) => {
    f.objects = releaseObjects(change);
    if (marbleInjector !== undefined) f.settings.values.marbleInjector = marbleInjector;
  });
  const { live, objects } = given;
  if (live === undefined || objects === undefined) throw new Error('nothing lives');
  return lostFromObjects(live, objects, given).map(
    ({ name, before, after }) => `${name}: ${JSON.stringify(before)} -> ${JSON.stringify(after ?? null)}`,
  );
}

function injector(change: Change<Deployment> = () => undefined): Deployment {
  return renderedDefaults((object) => {
    object.metadata.name = 'marble-injector';
    object.metadata.annotations = { 'meta.helm.sh/release-name': 'marblerun-coordinator' };
    object.spec.template.spec.containers = [
      {
        name: 'marble-injector',
        image: `ghcr.io/edgelesssys/marblerun/marble-injector:v1.9.1@sha256:${'7d'.repeat(32)}`,
        imagePullPolicy: 'IfNotPresent',
        args: ['-coordAddr=coordinator-mesh-api.marblerun:2001', '-sgxResource=sgx.intel.com/epc'],
        env: [{ name: 'EDG_HTTP_ERROR_LOG_LEVEL', value: 'error' }],
      },
    ];
    change(object);
  });
}

const caBundle = 'LS0t';

describe('readInjector', () => {
  it('reads from the injector and its webhook what somebody set', () => {
    const found = lost((o) => {
      o.injector = known(
        injector(({ spec }) => {
          spec.replicas = 2;
          const [container] = spec.template.spec.containers;
          Object.assign(container ?? {}, {
            image: 'r.example/mirror/marble-injector:v1.9.1',
            args: ['-sgxResource=alibabacloud.com/sgx_epc_MiB'],
            env: [{ name: 'EDG_HTTP_ERROR_LOG_LEVEL', value: 'debug' }],
          });
        }),
      );
      const namespaceSelector = { matchLabels: { marbles: 'true' } };
      const webhooks = [{ clientConfig: { caBundle }, namespaceSelector }];
      o.webhook = known({ metadata: { name: 'w' }, webhooks });
    });
    expect(found).to.deep.equal([
      'marbleInjector.start: true -> false',
      'marbleInjector.replicas: 2 -> 1',
      'marbleInjector.repository: "r.example/mirror" -> "ghcr.io/edgelesssys/marblerun"',
      'marbleInjector.resourceKey: "alibabacloud.com/sgx_epc_MiB" -> "sgx.intel.com/epc"',
      'marbleInjector.httpErrorLogLevel: "debug" -> "error"',
      'marbleInjector.CABundle: "LS0t" -> ""',
      'marbleInjector.namespaceSelector: {"matchLabels":{"marbles":"true"}} -> {}',
    ]);
  });

  /** As upstream's chart renders it, with cert-manager's authority filled in; and with what this chart adds. */
  const byCertManager: Change<ReleaseObjects> = (o) => {
    o.injector = known(injector());
    const type = { key: 'marblerun/marbletype', operator: 'Exists' };
    const own = { key: 'edgeless.systems/control-plane-component', operator: 'DoesNotExist' };
    const annotations = { 'cert-manager.io/inject-ca-from': 'marblerun/marble-injector-serving-cert' };
    const objectSelector = { matchExpressions: [type, own] };
    const webhooks = [{ clientConfig: { caBundle }, objectSelector, namespaceSelector: {} }];
    o.webhook = known({ metadata: { name: 'w', annotations }, webhooks });
  };

  it('tells an authority that cert-manager filled in from one that somebody set', () => {
    expect(lost(byCertManager)).to.deep.equal([
      'marbleInjector.start: true -> false',
      'marbleInjector.useCertManager: true -> false',
    ]);
  });

  it('misses nothing that an older chart leaves out', () => {
    const found = lost((o) => {
      o.injector = known(
        injector(({ spec }) => {
          delete spec.replicas;
          const [container] = spec.template.spec.containers;
          for (const key of ['args', 'env', 'imagePullPolicy'] as const) delete container?.[key];
        }),
      );
      o.webhook = known({ metadata: { name: 'w' }, webhooks: [{}] });
    });
    expect(found).to.deep.equal(['marbleInjector.start: true -> false']);
  });

  it('misses nothing where the values say all of it, or another way to the certificate', () => {
    expect(lost(byCertManager, { start: true, useCertManager: true })).to.deep.equal([]);
    expect(lost(byCertManager, { start: true, CABundle: 'QUJD' })).to.deep.equal([]);
  });
});
