import { execa } from 'execa';
import { expect } from 'chai';
import { parse } from 'yaml';
import { helmFlag } from '../../hooks/core/lost/helm-flag.ts';
import { valueAt, type Path } from '../../hooks/core/lost/tree.ts';
import { clients } from '../support/helm.ts';
import { bothClients, chart, type Tree } from './render.ts';

const values: [Path, unknown][] = [
  [['coordinator', 'hostname'], 'a.example,b.example'],
  [['coordinator', 'sealDir'], '/coordinator/data/in ner'],
  [['coordinator', 'debugLogging'], true],
  [['coordinator', 'probes', 'startup', 'failureThreshold'], 60],
  [['coordinator', 'resources', 'limits', 'sgx.intel.com/epc'], '20Mi'],
  [['coordinator', 'resources', 'limits', 'sgx.intel.com/provision'], null],
  [['coordinator', 'resources', 'requests', 'memory'], '1e3'],
  [['global', 'podAnnotations', 'a.b/c'], '{"json": "with, comma"}'],
  [['global', 'podLabels', 'truth'], 'true'],
  [['global', 'createdBy'], ''],
  [['nodeSelector', 'version'], '1.30'],
  [['tolerations'], [{ key: 'infra', operator: 'Exists' }]],
  [
    ['rollout', 'namespaces'],
    ['it-is', 'null'],
  ],
  [['clients'], [{ name: "o'neil", era: '{"UniqueID": "",\n"ProductID": 3, "SecurityVersion": 2}' }]],
];

for (const client of bothClients) {
  describe(`The flags that keep settings, with ${client}`, () => {
    it('bring every kind of value back as it was, through a shell', async () => {
      const { [client]: helm } = await clients();
      const flags = values.map(([path, value]) => helmFlag(path, value)).join(' ');
      const show = '--show-only templates/preflight/configmap.yaml';
      const { stdout } = await execa('sh', ['-c', `${helm} template r ${chart} ${show} ${flags}`]);
      const { data } = parse(stdout) as { data: Record<string, string> };
      const { values: found } = JSON.parse(data['settings.json'] ?? '') as { values: Tree };
      for (const [path, value] of values) {
        expect(valueAt(found, path) ?? null, path.join(' ')).to.deep.equal(value);
      }
    });
  });
}
