import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A root and an intermediate certificate that it signed, as a Coordinator has them. */
export interface Chain {
  key: string;
  root: string;
  intermediate: string;
  intermediateKey: string;
}

/** Makes new ones with openssl. */
export function makeChain(): Chain {
  const folder = mkdtempSync(join(tmpdir(), 'chain-'));
  const file = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe', cwd: folder });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  try {
    openssl(
      'req',
      '-x509',
      ...newKey,
      '-keyout',
      'root.key',
      '-out',
      'root.crt',
      '-subj',
      '/CN=MarbleRun Coordinator - Root CA',
    );
    openssl(
      ...['req', '-x509', ...newKey, '-keyout', 'int.key', '-out', 'int.crt'],
      ...['-subj', '/CN=MarbleRun Coordinator - Intermediate CA', '-CA', 'root.crt', '-CAkey', 'root.key'],
    );
    const read = (name: string) => readFileSync(file(name), 'utf8');
    return {
      key: read('root.key'),
      root: read('root.crt'),
      intermediate: read('int.crt'),
      intermediateKey: read('int.key'),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** SHA-256 of a certificate in hex. */
export function fingerprintOf(pem: string): string {
  return new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase();
}
