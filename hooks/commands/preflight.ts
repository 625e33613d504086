import type { ExitCode } from '../core/exit-code.ts';
import { gatherPreflight } from '../io/gather/preflight.ts';
import type { Session } from './session.ts';

/**
 * Says before an upgrade whether the Coordinator keeps its node and its state, and prepares what Helm needs. Acts only
 * after every check has passed. The checks are loaded once the facts are there, so that the first request leaves early.
 */
export async function preflight(session: Session): Promise<ExitCode> {
  const facts = await gatherPreflight(session, session.files);
  const { concludePreflight } = await import('./preflight-conclusion.ts');
  return await concludePreflight(session, facts);
}
