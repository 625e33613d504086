import { expect } from 'chai';
import {
  injectorName,
  injectorSecret,
  injectorSelector,
  injectorWebhook,
} from '../../hooks/core/injector.ts';
import { at, bothClients, find, namespace, render, rendered, type Manifest, type Tree } from './render.ts';

const name = injectorName;
const webhookName = injectorWebhook(namespace);
const authority = Buffer.from('-----BEGIN CERTIFICATE-----').toString('base64');
const digest = 'sha256:7dcf803d1faef7bdd0aee57458baea942803d03198dd5831ba9ba5066aaaea75';
const own = `sha256:${'ab'.repeat(32)}`;
const registry = 'ghcr.io/edgelesssys/marblerun';
const component = 'edgeless.systems/control-plane-component';

/** Values of a release with an injector, and more of them. */
const injector = (more: Tree = {}): Tree => ({
  marbleInjector: { start: true, CABundle: authority, ...more },
});
const certManager = { marbleInjector: { start: true, useCertManager: true } };

const pod = async (values: Tree): Promise<Tree> =>
  at(await rendered('Deployment', name, values), 'spec.template') as Tree;
const container = async (values: Tree): Promise<Tree> => at(await pod(values), 'spec.containers.0') as Tree;
const webhook = async (values: Tree): Promise<Tree> =>
  at(await rendered('MutatingWebhookConfiguration', webhookName, values), 'webhooks.0') as Tree;
const identity = ({ kind, metadata }: Manifest): string => `${kind} ${metadata.name}`;
const isOfInjector = ({ metadata }: Manifest): boolean =>
  metadata.labels?.['app.kubernetes.io/name'] === name;

describe('The injector', () => {
  it('is not there by default', async () => {
    expect((await render()).filter(isOfInjector)).to.deep.equal([]);
  });

  for (const client of bothClients) {
    it(`has the objects of upstream’s chart and an account of its own, with ${client}`, async () => {
      const manifests = (await render(injector(), client)).filter(isOfInjector);
      expect(manifests.map(identity)).to.have.members([
        'ServiceAccount marble-injector',
        'Service marble-injector',
        'Deployment marble-injector',
        'MutatingWebhookConfiguration marble-injector-marblerun',
      ]);
    });
  }

  it('keeps the immutable selector, without a version, and the Service selects the same pods', async () => {
    const selector = injectorSelector;
    const manifests = await render(injector());
    const deployment = find(manifests, 'Deployment', name);
    expect(at(deployment, 'spec.selector.matchLabels')).to.deep.equal(selector);
    expect(at(deployment, 'spec.template.metadata.labels')).to.include({
      ...selector,
      'app.kubernetes.io/version': 'v1.9.1',
      [component]: 'admission-controller',
      'edgeless.systems/control-plane-ns': 'marblerun',
    });
    const service = find(manifests, 'Service', name);
    expect(at(service, 'spec.selector')).to.deep.equal(selector);
    expect(at(service, 'spec.ports.0')).to.deep.include({ port: 443, targetPort: 8443 });
  });

  it('tells Marbles the address of the Coordinator and the SGX resource of the cluster', async () => {
    const { args, env } = await container({
      ...injector({ resourceKey: 'alibabacloud.com/sgx_epc_MiB', httpErrorLogLevel: 'debug' }),
      coordinator: { meshServerPort: 2002 },
    });
    expect(args).to.deep.equal([
      '-coordAddr=coordinator-mesh-api.marblerun:2002',
      '-tlsCertFile=/etc/webhook/certs/tls.crt',
      '-tlsKeyFile=/etc/webhook/certs/tls.key',
      '-sgxResource=alibabacloud.com/sgx_epc_MiB',
    ]);
    expect(env).to.deep.equal([{ name: 'EDG_HTTP_ERROR_LOG_LEVEL', value: 'debug' }]);
  });

  it('is asked for its health where its version has that, and for its port where not', async () => {
    const health = { httpGet: { path: '/healthz', port: 8443, scheme: 'HTTPS' } };
    for (const [version, expected] of [
      ['v1.9.1', health],
      ['latest', health],
      ['v1.9.0', { tcpSocket: { port: 8443 } }],
    ] as const) {
      const { readinessProbe, livenessProbe } = await container(injector({ version }));
      expect(readinessProbe).to.deep.include(expected);
      expect(livenessProbe).to.deep.equal(expected);
    }
  });

  it('runs as often as `replicas` says', async () => {
    expect(at(await rendered('Deployment', name, injector({ replicas: 3 })), 'spec.replicas')).to.equal(3);
  });

  it('has no rights, no token and no privileges, and needs no node of the Coordinator', async () => {
    const spec = at(
      await pod({ ...injector(), nodeSelector: { sgx: 'true' }, global: { pullSecret: 'regcred' } }),
      'spec',
    ) as Tree;
    expect(spec).to.deep.include({
      serviceAccountName: name,
      automountServiceAccountToken: false,
      imagePullSecrets: [{ name: 'regcred' }],
      nodeSelector: { 'kubernetes.io/os': 'linux' },
    });
    expect(spec).not.to.have.property('tolerations');
    expect(spec.securityContext).to.deep.include({ runAsNonRoot: true });
    expect(at(spec, 'containers.0.securityContext')).to.deep.include({ readOnlyRootFilesystem: true });
    const subjects = (await render(injector())).flatMap(
      ({ subjects }) => (subjects ?? []) as { name: string }[],
    );
    expect(subjects.map((subject) => subject.name)).not.to.include(name);
  });

  it('stays out of service meshes, since the API server calls it, and carries the user’s labels', async () => {
    const global = { podLabels: { team: 'mesh' }, podAnnotations: { note: 'hello' } };
    const metadata = at(await pod({ ...injector(), global }), 'metadata') as Tree;
    expect(metadata.labels).to.include({ team: 'mesh', 'sidecar.istio.io/inject': 'false' });
    expect(metadata.annotations).to.deep.equal({
      note: 'hello',
      'openservicemesh.io/sidecar-injection': 'disabled',
      'linkerd.io/inject': 'disabled',
      'sidecar.istio.io/inject': 'false',
    });
  });
});

/** What the user sets, and the image that comes of it. */
const references: [string, Tree, string][] = [
  ['nothing', injector(), `${registry}/${name}:v1.9.1@${digest}`],
  [
    'another version, which drops the default digest',
    injector({ version: 'v1.8.0' }),
    `${registry}/${name}:v1.8.0`,
  ],
  [
    'another version with its digest',
    injector({ version: 'v1.8.0', hash: own }),
    `${registry}/${name}:v1.8.0@${own}`,
  ],
  ['an empty digest', injector({ hash: '' }), `${registry}/${name}:v1.9.1`],
  [
    'another registry and name',
    injector({ repository: 'mirror', image: 'mine' }),
    `mirror/mine:v1.9.1@${digest}`,
  ],
  ['a version from before 1.0.0', injector({ version: 'v0.6.1' }), `ghcr.io/edgelesssys/${name}:v0.6.1`],
  [
    'the old keys that it shared with the Coordinator',
    { ...injector(), global: { image: { repository: 'mirror', version: 'v1.8.0' } } },
    `mirror/${name}:v1.8.0`,
  ],
];

describe("The injector's image", () => {
  for (const [given, values, expected] of references) {
    it(`is ${expected} given ${given}`, async () => {
      expect((await container(values)).image).to.equal(expected);
    });
  }

  it('is pulled as `marbleInjector.pullPolicy` says, or the old key', async () => {
    const values = [
      injector({ pullPolicy: 'Always' }),
      { ...injector(), global: { image: { pullPolicy: 'Always' } } },
    ];
    for (const each of values) expect((await container(each)).imagePullPolicy).to.equal('Always');
  });
});

describe('The webhook of the injector', () => {
  it('is asked about each new pod of a Marble, and holds it up while there is no answer', async () => {
    const { clientConfig, rules, ...rest } = await webhook(injector());
    expect(rest).to.deep.include({
      failurePolicy: 'Fail',
      sideEffects: 'None',
      admissionReviewVersions: ['v1'],
    });
    expect(clientConfig).to.deep.equal({
      caBundle: authority,
      service: { name, namespace: 'marblerun', path: '/mutate' },
    });
    expect(rules).to.deep.equal([
      {
        operations: ['CREATE'],
        apiGroups: [''],
        apiVersions: ['v1'],
        resources: ['pods'],
        scope: 'Namespaced',
      },
    ]);
    expect(rest).not.to.have.property('namespaceSelector');
  });

  it('looks at all that has the label of a Marble, in words that the API server keeps as they are', async () => {
    expect((await webhook(injector())).objectSelector).to.deep.equal({
      matchExpressions: [
        { key: 'marblerun/marbletype', operator: 'Exists' },
        { key: component, operator: 'DoesNotExist' },
      ],
    });
  });

  it('looks where the selectors say', async () => {
    const namespaceSelector = { matchLabels: { marbles: 'true' } };
    const objectSelector = { matchLabels: { 'marblerun/marbletype': 'web' } };
    const found = await webhook(
      injector({ namespaceSelector, objectSelector: { ...objectSelector, matchExpressions: null } }),
    );
    expect(found.namespaceSelector).to.deep.equal(namespaceSelector);
    expect(found.objectSelector).to.deep.include(objectSelector);
  });

  it('is never asked about a pod of the chart, whatever the selector says', async () => {
    const values = [
      injector(),
      injector({ objectSelector: null, namespaceSelector: { matchLabels: { a: 'b' } } }),
    ];
    for (const each of values) {
      expect(at(await webhook(each), 'objectSelector.matchExpressions')).to.deep.include({
        key: component,
        operator: 'DoesNotExist',
      });
    }
    const pods = (await render(injector())).flatMap((manifest) => {
      const labels =
        at(manifest, 'spec.template.metadata.labels') ??
        at(manifest, 'spec.jobTemplate.spec.template.metadata.labels');
      return labels === undefined ? [] : [labels];
    });
    expect(pods).to.have.lengthOf(6);
    for (const labels of pods) expect(labels).to.have.property(component);
  });
});

describe('The certificate of the injector', () => {
  it('is in the Secret that the CLI of MarbleRun makes, and not made here', async () => {
    const manifests = await render(injector());
    expect(manifests.map(({ kind }) => kind)).not.to.include.members(['Certificate']);
    expect(at(await pod(injector()), 'spec.volumes.0.secret.secretName')).to.equal(injectorSecret);
    const { metadata } = find(manifests, 'MutatingWebhookConfiguration', webhookName);
    expect(metadata).not.to.have.property('annotations');
  });

  it('is made by cert-manager for the names of the Service, into the same Secret', async () => {
    const manifests = await render(certManager);
    expect(find(manifests, 'Issuer', 'marble-injector-selfsigned-issuer').spec).to.deep.equal({
      selfSigned: {},
    });
    expect(find(manifests, 'Certificate', 'marble-injector-serving-cert').spec).to.deep.equal({
      dnsNames: ['marble-injector.marblerun.svc', 'marble-injector.marblerun.svc.cluster.local'],
      issuerRef: { kind: 'Issuer', name: 'marble-injector-selfsigned-issuer' },
      secretName: injectorSecret,
    });
  });

  it('has its authority put into the webhook by cert-manager', async () => {
    const configuration = await rendered('MutatingWebhookConfiguration', webhookName, certManager);
    expect(configuration.metadata.annotations).to.deep.equal({
      'cert-manager.io/inject-ca-from': 'marblerun/marble-injector-serving-cert',
    });
    expect(at(configuration, 'webhooks.0.clientConfig')).not.to.have.property('caBundle');
  });
});
