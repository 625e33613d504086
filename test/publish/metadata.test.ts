import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { parse } from 'yaml';
import { chartFile, chartFolder, type ChartFile } from '../../release/chart.ts';
import { at, bothClients, render, type Tree } from '../chart/render.ts';
import { clients } from '../support/helm.ts';

interface Image {
  name: string;
  image: string;
  platforms: string[];
}

const kinds = ['added', 'changed', 'deprecated', 'removed', 'fixed', 'security'];
const shapes = (await readdir(join(chartFolder, 'ci'))).map((file) => join(chartFolder, 'ci', file));

/** Every image that the objects of the chart name, those that hooks start by themselves included. */
async function imagesOf(values: Tree): Promise<string[]> {
  const text = JSON.stringify(await render(values));
  return [...text.matchAll(/"image":"([^"]+)"/g)].flatMap(([, image]) =>
    image === undefined ? [] : [image],
  );
}

describe('Chart.yaml', () => {
  let chart: ChartFile;
  const annotation = (name: string): unknown => parse(chart.annotations[`artifacthub.io/${name}`] ?? '');

  before(async () => {
    chart = await chartFile();
  });

  it('lists for Artifact Hub each image of the chart, as the chart names it, and no other', async () => {
    const rendered = new Set<string>();
    for (const shape of shapes.filter((file) => !file.endsWith('mirror-values.yaml'))) {
      const values = (parse(await readFile(shape, 'utf8')) ?? {}) as Tree;
      for (const image of await imagesOf(values)) rendered.add(image);
    }
    const listed = annotation('images') as Image[];
    expect(listed.map(({ image }) => image)).to.have.members([...rendered]);
    for (const { platforms } of listed) expect(platforms).to.include('linux/amd64');
  });

  it('says what changed in words that Artifact Hub knows', () => {
    const changes = annotation('changes') as { kind: string; description: string }[];
    expect(changes).not.to.be.empty;
    for (const { kind, description } of changes) {
      expect(kinds).to.include(kind);
      expect(description).to.match(/^\S/);
    }
  });

  it('calls a version before 1.0.0 a prerelease, and a later one not', () => {
    expect(annotation('prerelease')).to.equal(chart.version.startsWith('0.'));
  });

  it('names home, sources, icon and who to turn to', () => {
    expect(chart.home).to.match(/^https:/);
    expect(chart.icon).to.match(/^https:.*\.svg$/);
    expect(chart.sources).not.to.be.empty;
    const names = (annotation('links') as { name: string }[]).map(({ name }) => name);
    expect(names).to.include('support');
  });
});

describe('helm lint --strict', function () {
  this.timeout('30s');

  for (const shape of shapes) {
    for (const client of bothClients) {
      it(`has nothing to say about ${shape.replace(/.*\//, '')}, with ${client}`, async () => {
        const { [client]: helm } = await clients();
        const { stdout } = await execa(helm, ['lint', '--strict', chartFolder, '-f', shape]);
        expect(stdout)
          .to.contain('0 chart(s) failed')
          .and.not.match(/\[(INFO|WARNING|ERROR)\]/);
      });
    }

    it(`is of use: ${shape.replace(/.*\//, '')} says what it is for, and makes a Coordinator`, async () => {
      const text = await readFile(shape, 'utf8');
      expect(text).to.match(/^# [A-Z].*\.\n/);
      const manifests = await render((parse(text) ?? {}) as Tree);
      const names = manifests.map((manifest) => `${manifest.kind} ${String(at(manifest, 'metadata.name'))}`);
      expect(names).to.include('Deployment marblerun-coordinator');
    });
  }
});
