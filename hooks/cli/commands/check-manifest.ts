import { SettingsError } from '../../core/settings.ts';
import { declare, type Asked } from '../command.ts';
import { flag, optional, orEmpty } from '../option.ts';
import { output, place } from '../shared-options.ts';
import { noMore } from '../words.ts';

/** What `check-manifest` was asked. */
export interface AskedCheck extends Asked {
  command: 'check-manifest';
  /** The Manifest to check; `-` for standard input. */
  file: string;
  /** The Manifest in force; undefined when it is not given as a file. */
  current: string | undefined;
  fromCoordinator: boolean;
  namespace: string | undefined;
  context: string | undefined;
  kubeconfig: string | undefined;
  /** Empty for that of the Coordinator that is asked, or else the newest. */
  coordinatorVersion: string;
  format: 'text' | 'json';
}

/** `check-manifest` as a person types it. */
export const checkManifest = declare({
  name: 'check-manifest',
  audience: 'people',
  summary: 'what would the Coordinator make of this Manifest or update?',
  about: [
    'Says whether a Coordinator would take a Manifest, or an update of the one that is in force, and which Marbles it would refuse. It changes nothing anywhere.',
  ],
  arguments: [{ name: 'NEW', about: 'a file in JSON or YAML, or - for standard input', completes: 'file' }],
  options: {
    current: optional('FILE', 'the Manifest in force, so that NEW is an update of it', { completes: 'file' }),
    'from-coordinator': flag('the same, asked of the Coordinator through the API server'),
    ...place,
    'coordinator-version': orEmpty(
      'VERSION',
      'whose rules to go by (that of the Coordinator that is asked, or the newest)',
    ),
    output,
  },
  examples: [
    { does: 'A first Manifest', line: 'check-manifest manifest.json' },
    { does: 'An update, against a file', line: 'check-manifest update.json --current manifest.json' },
    {
      does: 'An update, against the Coordinator',
      line: 'check-manifest update.json --from-coordinator -n marblerun',
    },
  ],
  exitCodes: {
    0: 'it would be taken',
    1: 'it would be refused, or would break Marbles',
    3: 'the Manifest in force could not be read',
  },
  ask: (values, [file, ...more]): AskedCheck => {
    if (file === undefined)
      throw new SettingsError('check-manifest needs a Manifest: a file, or - for standard input');
    noMore(more);
    const { current, namespace, context, kubeconfig, output: format } = values;
    const fromCoordinator = values['from-coordinator'];
    if (current !== undefined && fromCoordinator) {
      throw new SettingsError('--current and --from-coordinator both say what is in force; give one of them');
    }
    if (file === '-' && current === '-')
      throw new SettingsError('standard input can be one of the two Manifests only');
    const coordinatorVersion = values['coordinator-version'];
    if (coordinatorVersion !== '' && !/^v?\d+\.\d+\.\d+/.test(coordinatorVersion)) {
      throw new SettingsError(
        `--coordinator-version must be one such as v1.9.1, not "${coordinatorVersion}"`,
      );
    }
    return {
      command: 'check-manifest',
      ...{ file, current, fromCoordinator, namespace, context, kubeconfig, coordinatorVersion, format },
    };
  },
  run: async (asked, stop) => await (await import('../../by-hand.ts')).checkManifest(asked, stop),
});
