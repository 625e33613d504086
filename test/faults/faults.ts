import type { Random } from '../placement/random.ts';

/** Something that goes wrong on the way to a server and back. */
export type Fault =
  /** Nobody listens for a time; -1 for ever. What is connected is cut off. */
  | { kind: 'refused'; milliseconds: number }
  /** The connection is cut: before the request has reached the server, after the server's work, or in mid-answer. */
  | { kind: 'reset'; when: 'request' | 'answered' | 'body' }
  /** No answer for a time, then the connection is cut; -1: until the other side gives up. */
  | { kind: 'hang'; milliseconds: number; forwarded: boolean }
  /** An error of the server's, which may have done what it was asked all the same. */
  | { kind: 'status'; code: 500 | 503 | 429 | 409 | 410; retryAfterSeconds?: number; forwarded: boolean }
  /** The head of a watch's answer comes, its events do not; then it is cut. */
  | { kind: 'stalled-watch'; milliseconds: number }
  /** A watch's first event says that what it asked for is too old (410 Gone). */
  | { kind: 'gone-watch' }
  /** The answer comes in small pieces. */
  | { kind: 'slow'; pieces: number; milliseconds: number }
  /** The connection is cut, and the next one in the middle of its TLS handshake. */
  | { kind: 'handshake'; stallMilliseconds: number };

/** What is known of a request when it is decided about. */
export interface Call {
  readonly side: 'api' | 'coordinator';
  readonly method: string;
  readonly path: string;
}

/** How a fault is made, and of which requests. */
interface Recipe {
  readonly make: (random: Random) => Fault;
  readonly of?: (call: Call) => boolean;
  /** The same for a fault that never ends; undefined where that would end the rollout in no way that is bound to be an error. */
  readonly forever?: () => Fault;
}

const isWrite = ({ method }: Call): boolean => method !== 'GET';
const isWatch = ({ path }: Call): boolean => /[?&]watch=(1|true)\b/.test(path);
/** The API server says that something is too old only of a version or a token that it was given. */
const isVersioned = ({ path }: Call): boolean => /[?&](continue|resourceVersion)=/.test(path);
const toApi = ({ side }: Call): boolean => side === 'api';

/** Shorter than the program's own limits of a try, and short enough for some of them to pass before a deadline. */
const shortly = (random: Random): number => random.between(50, 1200);

/** Every fault by its name. */
export const recipes = {
  refused: {
    make: (random) => ({ kind: 'refused', milliseconds: shortly(random) }),
    forever: () => ({ kind: 'refused', milliseconds: -1 }),
  },
  'reset before the request': {
    make: () => ({ kind: 'reset', when: 'request' }),
    forever: () => ({ kind: 'reset', when: 'request' }),
  },
  'reset after the work': {
    make: () => ({ kind: 'reset', when: 'answered' }),
    forever: () => ({ kind: 'reset', when: 'answered' }),
  },
  'reset in mid-body': {
    make: () => ({ kind: 'reset', when: 'body' }),
    forever: () => ({ kind: 'reset', when: 'body' }),
  },
  hang: {
    make: (random) => ({ kind: 'hang', milliseconds: shortly(random), forwarded: random.chance(0.5) }),
    forever: () => ({ kind: 'hang', milliseconds: -1, forwarded: false }),
  },
  '500': {
    make: (random) => ({ kind: 'status', code: 500, forwarded: random.chance(0.5) }),
    forever: () => ({ kind: 'status', code: 500, forwarded: false }),
  },
  '503': {
    make: (random) => ({ kind: 'status', code: 503, forwarded: random.chance(0.3) }),
    forever: () => ({ kind: 'status', code: 503, forwarded: false }),
  },
  '429': {
    of: toApi,
    make: (random) => ({
      kind: 'status',
      code: 429,
      forwarded: false,
      ...(random.chance(0.7) ? { retryAfterSeconds: 1 } : {}),
    }),
    forever: () => ({ kind: 'status', code: 429, retryAfterSeconds: 1, forwarded: false }),
  },
  '409': {
    of: (call) => toApi(call) && isWrite(call),
    make: () => ({ kind: 'status', code: 409, forwarded: false }),
    forever: () => ({ kind: 'status', code: 409, forwarded: false }),
  },
  '410': {
    of: (call) => toApi(call) && isVersioned(call),
    make: () => ({ kind: 'status', code: 410, forwarded: false }),
    forever: () => ({ kind: 'status', code: 410, forwarded: false }),
  },
  '410 in a watch': {
    of: isWatch,
    make: () => ({ kind: 'gone-watch' }),
    forever: () => ({ kind: 'gone-watch' }),
  },
  'stalled watch': {
    of: isWatch,
    make: (random) => ({ kind: 'stalled-watch', milliseconds: shortly(random) }),
    forever: () => ({ kind: 'stalled-watch', milliseconds: -1 }),
  },
  'slow bytes': {
    make: (random) => ({ kind: 'slow', pieces: random.between(2, 12), milliseconds: random.between(5, 80) }),
  },
  'truncated handshake': {
    make: () => ({ kind: 'handshake', stallMilliseconds: 0 }),
    forever: () => ({ kind: 'handshake', stallMilliseconds: 0 }),
  },
  'stalled handshake': {
    make: (random) => ({ kind: 'handshake', stallMilliseconds: shortly(random) }),
    forever: () => ({ kind: 'handshake', stallMilliseconds: -1 }),
  },
} as const satisfies Readonly<Record<string, Recipe>>;

export type FaultName = keyof typeof recipes;

/** All of them. */
export const faultNames = Object.keys(recipes) as FaultName[];

/** Whether a fault can befall a request. */
export function befalls(name: FaultName, call: Call): boolean {
  const recipe: Recipe = recipes[name];
  return recipe.of?.(call) ?? true;
}

/** A fault of that name that passes. */
export function passing(name: FaultName, random: Random): Fault {
  return recipes[name].make(random);
}

/** The fault of that name that never ends, if there is one. */
export function lasting(name: FaultName): Fault | undefined {
  const recipe: Recipe = recipes[name];
  return recipe.forever?.();
}
