import { expect } from 'chai';
import { recover } from '../../../../hooks/commands/recover.ts';
import { ExitCode } from '../../../../hooks/core/exit-code.ts';
import { paths } from '../../../../hooks/io/paths.ts';
import { coordinatorName, namespace } from '../../builders.ts';
import { two, world, type World } from '../../recover-world.ts';

describe('recover, and the rollout that was held up', () => {
  /** A revision as Helm keeps it. */
  const stored = (revision: number, status: string) => ({
    metadata: {
      name: `sh.helm.release.v1.${coordinatorName}.v${revision}`,
      namespace,
      labels: { owner: 'helm', name: coordinatorName, status, version: String(revision) },
    },
  });
  const withRevisions = (made: World, path: typeof paths.secret = paths.secret): World => {
    for (const [revision, status] of [
      [9, 'deployed'],
      [10, 'failed'],
    ] as const) {
      const object = stored(revision, status);
      made.cluster.put(path(namespace, object.metadata.name), object);
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

  it('finds the revision where HELM_DRIVER has Helm keep it', async () => {
    const made = withRevisions(world({ given: two }), paths.configMap);
    made.tools.rollout.driver = 'configmap';
    expect(await recover(made.tools)).to.equal(ExitCode.Fine);
    expect(made.said.join('')).to.contain(`helm rollback ${coordinatorName} 10 -n ${namespace}`);
  });

  it('speaks in general where Helm keeps it in a database, or it may not be seen', async () => {
    const elsewhere = withRevisions(world({ given: two }));
    elsewhere.tools.rollout.driver = 'sql';
    const closed = withRevisions(world({ given: two }));
    const error = { kind: 'forbidden', message: 'secrets is forbidden' } as const;
    closed.cluster.refusals.push({ verb: 'list', path: /secrets/, error });
    for (const [made, why] of [
      [elsewhere, 'HELM_DRIVER is sql'],
      [closed, 'secrets is forbidden'],
    ] as const) {
      expect(await recover(made.tools)).to.equal(ExitCode.Fine);
      expect(made.said.join('')).to.contain('run the same helm command again').and.to.contain(why);
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
