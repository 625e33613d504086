import type { Problem } from '../findings.ts';
import type { Manifest, Package } from '../model.ts';
import { doubtful, listed, told } from '../problem.ts';
import type { UpdateKind } from './check.ts';

/** What has to be done with Marbles once the update is in force. */
export function checkConsequences(before: Manifest, after: Manifest, kind: UpdateKind): Problem[] {
  const marbles = kind === 'packages' ? before.Marbles : after.Marbles;
  const stays = [...before.Marbles.keys()].filter((name) => marbles.has(name));
  const rebuilt = stays.filter((name) => {
    const was = before.Packages.get(before.Marbles.get(name)?.Package ?? '');
    const is = after.Packages.get(marbles.get(name)?.Package ?? '');
    return was !== undefined && is !== undefined && otherBuild(was, is, kind);
  });
  return [
    ...removed(before, marbles),
    ...(rebuilt.length === 0 ? [] : [rebuild(rebuilt)]),
    ...(stays.length === 0 ? [] : [restart(stays)]),
  ];
}

/** Whether what was let in before may not be let in any more. An update of Packages leaves out all but the SecurityVersion. */
function otherBuild(was: Package, is: Package, kind: UpdateKind): boolean {
  const raised = (is.SecurityVersion ?? 0n) > (was.SecurityVersion ?? 0n);
  if (kind === 'packages') return raised;
  const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
  return (
    raised ||
    was.Debug !== is.Debug ||
    (is.UniqueID !== '' && !same(is.UniqueID, was.UniqueID)) ||
    (is.SignerID !== '' && !same(is.SignerID, was.SignerID)) ||
    (is.ProductID !== undefined && is.ProductID !== was.ProductID)
  );
}

function removed(before: Manifest, marbles: Manifest['Marbles']): Problem[] {
  const gone = [...before.Marbles.keys()].filter((name) => !marbles.has(name));
  if (gone.length === 0) return [];
  const message = `Marbles of the type ${listed(gone)} cannot start any more; those that run keep running until they stop.`;
  return [doubtful('marbles-removed', ['Marbles'], message, 'Take their workloads down.')];
}

function rebuild(marbles: readonly string[]): Problem {
  const message = `Marbles of the type ${listed(marbles)} need a build that fits the new Package: one with a lower SecurityVersion, or of another signer, product or build, is not let in when it starts.`;
  const remedy =
    'Roll the new image out right after the update; a Marble of the old one that restarts stays out.';
  return doubtful('marbles-rebuild', ['Packages'], message, remedy);
}

/** Each update makes a new intermediate certificate: Marbles that started before it do not trust those after it. */
function restart(marbles: readonly string[]): Problem {
  const message = `Marbles of the type ${listed(marbles)} need a restart: each update makes a new intermediate certificate, and Marbles from before and after it do not trust each other.`;
  return told(
    'marbles-restart',
    ['Marbles'],
    message,
    'helm upgrade restarts them, or kubectl rollout restart.',
  );
}
