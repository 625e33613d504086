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

/** Codes of OpenSSL, as Node names them, for a certificate of an authority that the credentials do not name. */
const ofAnotherAuthority = /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+)$/;
const notValid = /^(CERT_HAS_EXPIRED|ERR_TLS_CERT_ALTNAME_INVALID)$/;

/**
 * Translates what Node says where no answer came. A certificate that is not trusted stays so: the authority is read once,
 * as kubectl reads it. What Node advises about it is for programmers.
 */
export function noAnswer(where: string, cause: NodeJS.ErrnoException): ClusterError {
  const { message, code = '' } = cause;
  const [problem = ''] = message.split(';');
  const foreign = ofAnotherAuthority.test(code);
  const why = foreign
    ? `its certificate is not of the authority that the credentials name (${problem})`
    : message;
  const kind = foreign || notValid.test(code) ? 'untrusted' : 'unreachable';
  return new ClusterError({ kind, message: `${where}: ${why}`, cause });
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
