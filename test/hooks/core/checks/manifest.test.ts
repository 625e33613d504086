import { checkManifest } from '../../../../hooks/core/checks/manifest.ts';
import { all, goesTo, runs, withManifest } from '../../changes.ts';
import { cases } from './cases.ts';

const oldTemplates = withManifest((manifest) => (manifest.oldTemplates = true));
const strict = withManifest((manifest) => (manifest.unlistedHardening = ['backend']));
const bound = withManifest((manifest) => (manifest.bindsSecrets = true));

describe('checkManifest', () => {
  cases(checkManifest, [
    ['finds nothing in a Manifest that both versions read alike', () => undefined, []],
    [
      'blocks where templates are in a form that the new version does not know',
      all(oldTemplates, runs('v0.4.0'), goesTo('v1.9.1')),
      ['block manifest-outdated'],
    ],
    ['finds nothing where the form has not changed since', all(oldTemplates, runs('v0.5.0')), []],
    [
      'warns where TCB statuses become binding',
      all(strict, runs('v1.4.0'), goesTo('v1.4.1')),
      ['warn manifest-read-differently'],
    ],
    ['finds nothing where they were binding before', all(strict, runs('v1.4.1')), []],
    [
      'warns where keys become bound to names',
      all(bound, runs('v1.5.2'), goesTo('v1.6.0')),
      ['warn manifest-read-differently'],
    ],
    ['finds nothing where they were bound before', all(bound, runs('v1.6.0')), []],
    ['finds nothing where the running version is not known', all(bound, runs('latest')), []],
  ]);
});
