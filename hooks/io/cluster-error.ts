import type { HttpResponse } from './http.ts';

export type ClusterErrorKind =
  | 'unreachable'
  | 'untrusted'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'expired'
  | 'refused'
  | 'server';

/** One cause inside the API server's answer, such as a field conflict. */
export interface StatusCause {
  reason?: string;
  message?: string;
  field?: string;
}

interface Details {
  kind: ClusterErrorKind;
  message: string;
  causes?: StatusCause[] | undefined;
  retryAfterSeconds?: number | undefined;
  cause?: unknown;
}

/** Why the API server did not do what it was asked; the message says what was tried. */
export class ClusterError extends Error {
  override readonly name = 'ClusterError';
  readonly kind: ClusterErrorKind;
  readonly causes: StatusCause[];
  readonly retryAfterSeconds: number | undefined;

  constructor({ kind, message, causes, retryAfterSeconds, cause }: Details) {
    super(message, { cause });
    this.kind = kind;
    this.causes = causes ?? [];
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** Whether the same request may succeed a moment later. */
  get temporary(): boolean {
    return this.kind === 'unreachable' || this.kind === 'server';
  }
}

/** Translates an answer of status 400 and above. */
export function clusterError(tried: string, { status, headers, body }: HttpResponse): ClusterError {
  const answer = parsed(body);
  const retryAfter = Number(headers['retry-after']);
  const words = `the API server answered ${status}: ${answer.message ?? body.slice(0, 200)}`;
  const expired = status === 401 ? '; the credentials have expired, or are for another cluster' : '';
  return new ClusterError({
    kind: kindOf(status),
    message: `${tried}: ${words}${expired}`,
    causes: answer.details?.causes,
    retryAfterSeconds: Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter : undefined,
  });
}

/**
 * Translates what Node says where no answer came. A certificate that is not trusted stays so: the authority is read once,
 * as kubectl reads it.
 */
export function noAnswer(where: string, cause: NodeJS.ErrnoException): ClusterError {
  const message = `${where}: ${whyUnreachable(cause)}`;
  return new ClusterError({ kind: ofCertificate(cause) ? 'untrusted' : 'unreachable', message, cause });
}

function ofCertificate({ code = '' }: NodeJS.ErrnoException): boolean {
  return isOfAnotherAuthority(code) || code === 'CERT_HAS_EXPIRED' || code === 'ERR_TLS_CERT_ALTNAME_INVALID';
}

/** In words that fit whoever has credentials; what Node advises is for programmers. */
function whyUnreachable({ message, code = '' }: NodeJS.ErrnoException): string {
  if (!isOfAnotherAuthority(code)) return message;
  const [problem = ''] = message.split(';');
  return `its certificate is not of the authority that the credentials name (${problem})`;
}

/** Codes of OpenSSL, as Node names them. */
function isOfAnotherAuthority(code: string): boolean {
  return /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+)$/.test(code);
}

function kindOf(status: number): ClusterErrorKind {
  if (status === 429 || status >= 500) return 'server';
  const kinds: Readonly<Record<number, ClusterErrorKind | undefined>> = {
    401: 'unauthorized',
    403: 'forbidden',
    404: 'not-found',
    409: 'conflict',
    410: 'expired',
  };
  return kinds[status] ?? 'refused';
}

function parsed(body: string): { message?: string; details?: { causes?: StatusCause[] } } {
  try {
    return JSON.parse(body) as { message?: string };
  } catch {
    return {};
  }
}
