import { expect } from 'chai';
import { useLab } from '../cluster/shared-lab.ts';
import { addFakeNodes, fakeNodeTaint } from '../lab/kwok.ts';
import { pauseImage } from '../lab/images/names.ts';

describe('KWOK on the lab', function () {
  this.timeout('10m');
  const lab = useLab();

  it('adds nodes that take pods, for tests of scale', async () => {
    expect(await addFakeNodes(lab(), 3, console.log)).to.have.lengthOf(3);
    const labels = { app: 'many' };
    const tolerations = [{ ...fakeNodeTaint, operator: 'Equal' }];
    const containers = [{ name: 'pause', image: pauseImage }];
    const spec = { nodeSelector: { type: 'kwok' }, tolerations, containers };
    await lab().apply({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'many', namespace: 'default' },
      spec: { replicas: 30, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
    });
    await lab().kubectl('rollout', 'status', 'deployment/many', '--timeout=60s');
    await lab().kubectl('delete', 'deployment/many');
  });
});
