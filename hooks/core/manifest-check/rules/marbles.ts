import type { Problem } from '../findings.ts';
import type { Manifest } from '../model.ts';
import { doubtful, oneOf, refused } from '../problem.ts';

/** What Marbles must name, and that there are any (v1.9.1: coordinator/manifest/manifest.go, Check). */
export function checkMarbles(manifest: Manifest): Problem[] {
  const { Packages, Marbles, TLS } = manifest;
  return [
    ...(Packages.size === 0 ? [empty('Packages', 'the enclaves that are let in')] : []),
    ...(Marbles.size === 0 ? [empty('Marbles', 'the services of the mesh')] : []),
    ...[...Marbles].flatMap(([name, marble]) => [
      ...(Packages.has(marble.Package) ? [] : [noPackage(name, marble.Package, Packages.keys())]),
      ...marble.TLS.flatMap((tag, index) => (TLS.has(tag) ? [] : [noTag(name, tag, index, TLS.keys())])),
      ...marble.Parameters.Argv.flatMap((argument, index) =>
        argument.includes('{{') ? [argvTemplate(name, index)] : [],
      ),
    ]),
  ];
}

function empty(section: string, what: string): Problem {
  return refused('section-empty', [section], `The Manifest has no ${section}.`, `List ${what}.`);
}

function noPackage(marble: string, name: string, names: Iterable<string>): Problem {
  const message =
    name === ''
      ? `The Marble ${marble} names no Package.`
      : `The Marble ${marble} names the Package ${name}, which is not among Packages.`;
  return refused('package-undefined', ['Marbles', marble, 'Package'], message, oneOf(name, names));
}

function noTag(marble: string, tag: string, index: number, names: Iterable<string>): Problem {
  const message = `The Marble ${marble} names the TLS entry ${tag}, which is not among TLS.`;
  return refused('tls-undefined', ['Marbles', marble, 'TLS', index], message, oneOf(tag, names));
}

function argvTemplate(marble: string, index: number): Problem {
  return doubtful(
    'argv-template',
    ['Marbles', marble, 'Parameters', 'Argv', index],
    `The Marble ${marble} has {{ in Argv, which the Coordinator hands on as it stands.`,
    'Put the secret into Env or Files.',
  );
}
