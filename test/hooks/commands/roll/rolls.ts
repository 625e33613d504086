import { roll } from '../../../../hooks/commands/roll/roll.ts';
import type { Finding } from '../../../../hooks/core/findings.ts';
import { startConditions } from '../../../../hooks/core/marbles/conditions.ts';
import type { Member } from '../../../../hooks/core/roll/member.ts';
import { coordinator, marble } from '../../builders.ts';
import { putMarble, settleAfter } from '../../marbles.ts';
import { session, type SessionOptions, type TestSession } from '../../session.ts';

/** What the rolls of these tests set on the pod templates. */
export const key = 'key-2';

/** A session in whose cluster each member is a Deployment that takes a second to roll. */
export function withMembers(members: readonly Member[], options: SessionOptions = {}): TestSession {
  const given = session(options);
  for (const { target } of members) putMarble(given.cluster, marble(target.name));
  settleAfter(given, 1);
  return given;
}

/** Rolls them to the end and answers what there is to say. */
export async function rolled(given: TestSession, members: readonly Member[]): Promise<Finding[]> {
  const conditions = startConditions(coordinator(), 'v1.9.1', '');
  return await roll(given, { members, conditions, key });
}

/** The Deployments that were restarted, in order. */
export const restarted = ({ cluster }: TestSession): string[] =>
  cluster.changes().flatMap(({ path }) => /shop\/deployments\/(.+)$/.exec(path)?.[1] ?? []);

export const phases = (members: readonly Member[]): string[] => members.map(({ phase }) => phase);
