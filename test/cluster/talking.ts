import { hookImageName } from '../lab/images/hooks.ts';
import type { Wish } from './fleet.ts';
import type { Release } from './release.ts';

const folder = '/data/identity';
const container = 'talker';

/**
 * Parts of a Manifest that give each Marble its certificate, its key and the mesh's root as files too (MarbleRun docs,
 * "Parameters"), so that another program in its pod can talk as this very Marble, with what its activation gave it.
 */
export const identityInFiles = {
  Marbles: {
    backend: {
      Package: 'marble',
      Parameters: {
        Argv: ['/marble', 'serve'],
        Files: {
          [`${folder}/chain.pem`]:
            '{{ pem .MarbleRun.MarbleCert.Cert }}{{ pem .MarbleRun.CoordinatorIntermediate.Cert }}',
          [`${folder}/key.pem`]: '{{ pem .MarbleRun.MarbleCert.Private }}',
          [`${folder}/root.pem`]: '{{ pem .MarbleRun.RootCA.Cert }}',
        },
      },
    },
  },
};

/** A Marble that serves over mutual TLS and has a program beside it that can ask others. */
export async function talkingMarble(release: Release, name: string): Promise<Wish> {
  const talker = {
    name: container,
    image: await hookImageName(),
    command: [
      '/nodejs/bin/node',
      '-e',
      'process.on("SIGTERM", () => process.exit()); setInterval(() => {}, 1e6)',
    ],
    // The Marble alone may read its key.
    securityContext: { runAsUser: 0 },
    volumeMounts: [{ name: 'data', mountPath: '/data' }],
  };
  return { name, namespace: release.namespace, beside: [talker] };
}

/** Runs in the pod of the Marble that asks; `serve` answers only who shows a certificate of the mesh. */
const script = `
const { readFileSync } = require('fs');
const [ip, name] = process.argv.slice(1);
const read = (file) => readFileSync('${folder}/' + file);
const identity = { cert: read('chain.pem'), key: read('key.pem'), ca: read('root.pem') };
require('https').get({ host: ip, port: 8001, servername: name, ...identity }, (answer) => {
  answer.setEncoding('utf8').on('data', (text) => console.log(answer.statusCode, text));
}).on('error', (error) => console.log(error.message));
`;

/** What a Marble hears when it asks another one over mutual TLS. */
export async function asks(release: Release, from: string, to: string): Promise<string> {
  const [pod] = await release.pods(`app=${to}`);
  const ip = pod?.status?.podIP ?? '';
  const node = ['/nodejs/bin/node', '-e', script, ip, to];
  const command = ['exec', `deployment/${from}`, '-c', container, '--', ...node];
  return (await release.kubectl(...command)).trim();
}

/** What a Marble answers to those of its mesh. */
export const welcome = '200 Welcome to this Marbelous world!';
