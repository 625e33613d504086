import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { parse } from 'yaml';
import { watchReasons } from '../../hooks/core/watch/events.ts';

const text = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const page = text('docs/watch.md');
const { anchor } = parse(text('charts/marblerun-coordinator/values.yaml')) as {
  anchor: Record<string, unknown>;
};

describe('docs/watch.md', () => {
  it('has one row for each reason of an Event, and none for another', () => {
    const documented = [...page.matchAll(/^\| `(Coordinator\w+)` +\| (Normal|Warning) /gm)].map(
      ([, reason]) => reason,
    );
    expect(documented.toSorted()).to.deep.equal([...watchReasons].toSorted());
  });

  it('tells the values and their defaults', () => {
    for (const key of ['graceSeconds', 'downSeconds']) {
      expect(page).to.match(new RegExp(`^\\| \`anchor.${key}\` +\\| ${String(anchor[key])} +\\|`, 'm'));
    }
  });
});
