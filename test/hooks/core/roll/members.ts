import type { Member, Phase } from '../../../../hooks/core/roll/member.ts';

/** A member of a roll in the namespace `shop`. */
export function member(name: string, phase: Phase = 'waiting', change: Partial<Member> = {}): Member {
  const target = {
    kind: 'Deployment' as const,
    namespace: 'shop',
    name,
    wave: 0,
    podLabels: { app: name },
    evict: false,
  };
  return {
    target,
    reason: 'the root certificate changed',
    followed: false,
    before: '1 of 1',
    phase,
    ...change,
  };
}

/** The same in a wave. */
export function inWave(wave: number, name: string, phase: Phase = 'waiting'): Member {
  const made = member(name, phase);
  return { ...made, target: { ...made.target, wave } };
}
