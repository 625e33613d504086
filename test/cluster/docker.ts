import { randomBytes } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { hookImageName } from '../lab/images/hooks.ts';

/*
 * `docker run` for the commands of the docs, on a machine without Docker: a node of the lab runs the container.
 */

/** A shell function that is `docker` to what follows it. */
export const dockerFunction = `docker() { ${process.execPath} ${fileURLToPath(import.meta.url)} "$@"; }`;

const options = {
  rm: { type: 'boolean' },
  network: { type: 'string' },
  user: { type: 'string' },
  volume: { type: 'string', short: 'v', multiple: true },
  env: { type: 'string', short: 'e', multiple: true },
  workdir: { type: 'string', short: 'w' },
} as const;

/** The pod that is what `docker run` makes of these words; of any image of the hooks, the lab's. */
async function podOf(words: readonly string[], name: string): Promise<object> {
  const { tokens } = parseArgs({ args: [...words], options, strict: false, tokens: true });
  const image = tokens.find(({ kind }) => kind === 'positional')?.index ?? words.length;
  const { values } = parseArgs({ args: words.slice(0, image), options });
  const { network, user, volume = [], env = [], workdir } = values;
  const mounts = await Promise.all(
    volume.map(async (mount, index) => {
      const [source = '', mountPath = '', mode] = mount.split(':');
      const path = await realpath(source);
      return { name: `v${String(index)}`, mountPath, readOnly: mode === 'ro', path };
    }),
  );
  const container = {
    name: 'it',
    image: await hookImageName(),
    args: words.slice(image + 1),
    workingDir: workdir,
    env: env.map((entry) => {
      const [key = '', ...value] = entry.split('=');
      return { name: key, value: value.join('=') };
    }),
    volumeMounts: mounts.map(({ name: volumeName, mountPath, readOnly }) => ({
      name: volumeName,
      mountPath,
      readOnly,
    })),
    securityContext: { runAsUser: Number(user) },
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: {
      hostNetwork: network === 'host',
      restartPolicy: 'Never',
      containers: [container],
      volumes: mounts.map(({ name: volumeName, path }) => ({ name: volumeName, hostPath: { path } })),
    },
  };
}

/** Runs it, says what it says, and answers its exit code. */
async function run(words: readonly string[]): Promise<number> {
  const name = `docker-${randomBytes(3).toString('hex')}`;
  await execa('kubectl', ['apply', '-f', '-'], { input: JSON.stringify(await podOf(words, name)) });
  try {
    const ended = '--for=jsonpath={.status.containerStatuses[0].state.terminated}';
    await execa('kubectl', ['wait', `pod/${name}`, ended, '--timeout=60s']);
    await execa('kubectl', ['logs', name], { stdout: 'inherit' });
    const code = '-o=jsonpath={.status.containerStatuses[0].state.terminated.exitCode}';
    return Number((await execa('kubectl', ['get', 'pod', name, code])).stdout);
  } finally {
    await execa('kubectl', ['delete', 'pod', name, '--wait=false']);
  }
}

if (import.meta.main) {
  const [verb, ...words] = process.argv.slice(2);
  if (verb !== 'run') throw new Error(`the lab knows no docker ${verb ?? ''}`);
  process.exitCode = await run(words);
}
