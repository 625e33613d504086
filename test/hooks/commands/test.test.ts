import { expect } from 'chai';
import { test } from '../../../hooks/commands/test.ts';
import { known, unknown } from '../../../hooks/core/known.ts';
import type { Endpoints } from '../../../hooks/core/test.ts';
import { paths } from '../../../hooks/io/paths.ts';
import { anchorPod, namespace, rootCertificate } from '../builders.ts';
import { runningCluster, session } from '../session.ts';

const root = {
  fingerprint: rootCertificate,
  key: 'root',
  subject: 'CN=root',
  notBefore: new Date(0),
  notAfter: new Date('2100-01-01'),
};
const well: Endpoints = { client: known(root), mesh: known(root), chain: known([{ ...root, signed: true }]) };

/** What is gathered, one after the other, the last for ever; and how often it was asked for. */
function gathering(...answers: Endpoints[]) {
  const asked: string[] = [];
  const gather = ({ mesh }: { mesh: string }): Promise<Endpoints> => {
    asked.push(mesh);
    return Promise.resolve(answers[Math.min(asked.length, answers.length) - 1] ?? well);
  };
  return { gather, asked };
}

describe('test', () => {
  it('passes, tells where everything is, and writes nothing into the cluster', async () => {
    const running = session();
    expect(await test(running, gathering(well).gather)).to.equal(0);
    const { command, outcome, facts, findings } = running.report();
    expect({ command, outcome, findings }).to.deep.equal({
      command: 'test',
      outcome: 'passed',
      findings: [],
    });
    expect(facts).to.deep.include({ name: 'State', value: '3 AcceptingMarbles' });
    expect(facts).to.deep.include({ name: 'Anchor', value: 'sgx-1' });
    expect(running.cluster.writes).to.be.empty;
  });

  it('gives a Service that has just got its pod a moment', async () => {
    const soon = gathering({ ...well, mesh: unknown('ECONNREFUSED') }, well);
    expect(await test(session(), soon.gather)).to.equal(0);
    expect(soon.asked).to.deep.equal(Array(2).fill('https://coordinator-mesh-api.marblerun.svc:2001'));
    const running = session();
    const never = gathering({ ...well, mesh: unknown('ECONNREFUSED') });
    expect(await test(running, never.gather)).to.equal(1);
    expect(running.report().findings.map(({ code }) => code)).to.deep.equal(['service-unreachable']);
    expect(never.asked).to.have.lengthOf(5);
  });

  it('fails where the Coordinator needs recovery, with the commands', async () => {
    const running = session({ answer: { state: 1 } });
    expect(await test(running, gathering(well).gather)).to.equal(1);
    const [needed] = running.report().findings;
    expect(needed).to.include({ code: 'recovery-needed', severity: 'block' });
    expect(running.terminations[0]).to.match(/^Test failed: 1 finding\.\n/);
  });

  it('fails where no pod of the anchor runs', async () => {
    const cluster = runningCluster();
    cluster.put(paths.pod(namespace, anchorPod().metadata.name), {
      ...anchorPod(),
      status: { phase: 'Pending' },
    });
    const running = session({ cluster });
    expect(await test(running, gathering(well).gather)).to.equal(1);
    expect(running.report().findings.map(({ code }) => code)).to.deep.equal(['anchor-away']);
  });
});
