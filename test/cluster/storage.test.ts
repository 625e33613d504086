import { expect } from 'chai';
import { succeeded } from './begun.ts';
import { giveManifest } from './mesh-facts.ts';
import { Release } from './release.ts';
import { afterwards, useLab } from './shared-lab.ts';

/** Values that change the claim, and the change as it is sent to the API server. */
const changes: { title: string; values: Record<string, string>; spec: object; answer: RegExp }[] = [
  {
    title: 'a claim that shrinks',
    values: { 'coordinator.storageSize': '5Mi' },
    spec: { resources: { requests: { storage: '5Mi' } } },
    answer: /can not be less than/,
  },
  {
    title: 'a claim that grows in a class that does not let it',
    values: { 'coordinator.storageSize': '20Mi' },
    spec: { resources: { requests: { storage: '20Mi' } } },
    answer: /only dynamically provisioned pvc can be resized/,
  },
  {
    title: 'a claim of another class',
    values: { 'coordinator.storageClass': 'other' },
    spec: { storageClassName: 'other' },
    answer: /spec is immutable after creation/,
  },
];

describe('a change of the claim that the API server refuses', function () {
  this.timeout('4m');
  const lab = useLab();
  let release: Release;

  before(async () => {
    release = await Release.prepare(lab(), 4);
    await succeeded(release.install());
    await giveManifest(release);
  });
  afterwards(() => release.remove());

  for (const { title, values, spec, answer } of changes) {
    it(`is refused before anything changes: ${title}`, async () => {
      const patch = ['--type=merge', '-p', JSON.stringify({ spec }), '--dry-run=server'];
      const real = release.kubectl('patch', 'persistentvolumeclaim', 'coordinator-pv-claim', ...patch);
      const refusal = await real.then(String, String);
      expect(refusal).to.match(answer);
      const { exitCode, all } = await release.upgrade(values);
      expect(exitCode).not.to.equal(0);
      expect(all).to.contain('storage-refused').and.to.contain('Nothing was changed');
    });
  }

  it('leaves an upgrade alone that names neither class nor size', async () => {
    const all = await succeeded(release.upgrade());
    expect(all).not.to.contain('storage-refused');
  });
});
