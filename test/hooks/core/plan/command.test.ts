import { expect } from 'chai';
import { dryRunArguments, upgradeCommand } from '../../../../hooks/core/plan/command.ts';
import { readPlanRequest, type PlanRequest } from '../../../../hooks/core/plan/request.ts';

function request(...words: string[]): PlanRequest {
  const read = readPlanRequest(['web', './chart', ...words]);
  if (read === undefined) throw new Error('it asks for help');
  return read;
}

function commandOf(...words: string[]): string {
  return upgradeCommand(request(...words), { install: false, acknowledge: [] }).command;
}

describe('dryRunArguments', () => {
  it('ask Helm for a dry run on the server, with the flags as typed', () => {
    expect(dryRunArguments(request('-n', 'shop', '--reuse-values', '--set=a=b', '--wait'))).to.deep.equal([
      'upgrade',
      'web',
      './chart',
      '-n',
      'shop',
      '--reuse-values',
      '--set=a=b',
      '--wait',
      '--install',
      '--dry-run=server',
      '--output=json',
    ]);
  });

  it('leave out what would make it no dry run, say too much, or leave the hooks away', () => {
    const flags = ['--dry-run=none', '--dry-run', '--debug', '-i', '--no-hooks', '--hide-secret'];
    expect(dryRunArguments(request(...flags))).to.deep.equal(dryRunArguments(request()));
  });
});

/** What is typed, and what is shown of it: a text, or undefined where it is shown as it is. */
const shown: [string[], string | undefined][] = [
  [['-n', 'shop', '--no-hooks'], undefined],
  [['--set', 'coordinator.version=v1.9.0,rollout.nonce=a'], "'coordinator.version=v1.9.0,rollout.nonce=a'"],
  [['--set', 'a.password=pass,b=c'], "--set 'a.password=…,b=c'"],
  [['--set=a.password=x'], "'--set=a.password=…'"],
  [['--set', 'coordinator.azureCredentials.clientSecret=a\\,b,c=d'], "clientSecret=…,c=d'"],
  [['--set', 'coordinator.extraEnv[0].value=x'], "'coordinator.extraEnv[0].value=…'"],
  [['--set-json', 'a={"token":"x"}'], "--set-json 'a=…'"],
  [['--set', 'global.imagePullSecrets={a,b}'], "'global.imagePullSecrets={a,b}'"],
  [['--set-file', 'a.password=./file'], undefined],
  [['--password', 'x', '--username', 'me'], "--password '…' --username me"],
  [['--repo', 'https://me:pass@charts.example'], "--repo 'https://…@charts.example'"],
];

describe('upgradeCommand', () => {
  for (const [words, text] of shown) {
    it(`shows ${words.join(' ')} ${text === undefined ? 'as it is' : `as ${text}`}`, () => {
      const command = commandOf(...words);
      expect(command).to.match(/^helm upgrade web \.\/chart /);
      expect(command).to.contain(text ?? words.join(' '));
      for (const secret of ['pass@', '=pass', '"x"', 'value=x', 'password=x']) {
        expect(command).not.to.contain(secret);
      }
    });
  }

  it('says when it hides something', () => {
    const hides = (...words: string[]) =>
      upgradeCommand(request(...words), { install: false, acknowledge: [] }).hidesSecrets;
    expect(hides('--set', 'a.password=x')).to.equal(true);
    expect(hides('--set', 'a.version=x')).to.equal(false);
  });

  it('installs where there is no release, and accepts with all tokens in one flag', () => {
    const tokens = ['may-move:0a1b2c3d', 'setting-lost:4e5f6071'];
    const { command } = upgradeCommand(request('-i', '--dry-run'), { install: true, acknowledge: tokens });
    expect(command).to.equal(
      "helm upgrade --install web ./chart --set 'hooks.acknowledge={may-move:0a1b2c3d,setting-lost:4e5f6071}'",
    );
  });
});
