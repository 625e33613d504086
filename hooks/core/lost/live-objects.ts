import { injectorName } from '../injector.ts';
import { valueOf, type Known } from '../known.ts';
import type {
  ConfigMap,
  Deployment,
  MutatingWebhookConfiguration,
  PersistentVolumeClaim,
  Service,
  StorageClass,
} from '../objects.ts';
import type { Settings } from '../settings.ts';
import { readInjector } from './injector-settings.ts';
import { secretDigest, type LostSetting } from './lost-setting.ts';
import type { Reading } from './live-deployment.ts';
import { isTree } from './tree.ts';

/** What a release without a record consists of, beside the Coordinator's Deployment. */
export interface ReleaseObjects {
  clientApi: Known<Service | undefined>;
  meshApi: Known<Service | undefined>;
  dcapConfig: Known<ConfigMap | undefined>;
  /** The claim that charts make themselves. */
  claim: Known<PersistentVolumeClaim | undefined>;
  /** Of that claim; undefined where it has none. */
  storageClass: Known<StorageClass | undefined>;
  injector: Known<Deployment | undefined>;
  webhook: Known<MutatingWebhookConfiguration | undefined>;
}

/** Names of these objects, which upstream's charts and this one share. */
export const objectNames = {
  clientApi: 'coordinator-client-api',
  meshApi: 'coordinator-mesh-api',
  dcapConfig: 'coordinator-dcap-config',
  claim: 'coordinator-pv-claim',
  injector: injectorName,
} as const;

/** The values that these objects were rendered from, as far as they tell. */
export function readObjects(objects: ReleaseObjects, settings: Settings): Reading {
  return [
    ...readDcap(valueOf(objects.dcapConfig)),
    ...readStorage(valueOf(objects.claim), valueOf(objects.storageClass)),
    ...readInjector(valueOf(objects.injector), valueOf(objects.webhook), settings),
  ];
}

/** JSON since chart 1.9.0, lines of KEY=VALUE before (MarbleRun, charts/templates/sgx_qcnl.yaml). */
function readDcap(config: ConfigMap | undefined): Reading {
  const text = config?.data?.['sgx_default_qcnl.conf']?.trim();
  if (text === undefined) return [];
  const { pccs_url: url, use_secure_cert: secure, ...more } = qcnl(text);
  if (url === undefined || Object.keys(more).length > 0) {
    // Headers for a PCCS, which may have an API key among them.
    return [[['dcap', 'qcnlConfig'], text.includes('custom_request_options') ? secretDigest(text) : text]];
  }
  return [
    [['dcap', 'pccsUrl'], url],
    [['dcap', 'useSecureCert'], String(secure).toLowerCase() === 'true'],
  ];
}

function qcnl(text: string): Record<string, unknown> {
  try {
    const document: unknown = JSON.parse(text);
    return isTree(document) ? document : {};
  } catch {
    const lines = [...text.matchAll(/^ *(\w+) *= *(.*?) *$/gm)];
    return Object.fromEntries(lines.map(([, key = '', value]) => [key.toLowerCase(), value]));
  }
}

/** The API server gives a claim without a class the cluster's default one, so that one was not set by anybody. */
function readStorage(claim: PersistentVolumeClaim | undefined, used: StorageClass | undefined): Reading {
  const size = claim?.spec.resources?.requests?.storage;
  const standard = used?.metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true';
  return [
    ...(size === undefined ? [] : ([[['coordinator', 'storageSize'], size]] satisfies Reading)),
    ...(used === undefined || standard
      ? []
      : ([[['coordinator', 'storageClass'], used.metadata.name]] satisfies Reading)),
  ];
}

/** Services that are reached from outside the cluster: the chart has no value for that. */
export function lostServiceTypes({ clientApi, meshApi }: ReleaseObjects, namespace: string): LostSetting[] {
  return [clientApi, meshApi].flatMap((service): LostSetting[] => {
    const found = valueOf(service);
    const type = found?.spec.type ?? 'ClusterIP';
    if (found === undefined || type === 'ClusterIP') return [];
    const { name } = found.metadata;
    const advice = `The chart has no value for it. Keep the address with a Service of your own: kubectl -n ${namespace} expose service ${name} --type=${type} --name=${name}-outside`;
    return [
      { path: undefined, name: `service/${name} .spec.type`, before: type, after: 'ClusterIP', advice },
    ];
  });
}
