import { expect } from 'chai';
import type { Pod } from '../../../../hooks/core/objects.ts';
import { nextEviction } from '../../../../hooks/core/roll/evict.ts';
import { pod } from '../../builders.ts';

function one(name: string, key: string, ready = true): Pod {
  return pod((p) => {
    p.metadata.name = name;
    p.metadata.annotations = { 'marblerun-hooks/started-under': key };
    p.status = { conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] };
  });
}

describe('nextEviction', () => {
  it('takes the highest number first', () => {
    const pods = [one('db-2', 'old'), one('db-10', 'old'), one('db-9', 'old')];
    expect(nextEviction(pods, 'new')).to.deep.equal({ is: 'pod', pod: pods[1] });
  });

  it('takes an old pod that is not ready before all others', () => {
    const pods = [one('db-0', 'old', false), one('db-1', 'old')];
    expect(nextEviction(pods, 'new')).to.deep.equal({ is: 'pod', pod: pods[0] });
  });

  it('waits for the new pod to be ready', () => {
    const pods = [one('db-0', 'old'), one('db-1', 'new', false)];
    expect(nextEviction(pods, 'new')).to.deep.equal({ is: 'wait', reason: 'pod/db-1 is not ready yet' });
  });

  it('waits for a pod that is on its way out', () => {
    const leaving = one('db-1', 'old');
    leaving.metadata.deletionTimestamp = '2026-11-25T00:00:00Z';
    expect(nextEviction([one('db-0', 'old'), leaving], 'new').is).to.equal('wait');
  });

  it('is over when all are new', () => {
    expect(nextEviction([one('db-0', 'new')], 'new')).to.deep.equal({ is: 'over' });
  });
});
