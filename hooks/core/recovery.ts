import { releaseOf } from './releases.ts';

/** Where the Coordinator that needs recovery runs. */
export interface RecoveryTarget {
  namespace: string;
  pod: string;
  clientPort: number;
  version: string;
}

/**
 * The commands that recover a Coordinator of this version, ready to paste: forward its port, take the secret out of
 * the file that `marblerun manifest set` saved, decrypt it, sign it where the version asks for that, upload it.
 * Secrets stay in files and pipes and never become process arguments.
 */
export function recoveryCommands({ namespace, pod, clientPort, version }: RecoveryTarget): string[] {
  const api = releaseOf(version).recoveryApi;
  const upload = `https://localhost:${clientPort}`;
  const forward = `kubectl -n ${namespace} port-forward pod/${pod} ${clientPort}:${clientPort}`;
  const decrypt = [
    `jq -r '.RecoverySecrets.NAME' recovery.json | base64 -d > secret.enc`,
    'openssl pkeyutl -decrypt -inkey private.pem -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256 -in secret.enc -out secret',
  ];
  switch (api) {
    case 'raw':
      return [forward, ...decrypt, `curl -k --data-binary @secret ${upload}/recover`];
    case 'v2':
      return [
        forward,
        ...decrypt,
        `printf '{"recoverySecret":"%s"}' "$(base64 -w0 secret)" | curl -k --data @- ${upload}/api/v2/recover`,
      ];
    case 'v2-signed':
      return [
        forward,
        ...decrypt,
        'openssl dgst -sha256 -sign private.pem -out secret.sig secret',
        `printf '{"recoverySecret":"%s","recoverySecretSignature":"%s"}' "$(base64 -w0 secret)" "$(base64 -w0 secret.sig)" | curl -k --data @- ${upload}/api/v2/recover`,
      ];
  }
}
