import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { parse } from 'yaml';
import { isTree, valueAt, type Tree } from '../../hooks/core/lost/tree.ts';
import { chartValues, valuesSource } from '../../schemas/generate.ts';

interface Schema {
  description?: string;
  properties?: Record<string, Schema>;
}

const page = await readFile(new URL('../../docs/moving-from-upstream.md', import.meta.url), 'utf8');
const theirs = parse(
  await readFile(new URL('../fixtures/upstream-values.yaml', import.meta.url), 'utf8'),
) as Tree;
const ours = parse(await readFile(chartValues, 'utf8')) as Tree;

/** Paths of everything that is not a map with entries. */
function leaves(tree: Tree, path: readonly string[] = []): string[][] {
  return Object.entries(tree).flatMap(([key, value]) => {
    const here = [...path, key];
    return isTree(value) && Object.keys(value).length > 0 ? leaves(value, here) : [here];
  });
}

/** The rows of the first table below a heading, as their cells. */
function rows(heading: string): string[][] {
  const section = page.split(/^#+ /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) => line.split('|').map((cell) => cell.trim()));
}

const keysIn = (heading: string): string[] => rows(heading).map(([, key = '']) => key.replaceAll('`', ''));

/** Whether a row is about a key: `a.b` about itself and what is below it, `a.*` about what is below. */
function covers(row: string, key: string): boolean {
  const section = row.replace(/\.\*$/, '');
  return key === section || key.startsWith(`${section}.`);
}

/** Keys that a schema calls keys of older charts; a section stands for the keys in it. */
function oldKeys({ properties = {} }: Schema, path: readonly string[] = []): string[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const here = [...path, name];
    const below = Object.keys(schema.properties ?? {}).map((key) => [...here, key].join('.'));
    if (schema.description?.startsWith('Key') !== true) return oldKeys(schema, here);
    return below.length > 0 ? below : [here.join('.')];
  });
}

describe("The comparison with MarbleRun's own chart", () => {
  const keys = leaves(theirs);

  it('has one row for each key of that chart', () => {
    for (const key of keys.map((path) => path.join('.'))) {
      const about = keysIn('Values, one by one').filter((row) => covers(row, key));
      expect(about, key).to.have.length(1);
    }
  });

  it('has no row for anything else', () => {
    for (const row of keysIn('Values, one by one')) {
      expect(
        keys.some((path) => covers(row, path.join('.')) || row === path.join('.')),
        row,
      ).to.equal(true);
    }
  });

  it('is right that each key has the same name and default here', () => {
    expect(page).to.contain('with the same name and the same default');
    for (const path of keys) {
      expect(valueAt(ours, path), path.join('.')).to.deep.equal(valueAt(theirs, path));
    }
  });

  it('has a row for each key of older charts that the schema or the templates know', async () => {
    const schema = JSON.parse(await readFile(valuesSource, 'utf8')) as Schema;
    const known = [...oldKeys(schema), 'global.coordinatorImageVersion'];
    expect(keysIn('Keys of older charts')).to.have.members(known);
  });
});
