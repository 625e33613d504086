import { expect } from 'chai';
import { status, type StatusTools } from '../../../hooks/commands/status.ts';
import { ExitCode } from '../../../hooks/core/exit-code.ts';
import { SettingsError } from '../../../hooks/core/settings.ts';
import type { CoordinatorFacts } from '../../../hooks/core/states.ts';
import { paths } from '../../../hooks/io/paths.ts';
import { statusIn } from '../../support/status-schema.ts';
import { coordinator, deployment, namespace } from '../builders.ts';
import { look } from '../look.ts';
import type { MemoryCluster } from '../memory-cluster.ts';
import { rejection } from '../rejection.ts';

interface Shown {
  tools: StatusTools;
  shown: string[];
  notes: string[];
  cluster: MemoryCluster;
  /** How often the terminal was left, and connections were closed. */
  ended: number;
  closed: number;
}

/** Tools on an in-memory cluster, whose Coordinator answers what `answer` gives. */
function toolsOn(answer: () => CoordinatorFacts = coordinator, more: Partial<StatusTools> = {}): Shown {
  const { reach, ...tools } = look(answer, { milliseconds: 30_000 });
  const { cluster } = tools;
  const made: Shown = { cluster, shown: [], notes: [], ended: 0, closed: 0, tools: undefined as never };
  const close = () => {
    made.closed++;
  };
  made.tools = {
    ...tools,
    reach: () => ({ ...reach(), close }),
    screen: {
      width: () => Infinity,
      colour: false,
      live: false,
      show: (text) => void made.shown.push(text),
      note: (line) => void made.notes.push(line),
      end: () => {
        made.ended++;
      },
    },
    format: 'text',
    repeatMilliseconds: undefined,
    programVersion: '0.1.0',
    ...more,
  };
  return made;
}

describe('status', () => {
  it('shows a Coordinator that is well, changes nothing, and closes its connections', async () => {
    const made = toolsOn();
    expect(await status(made.tools)).to.equal(ExitCode.Fine);
    expect(made.shown.join('')).to.contain('accepts Marbles (state 3)').and.to.contain('on sgx-1, state 3');
    expect(made.cluster.writes).to.deep.equal([]);
    expect(made.closed).to.equal(1);
  });

  it('ends with 1 where a person has to act, and with 3 where the Coordinator does not answer', async () => {
    expect(await status(toolsOn(() => ({ state: 1 })).tools)).to.equal(ExitCode.Blocked);
    const silent = toolsOn(() => {
      throw new Error('connect ECONNREFUSED');
    });
    expect(await status(silent.tools)).to.equal(ExitCode.Unknown);
    expect(silent.shown.join('')).to.contain('ECONNREFUSED').and.to.contain('Record');
  });

  it('shows the rest where a right is missing', async () => {
    const made = toolsOn(coordinator, { format: 'json' });
    for (const path of [/configmaps/, /jobs/, /replicasets/, /secrets/]) {
      for (const verb of ['get', 'list'] as const) {
        const error = { kind: 'forbidden' as const, message: `${path.source} is forbidden` };
        made.cluster.refusals.push({ verb, path, error });
      }
    }
    expect(await status(made.tools)).to.equal(ExitCode.Fine);
    const { sections } = statusIn(made.shown.join(''));
    const unknown = sections.flatMap(({ rows }) => rows.filter(({ mark }) => mark === 'unknown'));
    expect(unknown.map(({ value }) => value)).to.deep.equal([
      'not known: jobs is forbidden',
      'not known: configmaps is forbidden',
      'not known: secrets is forbidden',
      'not known: replicasets is forbidden',
    ]);
  });

  it('prints what its schema describes, whatever the Coordinator is in', async () => {
    const answers: (() => CoordinatorFacts)[] = [coordinator, () => ({ state: 1 }), () => ({ state: 2 })];
    answers.push(() => {
      throw new Error('connect ECONNREFUSED');
    });
    const outcomes: string[] = [];
    for (const answer of answers) {
      const { tools, shown } = toolsOn(answer, { format: 'json' });
      await status(tools);
      outcomes.push(statusIn(shown.join('')).outcome);
    }
    expect(outcomes).to.deep.equal(['passed', 'blocked', 'blocked', 'unknown']);
  });

  it('says where else to look when the Coordinator is not there', async () => {
    const { tools } = toolsOn();
    const elsewhere = status({ ...tools, place: { namespace: 'default', release: '' } });
    const error = await rejection(elsewhere);
    expect(error).to.be.instanceOf(SettingsError);
    expect(error.message).to.equal(
      'no Coordinator is in namespace default: there is marblerun-coordinator (-n marblerun)',
    );
    const other = await rejection(status({ ...tools, place: { namespace, release: 'other' } }));
    expect(other.message).to.contain('no release "other"').and.to.contain('which has marblerun-coordinator');
  });

  it('asks to name one of several', async () => {
    const { tools, cluster } = toolsOn();
    const second = deployment(({ metadata }) => {
      metadata.name = 'second';
      metadata.labels = { 'app.kubernetes.io/part-of': 'marblerun' };
      metadata.annotations = { 'meta.helm.sh/release-name': 'second' };
    });
    cluster.put(paths.deployment(namespace, 'second'), second);
    expect((await rejection(status(tools))).message).to.contain(
      'several Coordinators: marblerun-coordinator, second',
    );
    expect(await status({ ...tools, place: { namespace, release: 'second' } })).to.equal(ExitCode.Fine);
  });
});

describe('status -w', () => {
  it('shows everything once, then a line for each change, until it is stopped', async () => {
    let looks = 0;
    const made = toolsOn(() => (++looks < 3 ? coordinator() : { state: 1 }), { repeatMilliseconds: 5000 });
    expect(await status(made.tools)).to.equal(ExitCode.Fine);
    expect(looks).to.equal(6);
    const [first = '', ...lines] = made.shown;
    expect(first).to.contain('\nMesh\n');
    expect(lines[0]).to.match(/^2026-11-24T12:00:10Z {2}The Coordinator needs recovery/);
    expect(lines.join('\n')).to.contain('state 1 Recovery').and.not.to.contain('Release');
    expect([made.ended, made.closed]).to.deep.equal([1, 6]);
  });

  it('draws the whole view each time in a terminal', async () => {
    const made = toolsOn(coordinator, { repeatMilliseconds: 10_000 });
    await status({ ...made.tools, screen: { ...made.tools.screen, live: true } });
    expect(made.shown).to.have.lengthOf(3);
    for (const text of made.shown)
      expect(text)
        .to.contain('\nMesh\n')
        .and.to.match(/^\S+Z {2}Ctrl-C ends this\.\n/);
  });

  it('goes on after a look that failed', async () => {
    const made = toolsOn(coordinator, { repeatMilliseconds: 10_000 });
    const error = { kind: 'unreachable' as const, message: 'no route to host' };
    made.cluster.refusals.push({ verb: 'list', path: /deployments/, error });
    expect(await status(made.tools)).to.equal(ExitCode.Fine);
    expect(made.notes).to.have.lengthOf(3);
    expect(made.notes[0]).to.contain('This look failed: no route to host');
  });
});
