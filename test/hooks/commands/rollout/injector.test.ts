import { expect } from 'chai';
import { rollout } from '../../../../hooks/commands/rollout.ts';
import type { Deployment } from '../../../../hooks/core/objects.ts';
import { paths } from '../../../../hooks/io/paths.ts';
import { deployment, marble, namespace } from '../../builders.ts';
import { commandsOf } from '../../commands.ts';
import { putMarble, startedUnder } from '../../marbles.ts';
import { session, type SessionOptions, type TestSession } from '../../session.ts';

const injectorPath = paths.deployment(namespace, 'marble-injector');

/** A rollout with one Marble to restart, and with an injector that has not rolled out yet. */
function withInjector(options: SessionOptions = {}): TestSession {
  const given = session({
    settings: ({ values, rollout: settings }) => {
      values.marbleInjector = { start: true };
      settings.nonce = 'changed';
    },
    ...options,
  });
  putMarble(given.cluster, marble('web', startedUnder('other')));
  given.cluster.put(
    injectorPath,
    deployment((object) => {
      object.metadata.name = 'marble-injector';
      object.spec.selector = { matchLabels: { 'app.kubernetes.io/name': 'marble-injector' } };
      object.status = { observedGeneration: 3 };
    }),
  );
  given.cluster.afterWrite = ({ verb, path }) => {
    if (verb === 'patch' && path.includes('/deployments/')) given.cluster.settle(path);
  };
  return given;
}

const restarts = (given: TestSession): string[] =>
  commandsOf(given.cluster).filter((command) => command.includes('/shop/'));

describe('rollout with an injector', () => {
  it('restarts Marbles only once it has rolled out', async () => {
    const given = withInjector();
    let looks = 0;
    given.cluster.beforeGet = (path) => {
      if (path !== injectorPath) return;
      expect(restarts(given)).to.deep.equal([]);
      if (++looks === 3) given.cluster.settle(injectorPath);
    };
    expect(await rollout(given)).to.equal(0);
    expect(looks).to.equal(3);
    expect(restarts(given)).to.have.length(1);
  });

  it('fails where it does not come up, says why and how to go on, and changes nothing', async () => {
    const given = withInjector({ deadlineSeconds: 20 });
    expect(await rollout(given)).to.equal(1);
    expect(given.cluster.changes()).to.deep.equal([]);
    const [finding] = given.report().findings;
    expect(finding).to.include({ code: 'injector-down', severity: 'block' });
    expect(finding?.message).to.contain('the time is up first');
    expect(finding?.remedy).to.contain('secret/marble-injector-webhook-certs');
  });

  it('fails at once where it is gone', async () => {
    const given = withInjector();
    given.cluster.objects.delete(injectorPath);
    expect(await rollout(given)).to.equal(1);
    expect(given.clock.sleeps).to.deep.equal([]);
    expect(given.report().findings[0]?.message).to.contain(
      'deployment/marble-injector in marblerun is not there',
    );
  });

  it('does not look at one that the release does not have', async () => {
    const given = withInjector({ settings: ({ rollout: settings }) => (settings.nonce = 'changed') });
    given.cluster.beforeGet = (path) => {
      expect(path).not.to.equal(injectorPath);
    };
    expect(await rollout(given)).to.equal(0);
    expect((given.cluster.objects.get(injectorPath) as unknown as Deployment).status).to.deep.equal({
      observedGeneration: 3,
    });
  });
});
