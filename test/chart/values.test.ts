import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { isMap, isScalar, parse, parseDocument } from 'yaml';
import { chartValues } from '../../schemas/generate.ts';
import { at, renderText, type Tree } from './render.ts';

const text = await readFile(chartValues, 'utf8');
const values = parse(text) as Tree;

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
  it('says of every value what it is', () => {
    expect(undocumented(parseDocument(text).contents, [], undefined)).to.deep.equal([]);
  });

  it('has the defaults that templates compare with', async () => {
    const { anchor, dcap, injector, networkPolicy, tolerations, version, ...coordinator } = parse(
      await renderText('include "marblerun.defaults" .'),
    ) as Tree;
    expect(values).to.deep.include({ dcap, tolerations });
    expect(values.anchor).to.deep.include(anchor);
    expect(at(values, 'networkPolicy.apiServer')).to.deep.include(at(networkPolicy, 'apiServer'));
    expect(values.marbleInjector).to.deep.include({ ...(injector as Tree), version });
    expect(values.coordinator).to.deep.include(coordinator);
    expect(at(values, 'coordinator.version')).to.equal(version);
  });
});
