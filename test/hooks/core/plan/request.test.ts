import { expect } from 'chai';
import {
  isGiven,
  lastValue,
  readPlanRequest,
  refuseIdentityVariables,
  type HelmFlag,
  type PlanRequest,
} from '../../../../hooks/core/plan/request.ts';
import { SettingsError } from '../../../../hooks/core/settings.ts';

function read(line: string): PlanRequest {
  const request = readPlanRequest(line.split(' '));
  if (request === undefined) throw new Error('it asks for help');
  return request;
}

/** Command line, then release, chart and the flags by name and value. */
const accepted: [string, string, string, [string, string | undefined][]][] = [
  ['web ./chart', 'web', './chart', []],
  ['web ./chart -n shop', 'web', './chart', [['--namespace', 'shop']]],
  ['-n shop web ./chart', 'web', './chart', [['--namespace', 'shop']]],
  ['-nshop web ./chart', 'web', './chart', [['--namespace', 'shop']]],
  ['-n=shop web ./chart', 'web', './chart', [['--namespace', 'shop']]],
  ['--reuse-values web ./chart', 'web', './chart', [['--reuse-values', undefined]]],
  ['web --wait ./chart', 'web', './chart', [['--wait', undefined]]],
  ['web ./chart --wait=legacy', 'web', './chart', [['--wait', 'legacy']]],
  ['web ./chart --set a=b=c', 'web', './chart', [['--set', 'a=b=c']]],
  ['web ./chart --set=a=b', 'web', './chart', [['--set', 'a=b']]],
  ['web ./chart -f -', 'web', './chart', [['--values', '-']]],
  ['web ./chart --kube-context lab', 'web', './chart', [['--kube-context', 'lab']]],
  ['web ./chart --of-tomorrow=1', 'web', './chart', [['--of-tomorrow', '1']]],
];

const refused: [string, RegExp][] = [
  ['web', /^plan needs the release and the chart/],
  ['web ./chart more', /^unexpected argument "more"; a flag of Helm that plan does not know/],
  ['web ./chart --of-tomorrow 1', /unexpected argument "1"/],
  ['web ./chart --set', /^--set needs a value$/],
  ['web ./chart --output yaml', /^--output must be text, json or markdown, not "yaml"$/],
  ['web ./chart -if values.yaml', /^write the flags of "-if" apart$/],
  ['web ./chart --kube-token abc', /cannot follow --kube-token: write it into a kubeconfig/],
  ['web ./chart --kube-as-user eve', /cannot follow --kube-as-user/],
];

describe('readPlanRequest', () => {
  for (const [line, release, chart, flags] of accepted) {
    it(`understands "${line}" as Helm does`, () => {
      const request = read(line);
      expect(request).to.include({ release, chart, format: 'text' });
      expect(request.flags.map(({ name, value }) => [name, value])).to.deep.equal(flags);
    });
  }

  for (const [line, message] of refused) {
    it(`refuses "${line}" and names what is wrong`, () => {
      expect(() => read(line)).to.throw(SettingsError, message);
    });
  }

  it('keeps the words of each flag as they were typed', () => {
    const { flags } = read('web ./chart --set a=b -nshop --version=1.2');
    expect(flags.map(({ words }) => words)).to.deep.equal([['--set', 'a=b'], ['-nshop'], ['--version=1.2']]);
  });

  it('takes --output for itself, in each spelling', () => {
    for (const line of [
      'web ./chart -o markdown',
      'web ./chart --output=markdown',
      'web ./chart -omarkdown',
    ]) {
      const request = read(line);
      expect(request, line).to.include({ format: 'markdown' });
      expect(request.flags, line).to.deep.equal([]);
    }
  });

  it('asks for help where that is asked for', () => {
    expect(readPlanRequest(['--help'])).to.equal(undefined);
    expect(readPlanRequest(['web', './chart', '-h'])).to.equal(undefined);
  });
});

describe('refuseIdentityVariables', () => {
  it('refuses an environment that has Helm speak to another cluster', () => {
    expect(() => {
      refuseIdentityVariables({ HELM_KUBEAPISERVER: 'https://other' });
    }).to.throw(SettingsError, 'cannot follow HELM_KUBEAPISERVER');
  });

  it('lets an environment pass that chooses within a kubeconfig', () => {
    expect(() => {
      refuseIdentityVariables({ KUBECONFIG: '/a:/b', HELM_KUBECONTEXT: 'lab', HELM_KUBETOKEN: '' });
    }).not.to.throw();
  });
});

describe('flags', () => {
  const flags: HelmFlag[] = [
    { name: '--timeout', value: '1m', words: [] },
    { name: '--timeout', value: '2m', words: [] },
    { name: '--wait', value: 'false', words: [] },
    { name: '--install', words: [] },
  ];

  it('count by their last value', () => {
    expect(lastValue(flags, '--timeout')).to.equal('2m');
    expect(lastValue(flags, '--version')).to.equal(undefined);
  });

  it('are not given when they are taken back', () => {
    expect(isGiven(flags, '--wait')).to.equal(false);
    expect(isGiven(flags, '--wait', '--install')).to.equal(true);
  });
});
