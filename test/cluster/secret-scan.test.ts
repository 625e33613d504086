import { expect } from 'chai';
import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Secrets } from '../audit/secrets.ts';
import { hookImageName } from '../lab/images/hooks.ts';
import { SecretScan } from './secret-scan.ts';
import { afterwards, useLab } from './shared-lab.ts';

const namespace = 'secret-scan';

describe('the scan for secrets after each suite', function () {
  this.timeout('2m');
  const lab = useLab();
  // Not the registry of the run, in which these leaks would count.
  const own = new Secrets();
  const secret = randomBytes(32);

  before(async () => {
    own.add('the planted secret', secret);
    await lab().kubectl('create', 'namespace', namespace);
    const code = `
      const { secret } = process.env;
      require('fs').writeFileSync('/dev/termination-log', Buffer.from(secret, 'hex').toString('base64'));
      console.log('started with ' + secret);`;
    await lab().apply(
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'planted', namespace },
        stringData: { secret: secret.toString('hex') },
      },
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'planted', namespace },
        data: { 'recovery.json': JSON.stringify({ secret: secret.toString('base64') }) },
      },
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'talks', namespace },
        spec: {
          restartPolicy: 'Never',
          containers: [
            {
              name: 'c',
              image: await hookImageName(),
              command: ['/nodejs/bin/node', '-e', code],
              envFrom: [{ secretRef: { name: 'planted' } }],
            },
          ],
        },
      },
    );
    const done = ['wait', '--for=jsonpath={.status.phase}=Succeeded', 'pod/talks', '--timeout=60s'];
    await lab().kubectl('-n', namespace, ...done);
  });
  afterwards(async () => {
    await lab().kubectl('delete', 'namespace', namespace);
  });

  async function places(...printed: { command: string; output: string }[]): Promise<string[]> {
    const scan = new SecretScan(own);
    for (const each of printed) scan.hear(each);
    return (await scan.leaks(lab())).map(({ place }) => place.replace(/_talks_[^/]+/, '_talks'));
  }

  it('names a ConfigMap, a termination message and a log that hold one, and not the Secret', async () => {
    expect(await places()).to.have.members([
      `configmap/planted in ${namespace}`,
      `pod/talks in ${namespace}`,
      `the log ${namespace}_talks/c/0.log`,
    ]);
  });

  it('names the log of a pod that is gone', async () => {
    await lab().kubectl('-n', namespace, 'delete', 'pod/talks', 'configmap/planted');
    expect(await places()).to.deep.equal([`the log ${namespace}_talks/c/0.log`]);
  });

  it('knows the key that a Coordinator without an enclave keeps on its volume', async () => {
    const folder = join(lab().dir, 'volumes', namespace, 'claim');
    const key = randomBytes(16);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'sealed_key'), key);
    const literal = `--from-literal=key=${key.toString('hex')}`;
    await lab().kubectl('-n', namespace, 'create', 'configmap', 'sealing', literal);
    const found = await places();
    // Before the scan of the run itself looks, which would count it.
    await lab().kubectl('-n', namespace, 'delete', 'configmap', 'sealing');
    await rm(folder, { recursive: true });
    expect(found).to.contain(`configmap/sealing in ${namespace}`);
  });

  it('names a command that printed one, unless it was asked for Secrets', async () => {
    const output = secret.toString('base64');
    const found = await places(
      { command: 'helm upgrade', output },
      { command: 'kubectl get secret planted', output },
    );
    expect(found).to.contain('the output of helm upgrade').and.to.have.length(2);
  });
});
