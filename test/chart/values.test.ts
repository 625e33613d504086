import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { isMap, isScalar, parse, parseDocument } from 'yaml';
import { chartValues } from '../../schemas/generate.ts';
import { at, renderText, type Tree } from './render.ts';

const upstream = new URL('../fixtures/upstream-values.yaml', import.meta.url);

const text = await readFile(chartValues, 'utf8');
const values = parse(text) as Tree;

/** Dotted paths of everything below that is not a map with entries. */
function leaves(tree: Tree, path: string[] = []): string[][] {
  return Object.entries(tree).flatMap(([key, value]) => {
    const inner = isTree(value) && Object.keys(value).length > 0;
    return inner ? leaves(value, [...path, key]) : [[...path, key]];
  });
}

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const valueAt = (tree: Tree, path: string[]): unknown =>
  path.reduce<unknown>((node, key) => (node as Tree | undefined)?.[key], tree);

/** Paths of the entries that have no `# --` comment, neither themselves nor on a map above them. */
function undocumented(node: unknown, path: string[], inherited: string | null | undefined): string[] {
  if (!isMap(node)) return [path.join('.')];
  return node.items.flatMap(({ key, value }, index) => {
    if (!isScalar(key)) return [];
    const comment = key.commentBefore ?? (index === 0 ? inherited : undefined);
    if (comment?.includes(' -- ') === true) return [];
    return undocumented(value, [...path, String(key.value)], isMap(value) ? value.commentBefore : undefined);
  });
}

describe('values.yaml', () => {
  it('has every key of the chart `marblerun` 1.9.1, with the same default', async () => {
    const theirs = parse(await readFile(upstream, 'utf8')) as Tree;
    for (const path of leaves(theirs)) {
      expect(valueAt(values, path), path.join('.')).to.deep.equal(valueAt(theirs, path));
    }
  });

  it('says of every value what it is', () => {
    expect(undocumented(parseDocument(text).contents, [], undefined)).to.deep.equal([]);
  });

  it('has the defaults that templates compare with', async () => {
    const { anchor, dcap, injector, tolerations, version, ...coordinator } = parse(
      await renderText('include "marblerun.defaults" .'),
    ) as Tree;
    expect(values).to.deep.include({ dcap, tolerations });
    expect(values.anchor).to.deep.include(anchor);
    expect(values.marbleInjector).to.deep.include({ ...(injector as Tree), version });
    expect(values.coordinator).to.deep.include(coordinator);
    expect(at(values, 'coordinator.version')).to.equal(version);
  });
});
