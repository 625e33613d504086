import { expect } from 'chai';
import { at, refusal, render, rendered, type Tree } from './render.ts';

const digest = 'sha256:84faa95a3793c4b461e4ddd5af54da6e7db86a2e7ede313c46b420df7b96a99f';
const own = `sha256:${'ab'.repeat(32)}`;
const registry = 'ghcr.io/edgelesssys/marblerun';

const image = async (values: Tree): Promise<unknown> =>
  at(await rendered('Deployment', 'marblerun-coordinator', values), 'spec.template.spec.containers.0.image');

/** All images of one object, those in templates of pods included; other fields of that name hold no text with a tag. */
function imagesOf(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    key === 'image' && typeof value === 'string' ? [value] : imagesOf(value),
  );
}

/** What the user sets, and the image that comes of it. */
const references: [string, Tree, string][] = [
  ['nothing', {}, `${registry}/coordinator:v1.9.1@${digest}`],
  [
    'another version, which drops the default digest',
    { coordinator: { version: 'v1.8.0' } },
    `${registry}/coordinator:v1.8.0`,
  ],
  [
    'the same version without a v',
    { coordinator: { version: '1.9.1' } },
    `${registry}/coordinator:1.9.1@${digest}`,
  ],
  ['no version at all', { coordinator: { version: 'latest' } }, `${registry}/coordinator:latest`],
  ['an empty digest', { coordinator: { hash: '' } }, `${registry}/coordinator:v1.9.1`],
  [
    'another version with its digest',
    { coordinator: { version: 'v1.8.0', hash: own } },
    `${registry}/coordinator:v1.8.0@${own}`,
  ],
  [
    'another registry, which keeps the digest',
    { coordinator: { repository: 'registry:5000/mirror' } },
    `registry:5000/mirror/coordinator:v1.9.1@${digest}`,
  ],
  [
    'a version from before 1.0.0',
    { coordinator: { version: 'v0.6.1' } },
    'ghcr.io/edgelesssys/coordinator:v0.6.1',
  ],
  [
    'that from another registry',
    { coordinator: { version: 'v0.6.1', repository: 'mirror' } },
    'mirror/coordinator:v0.6.1',
  ],
  [
    'the old key of the version',
    { coordinator: { coordinatorImageVersion: 'v0.2.0' } },
    'ghcr.io/edgelesssys/coordinator:v0.2.0',
  ],
  [
    'the older key of the version',
    { global: { image: { version: 'v1.0.0' } } },
    `${registry}/coordinator:v1.0.0`,
  ],
  [
    'the old key of the image',
    { coordinator: { coordinatorImage: 'mirror/mine', version: 'v1.8.0' } },
    'mirror/mine:v1.8.0',
  ],
  [
    'the old key of the registry',
    { global: { image: { repository: 'mirror' } }, coordinator: { hash: '' } },
    'mirror/coordinator:v1.9.1',
  ],
  [
    'an old key and a new one that agree',
    { coordinator: { version: 'v1.8.0', coordinatorImageVersion: 'v1.8.0' } },
    `${registry}/coordinator:v1.8.0`,
  ],
  [
    'old keys of the image and new ones that agree',
    { coordinator: { coordinatorImage: 'mirror/coordinator', repository: 'mirror', hash: '' } },
    'mirror/coordinator:v1.9.1',
  ],
];

/** An old key and a new one that say different things, and the keys that the message must name. */
const disagreements: [Tree, string[]][] = [
  [
    { coordinator: { version: 'v1.8.0', coordinatorImageVersion: 'v1.7.0' } },
    ['coordinator.version', 'coordinator.coordinatorImageVersion'],
  ],
  [
    { coordinator: { coordinatorImageVersion: 'v1.7.0' }, global: { image: { version: 'v1.8.0' } } },
    ['coordinator.coordinatorImageVersion', 'global.image.version'],
  ],
  [
    { coordinator: { repository: 'new' }, global: { image: { repository: 'old' } } },
    ['coordinator.repository', 'global.image.repository'],
  ],
  [
    { coordinator: { pullPolicy: 'Always' }, global: { image: { pullPolicy: 'Never' } } },
    ['coordinator.pullPolicy', 'global.image.pullPolicy'],
  ],
  [
    { coordinator: { coordinatorImage: 'mirror/coordinator', image: 'other' } },
    ['coordinator.coordinatorImage', 'coordinator.image'],
  ],
];

describe("The Coordinator's image", () => {
  for (const [given, values, expected] of references) {
    it(`is ${expected} given ${given}`, async () => {
      expect(await image(values)).to.equal(expected);
    });
  }

  for (const [values, keys] of disagreements) {
    it(`is refused where ${keys.join(' and ')} disagree`, async () => {
      const message = await refusal(values);
      for (const key of keys) expect(message).to.include(key);
    });
  }

  it('is pulled as `global.image.pullPolicy` says, as in older charts', async () => {
    const deployment = await rendered('Deployment', 'marblerun-coordinator', {
      global: { image: { pullPolicy: 'Always' } },
    });
    expect(at(deployment, 'spec.template.spec.containers.0.imagePullPolicy')).to.equal('Always');
  });

  it('gives its version to the label by which the MarbleRun CLI finds the attestation values', async () => {
    const values = { coordinator: { coordinatorImageVersion: 'v1.8.0' } };
    const { metadata } = await rendered('Deployment', 'marblerun-coordinator', values);
    expect(metadata.labels).to.include({ 'app.kubernetes.io/version': 'v1.8.0' });
  });
});

describe('The registry of all images', () => {
  const mirror = { global: { imageRegistry: 'mirror.example.com:5000' } };
  const hooks = 'marblerun-hooks:0.1.0';

  it('takes the place of the registry of each, and leaves path, tag and digest', async () => {
    const values = { ...mirror, marbleInjector: { start: true, useCertManager: true } };
    const images = (await render(values)).flatMap(imagesOf);
    const injector = 'sha256:7dcf803d1faef7bdd0aee57458baea942803d03198dd5831ba9ba5066aaaea75';
    expect([...new Set(images)]).to.have.members([
      `mirror.example.com:5000/edgelesssys/marblerun/coordinator:v1.9.1@${digest}`,
      `mirror.example.com:5000/edgelesssys/marblerun/marble-injector:v1.9.1@${injector}`,
      `mirror.example.com:5000/edgelesssys/marblerun/${hooks}`,
    ]);
  });

  for (const [repository, path] of [
    ['team/marblerun', 'team/marblerun'],
    ['localhost/marblerun', 'marblerun'],
    ['registry:5000/marblerun', 'marblerun'],
  ]) {
    it(`is put before ${path} given the repository ${repository}`, async () => {
      const values = { ...mirror, coordinator: { repository } };
      expect(await image(values)).to.equal(`mirror.example.com:5000/${path}/coordinator:v1.9.1@${digest}`);
    });
  }

  it('holds for the old key of the image, too', async () => {
    const values = { ...mirror, coordinator: { coordinatorImage: 'quay.io/team/mine', version: 'v1.8.0' } };
    expect(await image(values)).to.equal('mirror.example.com:5000/team/mine:v1.8.0');
  });

  it('needs no mirror of its own for a null', async () => {
    expect(await image({ global: { imageRegistry: null } })).to.equal(
      `${registry}/coordinator:v1.9.1@${digest}`,
    );
  });
});

describe('The image of the hooks', () => {
  it("is that of the chart's version, in the Jobs and in the anchor", async () => {
    const expected = `${registry}/marblerun-hooks:0.1.0`;
    for (const [kind, name] of [
      ['Job', 'marblerun-coordinator-preflight'],
      ['Job', 'marblerun-coordinator-rollout'],
      ['Deployment', 'marblerun-coordinator-anchor'],
    ] as const) {
      expect(at(await rendered(kind, name), 'spec.template.spec.containers.0.image')).to.equal(expected);
    }
  });

  it('is set by `hooks.image`', async () => {
    const values = { hooks: { image: { repository: 'mirror', image: 'hooks', version: 'v2', hash: own } } };
    const job = await rendered('Job', 'marblerun-coordinator-preflight', values);
    expect(at(job, 'spec.template.spec.containers.0.image')).to.equal(`mirror/hooks:v2@${own}`);
  });
});
