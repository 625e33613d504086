import { expect } from 'chai';
import { readOnce } from '../../../../hooks/io/gather/read-once.ts';
import { paths } from '../../../../hooks/io/paths.ts';
import { namespace } from '../../builders.ts';
import { claim } from '../../claims.ts';
import { MemoryCluster } from '../../memory-cluster.ts';
import { rejection } from '../../rejection.ts';

const path = paths.claim(namespace, 'coordinator-pv-claim');

describe('readOnce', () => {
  it('reads an object once, however often and at the same time it is asked for', async () => {
    const cluster = new MemoryCluster().put(path, claim());
    let reads = 0;
    cluster.beforeGet = () => reads++;
    const once = readOnce(cluster);
    const [one, other] = await Promise.all([once.get(path), once.get(path)]);
    expect(await once.get(path))
      .to.equal(one)
      .and.to.equal(other);
    expect(reads).to.equal(1);
  });

  it('refuses each time what is refused', async () => {
    const cluster = new MemoryCluster();
    cluster.refusals.push({ verb: 'get', path: /claims/, error: { kind: 'forbidden', message: 'no' } });
    const once = readOnce(cluster);
    expect((await rejection(once.get(path))).message).to.equal('no');
    expect((await rejection(once.get(path))).message).to.equal('no');
  });
});
