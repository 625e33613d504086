import { expect } from 'chai';
import table from '../../schemas/releases.json' with { type: 'json' };
import { at, rendered } from './render.ts';

describe('The chart and the table of Coordinator releases', () => {
  for (const { from, probePath, registryPath } of table.releases) {
    it(`agree on the probe and on the image's place from v${from} on`, async () => {
      const values = { coordinator: { version: `v${from}` } };
      const deployment = await rendered('Deployment', 'marblerun-coordinator', values);
      const container = at(deployment, 'spec.template.spec.containers.0');
      expect(at(container, 'readinessProbe.httpGet.path')).to.equal(probePath);
      expect(at(container, 'image')).to.equal(`${registryPath}/coordinator:v${from}`);
    });
  }
});
