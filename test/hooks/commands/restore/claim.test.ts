import { expect } from 'chai';
import { gzipSync } from 'node:zlib';
import { stringify } from 'yaml';
import { gatherClaim } from '../../../../hooks/commands/restore/claim.ts';
import { makeClaim } from '../../../../hooks/commands/restore/steps.ts';
import { paths } from '../../../../hooks/io/paths.ts';
import { namespace } from '../../builders.ts';
import { byHand, cronJob, type ByHand } from '../../by-hand.ts';
import { claim, renderedClaim } from '../../claims.ts';
import { commandsOf } from '../../commands.ts';
import { statusFacts } from '../../status-facts.ts';

const name = 'coordinator-pv-claim';
const path = paths.claim(namespace, name);

describe('the claim of a Coordinator that is restored', () => {
  it('is left alone while it is there', async () => {
    const given = byHand();
    expect(await run(given)).to.deep.equal([]);
  });

  it('is made again as the release has it', async () => {
    const given = released();
    given.cluster.objects.delete(path);
    expect(await run(given)).to.deep.equal([`create ${paths.claims(namespace)}`]);
    expect(given.cluster.writes[0]?.body).to.deep.include({ spec: renderedClaim().spec });
  });

  it('is waited for while it is on its way out', async () => {
    const given = released();
    const leaving = claim(({ metadata }) => (metadata.deletionTimestamp = '2026-11-24T12:00:00Z'));
    given.cluster.put(path, leaving);
    given.clock.onSleep = () => {
      given.cluster.objects.delete(path);
    };
    expect(await run(given)).to.deep.equal([`create ${paths.claims(namespace)}`]);
    expect(given.progress).to.deep.equal([`persistentvolumeclaim/${name}: is on its way out`]);
  });
});

async function run(given: ByHand): Promise<string[]> {
  const { cluster } = given;
  const found = await gatherClaim(cluster, statusFacts(), cronJob(), '');
  await makeClaim({ ...given, cluster }, namespace, found);
  return commandsOf(cluster);
}

/** Tools in a cluster where Helm keeps the release. */
function released(): ByHand {
  const given = byHand();
  const manifest = stringify({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', ...renderedClaim() });
  const text = gzipSync(JSON.stringify({ manifest })).toString('base64');
  const labels = { owner: 'helm', name: 'mesh', status: 'deployed', version: '1' };
  given.cluster.put(paths.secret(namespace, 'sh.helm.release.v1.mesh.v1'), {
    metadata: { name: 'sh.helm.release.v1.mesh.v1', namespace, labels },
    data: { release: Buffer.from(text).toString('base64') },
  });
  return given;
}
