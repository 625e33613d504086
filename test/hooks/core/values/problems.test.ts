import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { parse } from 'yaml';
import { valueProblems } from '../../../../hooks/core/values/problems.ts';
import { at, setting, type Tree } from '../../../chart/render.ts';

const defaults = new URL('../../../../charts/marblerun-coordinator/values.yaml', import.meta.url);

/** The chart's own values with one changed. */
function changed(path: string, value: unknown): Tree {
  const values = parse(readFileSync(defaults, 'utf8')) as Tree;
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const section = keys.length === 0 ? values : (at(values, keys.join('.')) as Tree);
  if (value === undefined) Reflect.deleteProperty(section, last);
  else section[last] = value;
  return values;
}

/** A path, a value that does not fit there, and what is said of it. */
const problems: [string, unknown, string, string][] = [
  [
    'coordinator.clientServerPort',
    '4433',
    'coordinator.clientServerPort is the text "4433", but must be a port, 1 to 65535.',
    'Write 4433 without quotes, and use --set instead of --set-string.',
  ],
  [
    'coordinator.version',
    1.9,
    'coordinator.version is 1.9, but must be an image tag.',
    'Write "1.9" in quotes, or use --set-string coordinator.version=1.9.',
  ],
  [
    'coordinator.sealDir',
    undefined,
    'coordinator.sealDir has no value, but must be an absolute path.',
    "Set it, or do not set it to null: the chart's default comes back.",
  ],
  [
    'coordinator.sealdir',
    '/x',
    'coordinator.sealdir is no value of this chart, which ignores it.',
    'Did you mean coordinator.sealDir?',
  ],
  [
    'coordinator.stickiness',
    'none',
    'coordinator.stickiness is no value of this chart, which ignores it.',
    'Did you mean placement.stickiness?',
  ],
  ['coordinator.hsm', true, 'coordinator.hsm is no value of this chart, which ignores it.', 'Remove it.'],
  [
    'coordinator.resources',
    { limits: { 'sgx.intel.com/epc': 'ten' } },
    'coordinator.resources.limits["sgx.intel.com/epc"] is the text "ten", but must be an amount, such as 1, 250m or 10Mi.',
    'Change coordinator.resources.limits["sgx.intel.com/epc"] in the values.',
  ],
  [
    'tolerations',
    [{ effect: 'NoStart' }],
    'tolerations[0].effect is the text "NoStart", but must be NoSchedule, PreferNoSchedule or NoExecute.',
    'Change tolerations[0].effect in the values.',
  ],
  [
    'placement.avoidNodes',
    ['a', 'b', 'a'],
    'placement.avoidNodes lists the text "a" twice.',
    'List it once.',
  ],
  [
    'global.podLabels',
    { 'a b': 'c' },
    'global.podLabels has the key "a b", but must have keys such as team or example.com/team.',
    'Change global.podLabels in the values.',
  ],
  [
    'coordinator.replicas',
    -1,
    'coordinator.replicas is -1, but must be a whole number of at least 0.',
    'Change coordinator.replicas in the values.',
  ],
  [
    'nodeSelector',
    ['linux'],
    'nodeSelector is a list, but must be a map.',
    'Change nodeSelector in the values.',
  ],
];

describe('valueProblems', () => {
  it('finds nothing wrong with the values of the chart', () => {
    expect(valueProblems(parse(readFileSync(defaults, 'utf8')))).to.deep.equal([]);
  });

  for (const [path, value, message, remedy] of problems) {
    it(`says of ${path}: ${value === undefined ? 'nothing' : JSON.stringify(value)} what it is and what it must be`, () => {
      const [found, ...others] = valueProblems(changed(path, value));
      expect(others).to.deep.equal([]);
      expect(found).to.deep.include({ message, remedy });
      expect(message).to.contain(found?.key);
    });
  }

  it('says nothing of a digest, which no label could be, and which the chart made of one', () => {
    for (const path of ['global.podLabels', 'commonLabels']) {
      expect(valueProblems(changed(path, { 'api-token': 'sha256:0123abcd' }))).to.deep.equal([]);
      expect(valueProblems(changed(path, { 'api-token': 'sha256:hunter2' }))).to.have.length(1);
    }
  });

  it('finds everything at once', () => {
    const values = changed('coordinator.replicas', 'one');
    Object.assign(values, setting('nodeSelector', 'linux'));
    expect(valueProblems(values).map(({ key }) => key)).to.have.members([
      'coordinator.replicas',
      'nodeSelector',
    ]);
  });

  it('shows no value where credentials stand', () => {
    const values = changed('coordinator.azureCredentials', { clientID: 4711, clientSecert: 'hush' });
    const text = JSON.stringify(valueProblems(values));
    expect(text).to.contain('coordinator.azureCredentials.clientID is a number');
    expect(text).to.contain('Did you mean coordinator.azureCredentials.clientSecret?');
    expect(text).not.to.match(/4711"|is 4711|hush/);
  });

  it('cuts a long value', () => {
    const [found] = valueProblems(changed('coordinator.hash', `sha256:${'g'.repeat(200)}`));
    expect(found?.message.length).to.be.lessThan(220);
  });
});
