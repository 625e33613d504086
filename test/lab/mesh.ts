import { execFileSync } from 'node:child_process';
import {
  constants,
  createPrivateKey,
  generateKeyPairSync,
  privateDecrypt,
  sign,
  type KeyObject,
} from 'node:crypto';
import { join } from 'node:path';
import { secrets } from '../audit/secrets.ts';
import type { Lab } from './handle.ts';
import { marbleImage } from './images/names.ts';
import type { Content } from './request.ts';

/** A person's key for a Manifest's RecoveryKeys. */
export interface RecoveryKey {
  readonly publicKey: string;
  readonly privateKey: KeyObject;
}

/** A user of a Manifest, who may update it. */
export type User = NonNullable<Content['user']>;

/** What a Coordinator answered. */
export interface Answer {
  readonly status: number;
  readonly data: unknown;
  readonly message: string;
}

/** The type of the Marbles that {@link buildManifest} and {@link marbleDeployment} speak of, unless told otherwise. */
const defaultType = 'backend';

/** Keys of this run by their public half, with which what is encrypted for them can be read and looked for. */
const keysMade = new Map<string, KeyObject>();

/** Makes a new recovery key. */
export function makeRecoveryKey(): RecoveryKey {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  secrets.addKey('a private recovery key', privateKey);
  keysMade.set(pem, privateKey);
  return { publicKey: pem, privateKey };
}

/** Makes a new user. */
export function makeUser(name: string): User {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const pem = execFileSync(
    'openssl',
    ['req', '-x509', ...key, '-subj', `/CN=${name}`, '-keyout', '-', '-out', '-'],
    { stdio: 'pipe', encoding: 'utf8' },
  );
  const block = (kind: string) =>
    new RegExp(`-----BEGIN ${kind}-----[^-]+-----END ${kind}-----\\n`).exec(pem)?.[0] ?? '';
  const privateKey = block('PRIVATE KEY');
  const { d = '' } = createPrivateKey(privateKey).export({ format: 'jwk' });
  secrets.add('the private key of a user', Buffer.from(d, 'base64url'));
  return { certificate: block('CERTIFICATE'), privateKey };
}

/** A Manifest for the lab's Marble, with the given recovery keys by name. Other parts can be added or replaced. */
export function buildManifest(
  recoveryKeys: Readonly<Record<string, RecoveryKey>>,
  more: Readonly<Record<string, unknown>> = {},
): object {
  return {
    Packages: {
      marble: { Debug: true, SignerID: '0'.repeat(64), ProductID: 1, SecurityVersion: 1 },
    },
    Marbles: { [defaultType]: { Package: 'marble', Parameters: { Argv: ['/marble', 'serve'] } } },
    RecoveryKeys: Object.fromEntries(
      Object.entries(recoveryKeys).map(([name, key]) => [name, key.publicKey]),
    ),
    ...more,
  };
}

/** Sends a request to the client API of the Coordinator at an address: a pod's, or a Service's. */
export async function askCoordinator(
  lab: Lab,
  address: string,
  path: string,
  { body, user }: { body?: object; user?: User } = {},
): Promise<Answer> {
  const script = join(import.meta.dirname, 'request.ts');
  const method = body === undefined ? 'GET' : 'POST';
  const input = JSON.stringify({
    body: body === undefined ? '' : JSON.stringify(body),
    user,
  } satisfies Content);
  const args = [script, method, `https://${address}:4433${path}`];
  const { stdout } = await lab.exec(process.execPath, args, { input });
  const answer = JSON.parse(stdout) as { status: number; body: string };
  const { data = null, message = '' } = JSON.parse(answer.body) as { data?: unknown; message?: string };
  return { status: answer.status, data, message };
}

/** The state of a Coordinator: 1 Recovery, 2 AcceptingManifest, 3 AcceptingMarbles; undefined while it does not answer. */
export async function coordinatorState(lab: Lab, address: string): Promise<number | undefined> {
  const answer = await askCoordinator(lab, address, '/api/v2/status').catch(() => undefined);
  return (answer?.data as { code: number } | null | undefined)?.code;
}

/** Sets a Manifest; answers each recovery secret, encrypted with its key. */
export async function setManifest(
  lab: Lab,
  address: string,
  manifest: object,
): Promise<Readonly<Record<string, Buffer>>> {
  const encoded = Buffer.from(JSON.stringify(manifest)).toString('base64');
  const data = await accepted(lab, address, '/api/v2/manifest', { body: { manifest: encoded } });
  const { RecoverySecrets } = data as { RecoverySecrets?: Record<string, string> };
  const entries = Object.entries(RecoverySecrets ?? {});
  const { RecoveryKeys = {} } = manifest as { RecoveryKeys?: Record<string, string> };
  for (const [name, secret] of entries) {
    const key = keysMade.get(RecoveryKeys[name] ?? '');
    if (key !== undefined) secrets.add('a recovery secret', opened(key, Buffer.from(secret, 'base64')));
  }
  return Object.fromEntries(entries.map(([name, secret]) => [name, Buffer.from(secret, 'base64')]));
}

/** Sends an update of the Manifest as one of its users; answers what the Coordinator says. */
export async function updateManifest(
  lab: Lab,
  address: string,
  update: object,
  user: User,
): Promise<unknown> {
  const manifest = Buffer.from(JSON.stringify(update)).toString('base64');
  return await accepted(lab, address, '/api/v2/update', { body: { manifest }, user });
}

/** Uploads one person's recovery secret, as a Coordinator from v1.7 on wants it; answers how many are missing now. */
export async function recover(
  lab: Lab,
  address: string,
  { key, secret }: { key: RecoveryKey; secret: Buffer },
): Promise<number> {
  const plain = opened(key.privateKey, secret);
  const body = {
    recoverySecret: plain.toString('base64'),
    recoverySecretSignature: sign('sha256', plain, key.privateKey).toString('base64'),
  };
  const data = await accepted(lab, address, '/api/v2/recover', { body });
  return (data as { remaining: number }).remaining;
}

/** A recovery secret in plain, as its owner reads it. */
function opened(key: KeyObject, secret: Buffer): Buffer {
  return privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, secret);
}

/** The certificate chain of a Coordinator, intermediate first, as PEM. */
export async function certificates(lab: Lab, address: string): Promise<string> {
  const { data } = await askCoordinator(lab, address, '/api/v2/quote');
  return (data as { cert: string }).cert;
}

async function accepted(
  lab: Lab,
  address: string,
  path: string,
  content: { body: object; user?: User },
): Promise<unknown> {
  const { status, data, message } = await askCoordinator(lab, address, path, content);
  if (status !== 200) throw new Error(`The Coordinator refused ${path} with ${status}: ${message}`);
  return data;
}

/** A Deployment of the lab's Marble; it is Ready once its Coordinator, in `mesh`, has let it in. */
export function marbleDeployment(
  name: string,
  { namespace, mesh, type = defaultType, replicas = 1 }: MarbleOptions,
): object {
  const labels = { app: name, 'marblerun/marbletype': type };
  const env = {
    EDG_MARBLE_COORDINATOR_ADDR: `coordinator-mesh-api.${mesh}.svc.cluster.local:2001`,
    EDG_MARBLE_TYPE: type,
    EDG_MARBLE_UUID_FILE: '/data/uuid',
    EDG_MARBLE_DNS_NAMES: name,
    EDG_TEST_ADDR: '0.0.0.0:8001',
  };
  const container = {
    name: 'marble',
    image: marbleImage,
    imagePullPolicy: 'Never',
    env: Object.entries(env).map(([variable, value]) => ({ name: variable, value })),
    readinessProbe: { tcpSocket: { port: 8001 }, periodSeconds: 1 },
    volumeMounts: [{ name: 'data', mountPath: '/data' }],
  };
  const pod = {
    terminationGracePeriodSeconds: 1,
    containers: [container],
    volumes: [{ name: 'data', emptyDir: {} }],
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels }, spec: pod },
    },
  };
}

/** Where a Marble runs, and which mesh it joins. */
export interface MarbleOptions {
  readonly namespace: string;
  /** The namespace of the Coordinator. */
  readonly mesh: string;
  readonly type?: string;
  readonly replicas?: number;
}
