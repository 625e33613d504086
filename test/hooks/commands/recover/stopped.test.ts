import { expect } from 'chai';
import { recover } from '../../../../hooks/commands/recover.ts';
import { ExitCode } from '../../../../hooks/core/exit-code.ts';
import { paths } from '../../../../hooks/io/paths.ts';
import { coordinatorName, namespace } from '../../builders.ts';
import { alice, bob, carol, share, two, world, type World, type WorldOptions } from '../../recover-world.ts';
import { encryptedFor } from '../../core/recovery/parties.ts';

const error = new Error('stopped by SIGINT');

/** A world whose person presses Ctrl-C when a step begins that is named so; whatever is on its way then fails. */
function interruptedAt(step: RegExp, options: WorldOptions = {}): World {
  const stop = new AbortController();
  const made = world({
    given: two,
    refuse: () => {
      stop.signal.throwIfAborted();
      return undefined;
    },
    ...options,
  });
  made.tools.signal = stop.signal;
  const connect = made.tools.connect;
  made.tools.connect = (signal) => {
    stop.signal.throwIfAborted();
    return connect(signal);
  };
  made.tools.step = (line) => {
    made.steps.push(line);
    if (step.test(line)) stop.abort(error);
  };
  return made;
}

async function saidOf(made: World): Promise<string> {
  expect(await recover(made.tools)).to.equal(ExitCode.Stopped);
  expect(made.stopped).to.have.lengthOf(1);
  return made.stopped.join('');
}

describe('recover that is stopped', () => {
  it('says that no secret was taken before the first was sent', async () => {
    const made = interruptedAt(/^Asking the cluster and the Coordinator$/);
    expect(await saidOf(made)).to.equal('the Coordinator has taken no secret.');
    expect(made.uploads).to.deep.equal([]);
    expect(made.results).to.deep.equal([]);
  });

  it('names whose secret was taken, whose has no answer, and whose was not sent', async () => {
    const three = [alice, bob, carol];
    const given = {
      secrets: three.map((each) => encryptedFor(each, share)),
      keys: three.map(({ key }) => key),
    };
    const made = interruptedAt(/^Uploading the secret of bob/, { given, threshold: 3 });
    expect(await saidOf(made)).to.equal(
      'taken: the secret of alice (alice.enc); sent, but without an answer: that of bob (bob.enc); not sent: that of ' +
        'carol (carol.enc). Run the same command again: a secret that is uploaded twice costs nothing.',
    );
    expect(made.results).to.deep.equal([]);
  });

  it('does not say that a Coordinator is recovered that was not seen with its state', async () => {
    const made = interruptedAt(/^Waiting until the Coordinator has opened its state$/);
    expect(await saidOf(made)).to.equal(
      'taken: the secret of alice (alice.enc), bob (bob.enc). Run the same command again: a secret that is uploaded twice costs nothing.',
    );
  });

  it('says that the Coordinator is recovered, and what the rollout may need', async () => {
    const made = interruptedAt(/^Asking whether a rollout waits for it$/);
    made.tools.rollout.cluster = () => {
      throw error;
    };
    expect(await saidOf(made)).to.contain('the Coordinator is recovered. If an upgrade had failed by it');
    expect(made.results).to.have.lengthOf(1);
  });

  it('says that Helm was stopped in the middle', async () => {
    const made = interruptedAt(/^helm rollback/);
    const labels = { owner: 'helm', name: coordinatorName, status: 'failed', version: '10' };
    const secret = { metadata: { name: 'v10', namespace, labels } };
    made.cluster.put(paths.secret(namespace, 'v10'), secret);
    made.tools.rollout.always = true;
    made.tools.rollout.helm = () => Promise.resolve(1);
    expect(await saidOf(made)).to.match(
      /recovered, and helm rollback \S+ 10 -n \S+ was stopped in the middle: helm history/,
    );
  });
});
