import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadKubeconfig, proxyOf, type KubeconfigChoice } from '../../../hooks/io/kubeconfig.ts';
import { rejection } from '../rejection.ts';

const whole = {
  'current-context': 'lab',
  clusters: [
    { name: 'lab', cluster: { server: 'https://127.0.0.1:1', 'proxy-url': 'http://me:hunter2@proxy:3128' } },
    { name: 'typo', cluster: { server: '127.0.0.1:1' } },
  ],
  contexts: [
    { name: 'lab', context: { cluster: 'lab', user: 'me', namespace: 'mesh' } },
    { name: 'moved', context: { cluster: 'gone', user: 'me' } },
    { name: 'typo', context: { cluster: 'typo', user: 'me' } },
    { name: 'left', context: { cluster: 'lab', user: 'nobody' } },
  ],
  users: [{ name: 'me', user: { token: 'hunter2' } }],
};
const others = 'it has lab, moved, typo, left';

/** Title, the file, the context that is asked for, what is said. */
const refused: [string, string, string | undefined, RegExp][] = [
  [
    'is not YAML',
    'users:\n- user:\n    token: "hunter2\n  a: [',
    undefined,
    /^the kubeconfig \S+ cannot be read: [^\n]+$/,
  ],
  ['is empty', '', undefined, /^the kubeconfig \S+ cannot be read: /],
  [
    'has no current context',
    JSON.stringify({ ...whole, 'current-context': '' }),
    undefined,
    RegExp(`^the kubeconfig has no current context; ${others}$`),
  ],
  [
    'has not the context',
    JSON.stringify(whole),
    'other',
    RegExp(`^the kubeconfig has no context "other"; ${others}$`),
  ],
  [
    'has not the cluster of its context',
    JSON.stringify(whole),
    'moved',
    /^the kubeconfig has no cluster "gone", which context "moved" names$/,
  ],
  [
    'has a server that is no URL',
    JSON.stringify(whole),
    'typo',
    /^the server of cluster "typo" in the kubeconfig is no URL$/,
  ],
  [
    'has not the user of its context',
    JSON.stringify(whole),
    'left',
    /^the kubeconfig has no user "nobody", whom context "left" names$/,
  ],
];

describe('a kubeconfig', () => {
  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kubeconfig-'));
    file = join(folder, 'config');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const load = async (text: string, choice: KubeconfigChoice = {}) => {
    await writeFile(file, text);
    return await loadKubeconfig({ kubeconfig: file, ...choice }, {});
  };

  it('is read with the context that is current, or is asked for', async () => {
    const config = await load(JSON.stringify(whole));
    expect(config.getCurrentCluster()?.server).to.equal('https://127.0.0.1:1');
    expect(proxyOf(config)).to.equal(' through the proxy http://***@proxy:3128');
  });

  for (const [title, text, context, message] of refused) {
    it(`is refused where it ${title}, and no secret of it is shown`, async () => {
      const error = await rejection(load(text, { context }));
      expect(error.message).to.match(message).and.not.to.contain('hunter2');
    });
  }

  it('is refused by its name where it is not there', async () => {
    const error = await rejection(loadKubeconfig({ kubeconfig: join(folder, 'none') }, {}));
    expect(error.message).to.match(/^the kubeconfig \/.*\/none cannot be read: ENOENT/);
  });
});
