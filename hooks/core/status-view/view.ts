import type { Outcome } from '../report.ts';
import { anchorSection } from './anchor.ts';
import { copiesSection } from './copies.ts';
import { coordinatorSection, identitySection } from './coordinator.ts';
import type { StatusFacts } from './facts.ts';
import { marblesSection } from './marbles.ts';
import { recordSection } from './record.ts';
import { hookSection, rollSection } from './roll.ts';
import type { Section } from './rows.ts';
import { verdictOf } from './verdict.ts';

/** What `status` shows, once as text and once as data (schemas/status.schema.json). */
export interface StatusView {
  schemaVersion: 1;
  command: 'status';
  programVersion: string;
  outcome: Outcome;
  /** What the Coordinator is in, in a sentence or two. */
  verdict: string;
  /** What a person does next, line by line; empty when nothing is to be done. */
  next: string[];
  sections: Section[];
}

/** Everything that is shown of a release, judged. */
export function viewOf(facts: StatusFacts, programVersion: string): StatusView {
  // What changes most comes first: a terminal shows as much as has room.
  const sections = [
    coordinatorSection(facts),
    hookSection(facts),
    rollSection(facts),
    identitySection(facts),
    recordSection(facts),
    copiesSection(facts),
    anchorSection(facts),
    marblesSection(facts),
  ];
  return {
    schemaVersion: 1,
    command: 'status',
    programVersion,
    ...verdictOf(facts),
    sections: sections.filter(({ rows }) => rows.length > 0),
  };
}
