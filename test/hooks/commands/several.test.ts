import { Ajv } from 'ajv';
import { expect } from 'chai';
import { roll } from '../../../hooks/commands/roll/roll.ts';
import { rollout } from '../../../hooks/commands/rollout.ts';
import { watch } from '../../../hooks/commands/watch.ts';
import { startConditions } from '../../../hooks/core/marbles/conditions.ts';
import type { CoordinatorFacts } from '../../../hooks/core/states.ts';
import { gatherPreflight } from '../../../hooks/io/gather/preflight.ts';
import { paths } from '../../../hooks/io/paths.ts';
import recordSchema from '../../../schemas/record.schema.json' with { type: 'json' };
import { anchorPod, coordinator, coordinatorName, marble, namespace, node, rolledOut } from '../builders.ts';
import { member } from '../core/roll/members.ts';
import { putMarble, settleAfter } from '../marbles.ts';
import { recorded } from '../record.ts';
import { rejection } from '../rejection.ts';
import { session, type TestSession } from '../session.ts';
import { podOn, sharing } from '../several.ts';
import { TestClock } from '../test-clock.ts';
import { limits } from '../watching.ts';

/** The pods `a` on sgx-1 and `bb` on sgx-2, by their addresses. */
const [a, bb] = ['https://10.244.1.1:4433', 'https://10.244.1.2:4433'];
const fitsRecord = new Ajv().compile(recordSchema);

/** A session with two Coordinators that share a state, each of which answers for itself. */
function twoCoordinators(answers: Record<string, () => CoordinatorFacts>): TestSession {
  const given = session();
  const { cluster } = given;
  const old = [...cluster.objects.keys()].filter((path) => path.includes('/pods/marblerun-coordinator-7c9'));
  for (const path of old) cluster.objects.delete(path);
  cluster.put(
    paths.deployment(namespace, coordinatorName),
    sharing((object) => (object.status = rolledOut(3, 2))),
  );
  for (const pod of [podOn('a', 'sgx-1'), podOn('bb', 'sgx-2')]) {
    cluster.put(paths.pod(namespace, pod.metadata.name), pod);
  }
  const facts = async (url: string) => {
    await Promise.resolve();
    const answer = answers[url];
    if (answer === undefined) throw new Error('connect ECONNREFUSED');
    return structuredClone(answer());
  };
  given.coordinatorAt = (url) => ({
    facts: async () => await facts(url),
    state: async () => (await facts(url)).state,
  });
  return given;
}

const ready = (): CoordinatorFacts => coordinator();
const without = (): CoordinatorFacts => ({ state: 1 });

describe('two Coordinators that share a state', () => {
  it('are rolled out when both are in state 3, and the record knows both nodes', async () => {
    const given = twoCoordinators({ [a]: ready, [bb]: ready });
    expect(await rollout(given)).to.equal(0);
    expect(recorded(given.cluster).coordinator).to.deep.include({
      node: 'sgx-1',
      nodes: ['sgx-1', 'sgx-2'],
    });
    expect(fitsRecord(recorded(given.cluster)), JSON.stringify(fitsRecord.errors)).to.equal(true);
    expect(given.report().facts).to.deep.include({ name: 'Nodes', value: 'sgx-1, sgx-2' });
    expect(given.report().findings).to.deep.equal([]);
  });

  it('are waited for while one has not got the key yet', async () => {
    const start = { at: 0 };
    const given = twoCoordinators({
      [a]: ready,
      [bb]: () => (given.clock.now() - start.at > 20_000 ? ready() : without()),
    });
    start.at = given.clock.now();
    expect(await rollout(given)).to.equal(0);
    expect(given.clock.now() - start.at).to.be.greaterThan(20_000);
    expect(given.progress.join('\n')).to.contain(
      'pod/a is in state 3 AcceptingMarbles, pod/bb is in state 1 Recovery',
    );
  });

  it('touch no Marble while one never gets the key', async () => {
    const given = twoCoordinators({ [a]: ready, [bb]: without });
    putMarble(given.cluster, marble('web'));
    const error = await rejection(rollout(given));
    expect(String(error)).to.contain('pod/bb is in state 1 Recovery');
    expect(given.cluster.changes()).to.deep.equal([]);
  });

  it('need recovery when both do, at the pod that is named', async () => {
    const given = twoCoordinators({ [a]: without, [bb]: without });
    expect(await rollout(given)).to.equal(1);
    const [finding] = given.report().findings;
    expect(finding).to.include({ code: 'recovery-needed', subject: 'pod/a' });
  });

  it('hold the next Marble while one of them needs the key, and let it go afterwards', async () => {
    const given = twoCoordinators({ [a]: ready, [bb]: () => (late() ? ready() : without()) });
    const start = given.clock.now();
    const late = () => given.clock.now() - start > 5000;
    putMarble(given.cluster, marble('web'));
    settleAfter(given, 1);
    const { onSleep } = given.clock;
    given.clock.onSleep = () => {
      if (!late()) expect(given.cluster.changes()).to.deep.equal([]);
      onSleep();
    };
    const conditions = startConditions(coordinator(), 'v1.9.1', '');
    expect(await roll(given, { members: [member('web')], conditions, key: 'key-2' })).to.deep.equal([]);
    expect(given.cluster.changes()).to.have.lengthOf(1);
    expect(given.progress[0]).to.contain('the Coordinator is not ready: pod/a is in state 3');
  });

  it('are in need when one of them stays in state 1, whichever the Service answers with', async () => {
    const given = twoCoordinators({ [a]: ready, [bb]: without });
    const clock = new TestClock(180_000);
    const open: boolean[] = [];
    await watch({
      coordinator: given.coordinatorAt(a),
      intervalMilliseconds: 60_000,
      limits: { ...limits, graceSeconds: 60 },
      clock,
      output: given.output,
      signal: clock.deadline.signal,
      anchor: {
        place: { namespace, deployment: coordinatorName, clientPort: 4433 },
        connect: async () => await Promise.resolve(given.cluster),
        coordinatorAt: given.coordinatorAt,
        listener: {
          set: async (value) => {
            await Promise.resolve();
            open.push(value);
          },
        },
        clock,
        signal: clock.deadline.signal,
      },
    });
    expect(given.progress.join('\n')).to.contain('state 1 Recovery');
    expect(open).to.include(false);
    const events = given.cluster.writes.filter(({ path }) => path.endsWith('/events'));
    expect(events.map(({ body }) => (body as { reason: string }).reason)).to.include(
      'CoordinatorNeedsRecovery',
    );
  });

  it('are known to preflight by the one that tells most, with all nodes that can open the state', async () => {
    const given = twoCoordinators({ [a]: without, [bb]: ready });
    for (const name of ['sgx-1', 'sgx-2']) {
      given.cluster.put(
        paths.node(name),
        node(({ metadata }) => (metadata.name = name)),
      );
    }
    const facts = await gatherPreflight(given, { ...given.files, deployment: sharing() });
    expect(facts.coordinator).to.have.nested.property('value.state', 3);
    expect(facts.oldNodes?.map((each) => each.known && each.value.node.metadata.name)).to.deep.equal([
      'sgx-1',
      'sgx-2',
    ]);
  });

  it('leave the one beside the anchor when they become one', async () => {
    const given = twoCoordinators({ [a]: ready, [bb]: ready });
    const anchor = anchorPod(({ spec }) => (spec.nodeName = 'sgx-2'));
    given.cluster.put(paths.pod(namespace, anchor.metadata.name), anchor);
    const facts = await gatherPreflight(given, given.files);
    expect(facts.pods[0]?.metadata.name).to.equal('bb');
    expect(facts).not.to.have.property('oldNodes');
  });
});
