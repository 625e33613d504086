import { expect } from 'chai';
import type { PreflightFacts } from '../../../../hooks/core/facts.ts';
import type { Finding } from '../../../../hooks/core/findings.ts';
import { facts, type Change } from '../../builders.ts';

/** A title, what is changed about the facts, and the findings as `severity code`. */
export type Case = [string, Change<PreflightFacts>, string[]];

/** A test for each case of a check. */
export function cases(check: (facts: PreflightFacts) => Finding[], table: Case[]): void {
  for (const [title, change, expected] of table) {
    it(title, () => {
      const found = check(facts(change)).map(({ severity, code }) => `${severity} ${code}`);
      expect(found).to.deep.equal(expected);
    });
  }
}
