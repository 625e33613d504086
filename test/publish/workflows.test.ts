import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { execa } from 'execa';
import { parse } from 'yaml';
import packageJson from '../../package.json' with { type: 'json' };
import { root } from '../../release/bundle.ts';
import defaults from '../../charts/marblerun-coordinator/defaults.json' with { type: 'json' };

interface Workflow {
  permissions: Record<string, string>;
  env?: Record<string, string>;
  jobs: Record<string, { steps: { uses?: string; run?: string }[] }>;
}

const files = ['ci', 'release'] as const;
const text = (name: string) => readFileSync(`${root}/.github/workflows/${name}.yml`, 'utf8');
const workflow = (name: string) => parse(text(name)) as Workflow;
const runs = (name: string) =>
  Object.values(workflow(name).jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));

for (const name of files) {
  describe(`The workflow ${name}.yml`, () => {
    it('pins each action to a commit, and says which version that is', () => {
      const uses = text(name)
        .split('\n')
        .filter((line) => line.includes('uses:'));
      expect(uses).not.to.be.empty;
      for (const line of uses) expect(line).to.match(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    });

    it('runs nothing of this project but its scripts', () => {
      const scripts = runs(name).flatMap((run) => [...run.matchAll(/npm run (?:--silent )?([\w:-]+)/g)]);
      for (const [, script = ''] of scripts) expect(packageJson.scripts).to.have.property(script);
      for (const run of runs(name)) expect(run).not.to.match(/\bnode (?!-p )|\bnpx\b/);
    });

    it('has commands that bash can read, with nothing pasted into them', async () => {
      for (const run of runs(name)) {
        await execa('bash', ['-n'], { input: run });
        expect(run).not.to.contain('${{');
      }
    });

    it('grants nothing to all of its jobs but to read', () => {
      const granted = Object.values(workflow(name).permissions);
      expect(granted.filter((right) => right !== 'read')).to.be.empty;
    });
  });
}

describe('The release', () => {
  const all = runs('release').join('\n');

  it('runs all tests first', () => {
    const [test, pack] = [all.indexOf('npm cit'), all.indexOf('npm run package')];
    expect(test).to.be.greaterThan(-1);
    expect(pack).to.be.greaterThan(test);
  });

  it('asks `npm run package` for what it knows, and for everything that is published', async () => {
    const { stderr: usage } = await execa(process.execPath, ['--run', 'package', '--', '--help'], {
      cwd: root,
    });
    const command = /npm run package --(.*)/.exec(all.replaceAll('\\\n', ' '))?.[1] ?? '';
    const asked = [...command.matchAll(/--([a-z-]+)/g)].map(([option]) => option);
    const known = [...usage.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, option]) => option);
    expect(known).to.include.members(asked);
    expect(asked).to.include.members(['--base', '--url', '--sign', '--keyring']);
  });

  it('pushes the image to where the chart looks for it', () => {
    const { repository, image } = defaults.hooks.image;
    expect(workflow('release').env?.IMAGE).to.equal(`${repository}/${image}`);
  });

  it('builds on the base that the Dockerfile names', () => {
    const dockerfile = readFileSync(`${root}/Dockerfile`, 'utf8');
    expect(dockerfile).to.contain(`FROM ${workflow('release').env?.BASE ?? ''}:nonroot\n`);
  });

  it('shows no secret to a command line', () => {
    for (const secret of ['$KEYRING', '$PASSPHRASE', '$TOKEN']) {
      const lines = all.split('\n').filter((line) => line.includes(`"${secret}"`));
      expect(lines, secret).to.have.lengthOf(1);
      expect(lines[0]).to.match(/<<<"|^printf /);
    }
  });
});
