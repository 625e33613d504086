import type { Argument, Asked } from './command.ts';
import { choice, flag, optional } from './option.ts';

/*
 * Options and words that mean the same in each command that has them.
 */

/** How a report is printed. */
export const output = choice(['text', 'json'], 'how the report is printed');

/** Where a person's release is, as for kubectl. */
export const place = {
  namespace: optional('NAME', 'the namespace of the release (that of the context)', { short: 'n' }),
  context: optional('NAME', 'the context of the kubeconfig (the current one)'),
  kubeconfig: optional('FILE', 'the kubeconfig ($KUBECONFIG, or ~/.kube/config)', { completes: 'file' }),
};

/** Which release a person means, and by which kubeconfig. */
export interface AskedRelease extends Asked {
  /** Empty for the only one in the namespace. */
  release: string;
  namespace: string | undefined;
  context: string | undefined;
  kubeconfig: string | undefined;
}

/** The word that names it. */
export const releaseArgument: Argument = {
  name: '[RELEASE]',
  about: 'the release; not needed where the namespace has one only',
};

/** Every command has it. */
export const help = flag('print this help', { short: 'h' });
