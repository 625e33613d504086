import { makeChain, type Chain } from './certificates.ts';
import { serve, type Answer, type TestServer } from './server.ts';

/** How a Coordinator answers what it does. */
export const success = (data: unknown): Answer => ({ status: 200, body: { status: 'success', data } });

/** How it answers what it does not do: JSON, sent as text. */
export const problem = (status: number, message: string): Answer => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body: `${JSON.stringify({ status: 'error', data: null, message })}\n`,
});

/** A server in the place of a Coordinator's client API, with its own certificate. */
export interface CoordinatorApi {
  chain: Chain;
  server: TestServer;
  /** What it answers, by path; 405 for all others, as from v1.1.0 on. */
  answers: Record<string, Answer>;
}

/** Starts one for the tests of a suite, and forgets before each what was asked; call it inside `describe`. */
export function useCoordinatorApi(): CoordinatorApi {
  const api: CoordinatorApi = { chain: undefined as never, server: undefined as never, answers: {} };
  before(async () => {
    api.chain = makeChain();
    const tls = { key: api.chain.key, cert: api.chain.root };
    api.server = await serve(({ path }) => api.answers[path] ?? problem(405, 'method not allowed'), tls);
  });
  beforeEach(() => {
    api.server.received.length = 0;
  });
  after(() => api.server.close());
  return api;
}
