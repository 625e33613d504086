import { createHash, X509Certificate } from 'node:crypto';
import { connect } from 'node:tls';
import { known, unknown, type Known } from '../../core/known.ts';
import type { CertificateFacts, Endpoints } from '../../core/test.ts';
import { certificateChain, fingerprintOf } from '../coordinator.ts';

const tryMilliseconds = 10_000;

/** Asks both APIs of the Coordinator at these URLs, without leave from their certificates: those are what is looked at. */
export async function gatherEndpoints(
  { client, mesh }: { client: string; mesh: string },
  signal: AbortSignal,
): Promise<Endpoints> {
  const [shownByClient, shownByMesh, chain] = await Promise.all([
    attempt(async () => factsOf(await shownBy(client, signal))),
    attempt(async () => factsOf(await shownBy(mesh, signal))),
    attempt(async () => chainFacts(await certificateChain(client, signal))),
  ]);
  return { client: shownByClient, mesh: shownByMesh, chain };
}

async function attempt<T>(work: () => Promise<T>): Promise<Known<T>> {
  try {
    return known(await work());
  } catch (error) {
    return unknown((error as Error).message);
  }
}

/**
 * The certificate that a server shows in its handshake. The API for Marbles wants one of the client too, which TLS 1.3 tells
 * the client after its own part is done: enough to know that it is there.
 */
async function shownBy(url: string, signal: AbortSignal): Promise<X509Certificate> {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  return await new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port: Number(port),
      rejectUnauthorized: false,
      ALPNProtocols: ['h2', 'http/1.1'],
    });
    const fail = (error: Error) => {
      socket.destroy();
      reject(error);
    };
    const stop = () => {
      fail(new Error(`${url}: no time is left`));
    };
    signal.addEventListener('abort', stop, { once: true });
    socket.setTimeout(tryMilliseconds, () => {
      fail(new Error(`${url}: no answer within ${tryMilliseconds / 1000} s`));
    });
    socket.on('error', fail);
    socket.on('close', () => {
      signal.removeEventListener('abort', stop);
      reject(new Error(`${url}: the connection was closed before a certificate came`));
    });
    socket.on('secureConnect', () => {
      const certificate = socket.getPeerX509Certificate();
      if (certificate !== undefined) resolve(certificate);
      socket.destroy();
    });
  });
}

function chainFacts(chain: readonly X509Certificate[]): (CertificateFacts & { signed: boolean })[] {
  return chain.map((certificate, index) => {
    // The root signs itself.
    const above = chain[index + 1] ?? certificate;
    return { ...factsOf(certificate), signed: certificate.verify(above.publicKey) };
  });
}

function factsOf(certificate: X509Certificate): CertificateFacts {
  const key = certificate.publicKey.export({ type: 'spki', format: 'der' });
  return {
    fingerprint: fingerprintOf(certificate),
    key: createHash('sha256').update(key).digest('hex'),
    subject: certificate.subject.replaceAll('\n', ', '),
    notBefore: certificate.validFromDate,
    notAfter: certificate.validToDate,
  };
}
