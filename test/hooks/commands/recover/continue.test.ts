import { expect } from 'chai';
import { recover } from '../../../../hooks/commands/recover.ts';
import { ExitCode } from '../../../../hooks/core/exit-code.ts';
import { paths } from '../../../../hooks/io/paths.ts';
import { coordinatorName, namespace } from '../../builders.ts';
import { two, world, type World } from '../../recover-world.ts';

describe('recover, and the rollout that was held up', () => {
  /** The newest revision as Helm keeps it. */
  const helmSecret = (revision: number, status: string) => ({
    metadata: {
      name: `sh.helm.release.v1.${coordinatorName}.v${revision}`,
      namespace,
      labels: { owner: 'helm', name: coordinatorName, status, version: String(revision) },
    },
  });
  const withRevisions = (made: World): World => {
    for (const [revision, status] of [
      [9, 'deployed'],
      [10, 'failed'],
    ] as const) {
      const secret = helmSecret(revision, status);
      made.cluster.put(paths.secret(namespace, secret.metadata.name), secret);
    }
    return made;
  };

  it('names the command that goes on, and runs nothing where nobody can be asked', async () => {
    const made = withRevisions(world({ given: two }));
    expect(await recover(made.tools)).to.equal(ExitCode.Fine);
    expect(made.said.join('')).to.contain(`helm rollback ${coordinatorName} 10 -n ${namespace}`);
    expect(made.helmRuns).to.deep.equal([]);
  });

  it('goes on where a person agrees, or has said so beforehand', async () => {
    for (const more of [{ confirm: () => Promise.resolve(true) }, { always: true }]) {
      const made = withRevisions(world({ given: two }));
      Object.assign(made.tools.rollout, more);
      expect(await recover(made.tools)).to.equal(ExitCode.Fine);
      expect(made.helmRuns).to.deep.equal([['rollback', coordinatorName, '10', '-n', namespace]]);
    }
  });

  it('leaves it to the hook that waits', async () => {
    const made = withRevisions(world({ given: two }));
    const job = { metadata: { name: 'marblerun-coordinator-rollout' }, status: {} };
    made.cluster.put(paths.job(namespace, 'marblerun-coordinator-rollout'), job);
    made.tools.rollout.always = true;
    expect(await recover(made.tools)).to.equal(ExitCode.Fine);
    expect(made.said.join('')).to.contain('goes on by itself');
    expect(made.helmRuns).to.deep.equal([]);
  });
});
