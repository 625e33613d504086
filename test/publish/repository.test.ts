import { once } from 'node:events';
import { cp, readFile, writeFile } from 'node:fs/promises';
import type { AddressInfo, Server } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { chartFile, chartFolder } from '../../release/chart.ts';
import { bothClients } from '../chart/render.ts';
import { fileServer } from '../support/file-server.ts';
import { helmOf } from './clients.ts';
import { date, packaged, temporary } from './release.ts';

interface Index {
  generated: string;
  entries: Record<string, { version: string; created: string; urls: string[] }[]>;
}

describe('The repository of the chart', function () {
  this.timeout('30s');
  let server: Server;
  let url: string;
  let version: string;

  before(async () => {
    const folder = await temporary();
    server = fileServer(folder).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await cp(await packaged(['--url', url]), folder, { recursive: true });
    ({ version } = await chartFile());
  });

  after(() => {
    server.close();
  });

  for (const client of bothClients) {
    it(`is added, updated, searched and rendered from over HTTP, with ${client}`, async () => {
      const helm = await helmOf(client);
      await helm('repo', 'add', 'edgeless', url);
      await helm('repo', 'update');
      const [found] = JSON.parse(await helm('search', 'repo', 'marblerun', '-o', 'json')) as {
        version: string;
      }[];
      expect(found?.version).to.equal(version);
      const release = ['marblerun-coordinator', '-n', 'marblerun', '--no-hooks'];
      const rendered = await helm(
        'template',
        'edgeless/marblerun-coordinator',
        '--name-template',
        ...release,
      );
      expect(rendered).to.contain('kind: Deployment');
      expect(rendered).to.equal(await helm('template', chartFolder, '--name-template', ...release));
    });
  }

  it('keeps the versions of an older index, and their dates', async () => {
    const older = join(await temporary(), 'index.yaml');
    const created = '2025-06-07T08:09:10Z';
    const urls = ['https://charts.example.com/marblerun-coordinator-0.0.1.tgz'];
    const entry = { name: 'marblerun-coordinator', apiVersion: 'v2', version: '0.0.1', created, urls };
    const index = { apiVersion: 'v1', generated: created, entries: { [entry.name]: [entry] } };
    await writeFile(older, JSON.stringify(index));
    const merged = await packaged(['--url', url, '--merge', older]);
    const { entries, generated } = parse(await readFile(join(merged, 'index.yaml'), 'utf8')) as Index;
    expect(new Date(generated)).to.deep.equal(date);
    const dates = entries[entry.name]?.map((each) => [each.version, new Date(each.created)]);
    expect(dates).to.deep.equal([
      [version, date],
      ['0.0.1', new Date(created)],
    ]);
  });
});
