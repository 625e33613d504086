import { createPrivateKey } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Container, Pod } from '../../hooks/core/objects.ts';
import { secrets } from '../audit/secrets.ts';
import { marbleImage } from '../lab/images/names.ts';
import { documentedCommands, runDocumented } from './documented-commands.ts';
import type { Release } from './release.ts';

/**
 * Makes the certificate of the injector as docs/injector.md says, in the shape in which MarbleRun's CLI makes it, with its
 * Secret. Answers the authority, for `marbleInjector.CABundle`.
 */
export async function giveCertificate(release: Release): Promise<string> {
  const folder = join(release.lab.dir, `${release.namespace}-webhook`);
  await mkdir(folder);
  const [, commands = ''] = await documentedCommands('docs/injector.md', 'Its certificate', release);
  await runDocumented(release, commands.replace('.marblerun.svc', `.${release.namespace}.svc`), folder);
  for (const file of ['ca.key', 'tls.key']) {
    secrets.addKey(`the injector's ${file}`, createPrivateKey(await readFile(join(folder, file))));
  }
  return (await readFile(join(folder, 'ca.crt'))).toString('base64');
}

/** A pod of a Marble that says nothing of a mesh: what it needs, the injector has to tell it. `labels` are added. */
function bareSpec(labels: Record<string, string>): object {
  const container = {
    name: 'marble',
    image: marbleImage,
    imagePullPolicy: 'Never',
    env: [{ name: 'EDG_TEST_ADDR', value: '0.0.0.0:8001' }],
    readinessProbe: { tcpSocket: { port: 8001 }, periodSeconds: 1 },
  };
  return {
    metadata: { labels: { 'marblerun/marbletype': 'backend', ...labels } },
    spec: { terminationGracePeriodSeconds: 1, containers: [container] },
  };
}

/** Starts such Marbles, without SGX since the lab has none, and waits until the Coordinator has let them in. */
export async function startBareMarbles(release: Release, ...names: string[]): Promise<void> {
  const { namespace, lab } = release;
  const deployments = names.map((name) => {
    const labels = { app: name, 'marblerun/resource-injection': 'disabled' };
    const spec = { selector: { matchLabels: { app: name } }, template: bareSpec(labels) };
    return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace }, spec };
  });
  await lab.apply(...deployments);
  for (const name of names) await release.kubectl('rollout', 'status', `deployment/${name}`, '--timeout=60s');
}

/** What the API server would make of a new pod with these labels; the webhook is asked as for a real one. Throws what it refuses. */
export async function tryPod({ lab, namespace }: Release, labels: Record<string, string>): Promise<Pod> {
  const pod = bareSpec(labels) as { metadata: object };
  const object = {
    apiVersion: 'v1',
    kind: 'Pod',
    ...pod,
    metadata: { ...pod.metadata, name: 'try', namespace },
  };
  const args = ['create', '--dry-run=server', '-o', 'json', '-f', '-'];
  const { stdout } = await lab.exec('kubectl', args, { input: JSON.stringify(object) });
  return JSON.parse(stdout) as Pod;
}

/** The environment of a pod's container, by name. */
export function environmentOf({ spec }: Pod): Record<string, string | undefined> {
  const [container] = spec.containers as [Container];
  return Object.fromEntries((container.env ?? []).map(({ name, value }) => [name, value]));
}
