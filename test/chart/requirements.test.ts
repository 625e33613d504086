import { expect } from 'chai';
import { bothClients, refusal, render, setting, type Tree } from './render.ts';

const authority = Buffer.from('-----BEGIN CERTIFICATE-----').toString('base64');
const started = { start: true, CABundle: authority };

/** Values that cannot work, the words that the message must have, and the nearest values that can. */
const requirements: { title: string; bad: Tree; words: string[]; good: Tree }[] = [
  {
    title: 'an injector whose certificate nobody can trust',
    bad: setting('marbleInjector.start', true),
    words: ['marbleInjector.start', 'marbleInjector.useCertManager', 'marbleInjector.CABundle'],
    good: setting('marbleInjector', { start: true, useCertManager: true }),
  },
  {
    title: 'two authorities for the injector',
    bad: setting('marbleInjector', { start: true, useCertManager: true, CABundle: authority }),
    words: ['marbleInjector.useCertManager', 'Set marbleInjector.CABundle to the empty text'],
    good: setting('marbleInjector', { start: true, CABundle: authority }),
  },
  {
    title: 'an authority for the injector that is no base64',
    bad: setting('marbleInjector', { start: true, CABundle: '-----BEGIN CERTIFICATE-----' }),
    words: ['marbleInjector.CABundle', 'base64 -w0'],
    good: setting('marbleInjector', { start: true, CABundle: authority }),
  },
  {
    title: 'a webhook without an injector',
    bad: setting('marbleInjector', { start: true, CABundle: authority, replicas: 0 }),
    words: ['marbleInjector.replicas is 0', 'set marbleInjector.start to false'],
    good: setting('marbleInjector', { start: false, replicas: 0 }),
  },
  {
    title: 'a webhook that would stop every pod in the cluster',
    bad: setting('marbleInjector', { start: true, CABundle: authority, objectSelector: null }),
    words: ['marbleInjector.objectSelector', 'no pod in the cluster could be created'],
    good: setting('marbleInjector', {
      start: true,
      CABundle: authority,
      objectSelector: null,
      namespaceSelector: { matchLabels: { marbles: 'only' } },
    }),
  },
  {
    title: "an old key that contradicts the injector's",
    bad: {
      global: { image: { version: 'v1.8.0' } },
      ...setting('marbleInjector', { ...started, version: 'v1.7.0' }),
    },
    words: ['global.image.version', 'keep marbleInjector.version only'],
    good: {
      global: { image: { version: 'v1.8.0' } },
      ...setting('marbleInjector', { ...started, version: 'v1.8.0' }),
    },
  },
  {
    title: 'Azure credentials of which a part is missing',
    bad: setting('coordinator.azureCredentials.clientSecret', 'hunter2'),
    words: ['coordinator.azureCredentials.clientID', 'all three'],
    good: setting('coordinator.azureCredentials', { clientID: 'c', tenantID: 't', clientSecret: 'hunter2' }),
  },
  {
    title: 'Azure credentials beside the Secret that has them',
    bad: setting('coordinator.azureCredentials', { secretName: 'mine', tenantID: 't' }),
    words: ['coordinator.azureCredentials.tenantID', 'Keep one of the two'],
    good: setting('coordinator.azureCredentials.secretName', 'mine'),
  },
  {
    title: 'a workload identity beside a Secret',
    bad: setting('coordinator.azureCredentials', {
      enableWorkloadIdentity: true,
      clientID: 'c',
      secretName: 'mine',
    }),
    words: ['coordinator.azureCredentials.secretName', 'Keep one of the two'],
    good: setting('coordinator.azureCredentials', { enableWorkloadIdentity: true, clientID: 'c' }),
  },
  {
    title: 'a workload identity of nobody',
    bad: setting('coordinator.azureCredentials.enableWorkloadIdentity', true),
    words: ['coordinator.azureCredentials.clientID', 'managed identity'],
    good: setting('coordinator.azureCredentials.enableWorkloadIdentity', false),
  },
  {
    title: 'an HSM of which a part is missing',
    bad: setting('coordinator.azureHSM', { keyName: 'k', vaultURL: 'https://vault' }),
    words: ['coordinator.azureHSM.maaURL', 'all three'],
    good: setting('coordinator.azureHSM', { keyName: 'k', vaultURL: 'https://vault', maaURL: 'https://maa' }),
  },
  {
    title: 'another store of a shared state',
    bad: setting('coordinator', { distributedDeployment: true, storeBackend: 'redis' }),
    words: ['coordinator.storeBackend', 'k8s-secret'],
    good: setting('coordinator.storeBackend', 'redis'),
  },
  {
    title: 'a shared state without a name',
    bad: setting('coordinator', { distributedDeployment: true, stateSecretName: '' }),
    words: ['coordinator.stateSecretName', 'has no value'],
    good: setting('coordinator.stateSecretName', ''),
  },
  {
    title: 'a shared state before v1.9.0',
    bad: setting('coordinator', { distributedDeployment: true, version: 'v1.8.0' }),
    words: ['coordinator.distributedDeployment', 'v1.9.0'],
    good: setting('coordinator', { distributedDeployment: true, version: 'v1.9.0' }),
  },
  {
    title: 'several standalone Coordinators',
    bad: setting('coordinator.replicas', 2),
    words: ['coordinator.replicas', 'Set coordinator.replicas to 1'],
    good: setting('coordinator', { distributedDeployment: true, replicas: 2 }),
  },
  {
    title: 'several standalone Coordinators by the old key',
    bad: setting('coordinator.coordinatorReplicas', 3),
    words: ['coordinator.replicas is 3'],
    good: setting('coordinator.coordinatorReplicas', 1),
  },
  {
    title: 'the text "0" for simulation, which upstream takes as true',
    bad: setting('coordinator.simulation', '0'),
    words: ['coordinator.simulation', '"0"', 'without quotes'],
    good: setting('coordinator.simulation', 0),
  },
  {
    title: 'the text "false" for simulation',
    bad: setting('coordinator.simulation', 'false'),
    words: ['coordinator.simulation', '"false"', 'without quotes'],
    good: setting('coordinator.simulation', false),
  },
  {
    title: 'a seal directory off the volume',
    bad: setting('coordinator.sealDir', '/coordinator/database'),
    words: ['coordinator.sealDir', '/coordinator/data'],
    good: setting('coordinator.sealDir', '/coordinator/data/sub'),
  },
  {
    title: 'a seal directory that leaves the volume again',
    bad: setting('coordinator.sealDir', '/coordinator/data/../other'),
    words: ['coordinator.sealDir', '/coordinator/data'],
    good: setting('coordinator.sealDir', '/coordinator/data'),
  },
  {
    title: 'the quote provider in its old place',
    bad: setting('coordinator.dcapQpl', 'azure'),
    words: ['coordinator.dcapQpl', 'dcap.pccsUrl'],
    good: setting('dcap.pccsUrl', 'https://pccs'),
  },
  {
    title: 'the quote provider',
    bad: setting('dcap.qpl', 'intel'),
    words: ['dcap.qpl', 'dcap.pccsUrl'],
    good: setting('dcap.qpl', ''),
  },
  {
    title: "the injector's replicas by the old key",
    bad: setting('marbleInjector.marbleInjectorReplicas', 2),
    words: ['marbleInjector.marbleInjectorReplicas', 'marbleInjector.replicas'],
    good: setting('marbleInjector.replicas', 2),
  },
  {
    title: "the Coordinator's version by the oldest key",
    bad: setting('global.coordinatorImageVersion', 'v0.1.0'),
    words: ['global.coordinatorImageVersion', 'coordinator.version'],
    good: setting('global.anything', 'else'),
  },
  {
    title: 'a section that is missing',
    bad: setting('hooks', null),
    words: ['hooks has no value', '--reset-then-reuse-values'],
    good: setting('hooks.tolerations', null),
  },
  {
    title: 'pod labels that Services and selectors use',
    bad: setting('global.podLabels', { 'edgeless.systems/control-plane-component': 'mine' }),
    words: ['global.podLabels', 'edgeless.systems/control-plane-component'],
    good: setting('global.podLabels', { team: 'mesh' }),
  },
  {
    title: 'hook labels of the placement group',
    bad: setting('hooks.podLabels', { 'marblerun-hooks/placement-group': 'coordinator' }),
    words: ['hooks.podLabels', 'marblerun-hooks/placement-group'],
    good: setting('hooks.podLabels', { team: 'mesh' }),
  },
  {
    title: 'annotations that change when Helm runs a hook',
    bad: setting('hooks.annotations', { 'helm.sh/hook-weight': '5' }),
    words: ['hooks.annotations', 'helm.sh/hook-weight'],
    good: setting('hooks.annotations', { 'argocd.argoproj.io/hook': 'PreSync' }),
  },
  {
    title: 'a hook that Kubernetes ends before it can say why',
    bad: setting('hooks.deadlineSeconds', 280),
    words: ['hooks.deadlineSeconds', 'hooks.activeDeadlineSeconds'],
    good: setting('hooks', { deadlineSeconds: 280, activeDeadlineSeconds: 290 }),
  },
];

describe('The requirements', () => {
  for (const { title, bad, words, good } of requirements) {
    it(`refuse ${title}`, async () => {
      const messages = await Promise.all(bothClients.map((client) => refusal(bad, client)));
      for (const message of messages) {
        for (const word of words) expect(message).to.include(word);
      }
    });

    it(`accept what comes nearest to ${title}`, async () => {
      expect(await render(good)).not.to.be.empty;
    });
  }

  it('speak before a template fails on values that an older chart never had', async () => {
    const older = { placement: null, anchor: null, hooks: null, recovery: null, rollout: null };
    const values = {
      ...older,
      coordinator: { probes: null, hash: null, azureHSM: null, azureCredentials: null },
    };
    expect(await refusal(values)).to.include('--reset-then-reuse-values');
  });
});
