import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { parse } from 'yaml';
import { chartFolder } from '../../release/chart.ts';
import { find, isBuiltIn, render, type Manifest, type Tree } from '../chart/render.ts';
import { useLab } from './shared-lab.ts';
import { writeSchemas } from '../lab/openapi.ts';
import { built, kubeconformProgram } from '../lab/programs.ts';
import { temporary } from '../publish/release.ts';

interface Result {
  resources: { kind: string; name: string; status: string; msg: string }[];
}

const shapes = await readdir(join(chartFolder, 'ci'));

describe('The objects of the chart, under the schemas of the API server', function () {
  this.timeout('5m');
  const lab = useLab();
  const rendered = new Map<string, Manifest[]>();
  let judge: (manifests: readonly Manifest[]) => Promise<Result['resources']>;

  before(async () => {
    for (const shape of shapes) {
      const values = parse(await readFile(join(chartFolder, 'ci', shape), 'utf8')) as Tree | null;
      rendered.set(shape, (await render(values ?? {})).filter(isBuiltIn));
    }
    const kinds = new Set([...rendered.values()].flat().map(({ kind }) => kind));
    const location = await writeSchemas(lab(), await temporary(), kinds);
    const kubeconform = await built(kubeconformProgram, console.log);
    judge = async (manifests) => {
      const { stdout } = await execa(
        kubeconform,
        ['-schema-location', location, '-output', 'json', '-verbose'],
        { input: manifests.map((manifest) => JSON.stringify(manifest)).join('\n---\n'), reject: false },
      );
      return (JSON.parse(stdout) as Result).resources;
    };
  });

  for (const shape of shapes) {
    it(`are valid with ${shape}`, async () => {
      const manifests = rendered.get(shape) ?? [];
      const resources = await judge(manifests);
      expect(resources).to.have.lengthOf(manifests.length);
      expect(resources.filter(({ status }) => status !== 'statusValid')).to.deep.equal([]);
    });
  }

  it('are not valid with a key that nobody knows, or a value of another type', async () => {
    const deployment = find(rendered.get('default-values.yaml') ?? [], 'Deployment', 'marblerun-coordinator');
    const spec = deployment.spec as Tree;
    const wrong = [{ replica: 1 }, { replicas: 'one' }].map((key) => ({
      ...deployment,
      spec: { ...spec, ...key },
    }));
    const statuses = (await judge(wrong)).map(({ status }) => status);
    expect(statuses).to.deep.equal(['statusInvalid', 'statusInvalid']);
  });
});
