import { expect } from 'chai';
import { checkVersion } from '../../../../hooks/core/checks/version.ts';
import { known } from '../../../../hooks/core/known.ts';
import { facts, image } from '../../builders.ts';
import { all, goesTo, runs } from '../../changes.ts';
import { cases } from './cases.ts';

describe('checkVersion', () => {
  cases(checkVersion, [
    ['finds nothing in an upgrade between releases', () => undefined, []],
    [
      "notes a version that is not the chart's own",
      all(runs('v1.8.0'), goesTo('v1.8.0')),
      ['info version-not-of-chart'],
    ],
    [
      'warns about a release newer than the newest known',
      goesTo('v2.0.0'),
      ['warn version-unknown', 'info version-not-of-chart'],
    ],
    [
      'warns about a tag that is no version',
      goesTo('latest'),
      ['warn version-unknown', 'info version-not-of-chart'],
    ],
    ['warns when the running version is not known', runs('latest'), ['warn version-unknown']],
    [
      'does not care for the running version while nothing is sealed',
      all(runs('latest'), (f) => (f.coordinator = known({ state: 2 }))),
      [],
    ],
    ['finds nothing on a first install', (f) => (f.live = undefined), []],
  ]);

  it('reads the version from the label where the image has a digest only', () => {
    const byDigest = facts(({ live }) => {
      if (live === undefined) return;
      const { template } = live.spec;
      for (const container of template.spec.containers)
        container.image = `${image}@sha256:${'ab'.repeat(32)}`;
      template.metadata = { labels: { ...template.metadata?.labels, 'app.kubernetes.io/version': 'v1.8.0' } };
    });
    expect(checkVersion(byDigest)).to.deep.equal([]);
  });

  it('says that neither image nor label tells the version', () => {
    const [finding] = checkVersion(
      facts(({ live }) => {
        for (const container of live?.spec.template.spec.containers ?? []) container.image = image;
      }),
    );
    expect(finding?.message).to.contain('Its image and labels name no version');
  });
});
