import type { Problem } from '../findings.ts';
import type { Manifest, TlsEntry } from '../model.ts';
import type { Path } from '../path.ts';
import { oneOf, refused } from '../problem.ts';

/** Connections that Marbles secure (v1.9.1: coordinator/manifest/manifest.go, Check). */
export function checkTls({ TLS, Secrets }: Manifest): Problem[] {
  return [...TLS].flatMap(([name, { Incoming, Outgoing }]) => [
    ...Incoming.flatMap((entry, index) => {
      const path = ['TLS', name, 'Incoming', index];
      return [...missing(entry, ['Port'], path), ...certificate(entry, Secrets, path)];
    }),
    ...Outgoing.flatMap((entry, index) => missing(entry, ['Addr', 'Port'], ['TLS', name, 'Outgoing', index])),
  ]);
}

function missing(entry: TlsEntry, keys: ('Addr' | 'Port')[], path: Path): Problem[] {
  const [, name = '', direction = ''] = path.map(String);
  return keys
    .filter((key) => entry[key] === '')
    .map((key) =>
      refused(
        'tls-incomplete',
        path,
        `An ${direction} entry of TLS ${name} has no ${key}.`,
        `Give ${key}, as text.`,
      ),
    );
}

function certificate(entry: TlsEntry, secrets: Manifest['Secrets'], path: Path): Problem[] {
  const { Cert, DisableClientAuth } = entry;
  const [, name = ''] = path.map(String);
  if (Cert !== '' && !secrets.has(Cert)) {
    const message = `TLS ${name} takes its certificate from the Secret ${Cert}, which is not among Secrets.`;
    return [refused('tls-certificate', [...path, 'Cert'], message, oneOf(Cert, secrets.keys()))];
  }
  if (Cert !== '' && !DisableClientAuth) {
    const message = `TLS ${name} has a Cert of its own, but asks clients for certificates of the mesh.`;
    return [
      refused(
        'tls-certificate',
        [...path, 'Cert'],
        message,
        'Set DisableClientAuth: true, or leave Cert out.',
      ),
    ];
  }
  if (Cert === '' && DisableClientAuth) {
    const message = `TLS ${name} lets clients in without a certificate, but has no Cert to show them.`;
    return [
      refused(
        'tls-certificate',
        [...path, 'DisableClientAuth'],
        message,
        'Name a Secret in Cert, or leave DisableClientAuth out.',
      ),
    ];
  }
  return [];
}
