import type { X509Certificate } from 'node:crypto';
import type { Agent } from 'node:https';
import { unwrap } from '../../core/attestation/envelope.ts';
import type { Expectation } from '../../core/attestation/expectation.ts';
import type { Clock } from '../clock.ts';
import type { CollateralSource } from './collateral.ts';
import { pinnedTo } from './pinned.ts';
import { askForQuote, type Statement } from './quote.ts';

/** Whom to attest, against what, and with whose help. */
export interface AttestOptions {
  /** By which connections; undefined for new ones. */
  agent: Agent | undefined;
  /** The client API, such as `https://10.0.0.7:4433`. */
  url: string;
  /** undefined when nobody said which enclave it has to be: then no enclave is accepted. */
  expected: Expectation | undefined;
  /** Takes a Coordinator that runs without an enclave. One that runs in an enclave is attested all the same. */
  insecure: boolean;
  collateral: CollateralSource;
  clock: Clock;
  signal: AbortSignal;
  /** The certificate (DER) that Intel's signatures have to lead to; Intel's own where it is undefined. */
  trustAnchor?: Buffer;
}

/**
 * Whether the Coordinator may be sent a secret. `root` is its certificate: send the secret with `peer: pinnedTo(root)`, or it
 * may go to somebody else. `refused` is about the Coordinator, `unknown` about what kept it from being found out.
 */
export type Attested =
  | { ok: true; how: 'enclave' | 'simulation'; root: X509Certificate; warnings: string[] }
  | { ok: false; because: 'refused' | 'unknown'; reasons: string[] };

/**
 * Attests a Coordinator, in any state. Rejects with the signal's reason when it ends first; a Coordinator or a service that
 * does not answer is an answer.
 */
export async function attest(options: AttestOptions): Promise<Attested> {
  const asked = await tried(options.signal, askForQuote(options, options.signal));
  return 'ok' in asked ? asked : await judged(options, asked);
}

/** What was asked for, or why it was not got. */
async function tried<T>(signal: AbortSignal, work: Promise<T>): Promise<T | Attested> {
  try {
    return await work;
  } catch (error) {
    signal.throwIfAborted();
    return { ok: false, because: 'unknown', reasons: [(error as Error).message] };
  }
}

async function judged(options: AttestOptions, statement: Statement): Promise<Attested> {
  const { root, peer, nonce } = statement;
  const between = pinnedTo(root)(peer);
  if (between !== undefined) return refused(between.message);
  const enveloped = unwrap(statement.quote);
  if (enveloped.kind === 'none') return withoutEnclave(options, root);
  if (enveloped.kind === 'unreadable') return refused('what the Coordinator sent as its quote is none');
  const { expected } = options;
  if (expected === undefined) {
    return refused(
      'the Coordinator runs in an enclave, and nobody said in which: give the era file of its version (--era-config FILE), ' +
        'or --unique-id, or --signer-id with --product-id and --security-version',
    );
  }
  // Loaded only where there is a quote: it takes long, and a simulation has none.
  const [{ intelRoot }, { verdictOn }, { collateralFrom }] = await Promise.all([
    import('../../core/attestation/verify.ts'),
    import('../../core/attestation/verdict.ts'),
    import('./collateral.ts'),
  ]);
  const { quote } = enveloped;
  const { clock, signal, trustAnchor = intelRoot } = options;
  const collateral = await tried(signal, collateralFrom(options.collateral, { quote, trustAnchor }, signal));
  if ('ok' in collateral) return collateral;
  const now = clock.now();
  const { reasons, warnings } = verdictOn({
    ...{ quote, collateral, now, trustAnchor, expected, nonce },
    rootCertificate: root.raw,
  });
  return reasons.length > 0 ? refused(...reasons) : { ok: true, how: 'enclave', root, warnings };
}

function withoutEnclave({ insecure }: AttestOptions, root: X509Certificate): Attested {
  if (!insecure) {
    return refused(
      'the Coordinator sent no quote: it runs without an enclave (simulation), or somebody is in between. If it is a ' +
        'simulation, and whoever runs its machine may read the secret, give --insecure',
    );
  }
  return {
    ok: true,
    how: 'simulation',
    root,
    warnings: [
      'the Coordinator sent no quote, so that it could not be attested; whoever runs its machine can read what it is sent',
    ],
  };
}

function refused(...reasons: string[]): Attested {
  return { ok: false, because: 'refused', reasons };
}
