import type { RecoveryKeys } from '../record.ts';
import { isBefore, releaseOf } from '../releases.ts';

/** Where the Coordinator that needs recovery runs, and who has to recover it. */
export interface RecoveryTarget {
  namespace: string;
  pod: string;
  clientPort: number;
  version: string;
  /** MarbleRun's CLI verifies no enclave then. */
  simulation: boolean;
  /** Of the Manifest in force before; undefined where nobody knows it. */
  keys: RecoveryKeys | undefined;
}

/**
 * The commands that recover a Coordinator of this version, ready to paste: forward its port, take the secret out of
 * the file that `marblerun manifest set` saved, decrypt it, sign it where the version asks for that, upload it. With
 * several parties each runs them, all against one pod: it keeps what was uploaded in its memory.
 * Secrets stay in files and pipes and never become process arguments. What is for people comes last and begins with `#`:
 * an Event has room for little more than the upload.
 * Source: docs/recovery.md at each tag of MarbleRun; coordinator/server/v2 and cli/internal/cmd/recover.go at v1.9.1.
 */
export function recoveryCommands(target: RecoveryTarget): string[] {
  const { namespace, pod, clientPort, version } = target;
  return [
    `kubectl -n ${namespace} port-forward pod/${pod} ${clientPort}:${clientPort}`,
    `jq -r '.RecoverySecrets["NAME"]' recovery.json | base64 -d > secret.enc`,
    'openssl pkeyutl -decrypt -inkey private.pem -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256 -in secret.enc -out secret',
    ...upload(version, `https://localhost:${clientPort}`),
    'rm secret',
    '# NAME is the name of the RecoveryKey in the Manifest, private.pem its private key.',
    ...inOneCommand(target),
    cliVariant(target),
  ];
}

/** Whose recovery secrets it takes, after `the recovery secret of`. */
export function whoRecovers(keys: RecoveryKeys | undefined): string {
  if (keys === undefined) return 'each party';
  const { parties, threshold } = keys;
  if (parties < 2) return 'its only party';
  return threshold < parties ? `any ${threshold} of its ${parties} parties` : `all its ${parties} parties`;
}

/** In base64, on one line, with every openssl. */
const asText = (file: string): string => `"$(openssl base64 -A -in ${file})"`;

function upload(version: string, url: string): string[] {
  switch (releaseOf(version).recoveryApi) {
    case 'raw':
      return [`curl -k --data-binary @secret ${url}/recover`];
    case 'v2':
      return [
        `printf '{"recoverySecret":"%s"}' ${asText('secret')} | curl -k --data @- ${url}/api/v2/recover`,
      ];
    case 'v2-signed':
      return [
        'openssl dgst -sha256 -sign private.pem -out secret.sig secret',
        `printf '{"recoverySecret":"%s","recoverySecretSignature":"%s"}' ${asText('secret')} ${asText('secret.sig')} | curl -k --data @- ${url}/api/v2/recover`,
      ];
  }
}

/** API v2, which `recover` uses, is there from v1.5 on. */
function inOneCommand({ namespace, version, simulation }: RecoveryTarget): string[] {
  if (releaseOf(version).recoveryApi === 'raw') return [];
  const enclave = simulation ? '--insecure' : '--era-config coordinator-era.json';
  return [
    `# The same in one command, which verifies the enclave first: marblerun-hooks recover -n ${namespace} --secret recovery.json --key private.pem ${enclave}`,
  ];
}

/**
 * From v1.7 on the CLI wants the encrypted secret: it takes a decrypted one for encrypted where it is a share with a
 * threshold, of 33 bytes (cli/internal/cmd/recover.go, maybeDecryptRecoveryKey).
 */
function cliVariant({ version, clientPort, simulation }: RecoveryTarget): string {
  const secret = isBefore(version, '1.7.0') ? 'secret' : 'secret.enc';
  const key = secret === 'secret' ? '' : ' --key private.pem';
  const insecure = simulation ? ' --insecure' : '';
  const command = `marblerun recover ${secret} localhost:${clientPort}${key}${insecure}`;
  return `# To verify the enclave first, MarbleRun's CLI does it instead of openssl and curl: ${command}`;
}
