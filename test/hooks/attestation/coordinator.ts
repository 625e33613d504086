import { createHash, X509Certificate } from 'node:crypto';
import type { Chain } from '../certificates.ts';
import { serve, type Answer, type Received, type TestServer } from '../server.ts';
import { quoteOf, wrapped, type EnclaveOptions, type Machine } from './machine.ts';

/** How a Coordinator is to behave that answers for its quote. */
export interface CoordinatorOptions {
  /** Without one it runs without an enclave. */
  machine?: Machine | undefined;
  enclave?: EnclaveOptions;
  /** How it answers for API v2, where it has none. */
  v1?: 404 | 405;
  /** Whose key and certificate the connection has, where they are not its own. */
  tls?: { key: string; cert: string };
  /** The certificate that its quote is for, where that is not its own. */
  quoted?: string;
  /** What it answers as its quote, made from the right one. */
  change?: (quote: Buffer) => string | null;
}

/** A real HTTPS server that answers as a Coordinator does, with a quote for its certificate and the request's nonce. */
export async function serveCoordinator(
  { root, intermediate, key }: Chain,
  options: CoordinatorOptions = {},
): Promise<TestServer> {
  const { machine, enclave = {}, v1, change = (quote: Buffer) => quote.toString('base64') } = options;
  const certificate = new X509Certificate(options.quoted ?? root).raw;
  const cert = intermediate + root;
  const quote = (nonce: Buffer) => {
    if (machine === undefined) return change(Buffer.alloc(0));
    const reportData = createHash('sha256').update(certificate).update(nonce).digest();
    return change(wrapped(quoteOf(machine, { reportData, ...enclave })));
  };
  const answer = ({ path }: Received): Answer => {
    const { pathname, searchParams } = new URL(path, 'https://coordinator');
    if (pathname === '/quote') {
      return {
        status: 200,
        body: { status: 'success', data: { Cert: cert, Quote: quote(Buffer.alloc(0)) } },
      };
    }
    if (pathname !== '/api/v2/quote' || v1 !== undefined) return { status: v1 ?? 404, body: 'none' };
    const nonce = searchParams.get('nonce') ?? '';
    // Go's base64.URLEncoding takes no text without its padding.
    if (nonce.length % 4 !== 0) return { status: 400, body: { message: 'bad nonce format' } };
    return {
      status: 200,
      body: { status: 'success', data: { cert, quote: quote(Buffer.from(nonce, 'base64url')) } },
    };
  };
  return await serve(answer, options.tls ?? { key, cert: root });
}
