import { decode, type Decoded } from './decode.ts';
import type { ManifestFinding, Problem } from './findings.ts';
import { pathText, type Path } from './path.ts';
import { checkConfig } from './rules/config.ts';
import { checkMarbles } from './rules/marbles.ts';
import { checkPackages } from './rules/packages.ts';
import { checkParameters } from './rules/parameters.ts';
import { checkRecovery } from './rules/recovery.ts';
import { checkRoles } from './rules/roles.ts';
import { checkSecrets } from './rules/secrets.ts';
import { checkTls } from './rules/tls.ts';
import { checkUsers } from './rules/users.ts';
import { checkVersion } from './rules/versions.ts';
import { readSource, type Position } from './source.ts';
import type { Occasion } from './template/values.ts';
import { checkUpdate, type InForce, type UpdateKind } from './update/check.ts';

/** What a check of a Manifest came to. */
export interface ManifestVerdict {
  findings: ManifestFinding[];
  /** How the Coordinator takes it; undefined when it could not be read. */
  kind: UpdateKind | 'set' | undefined;
}

/**
 * Judges a Manifest as a Coordinator of this version would: as the first one, or as an update of the one in force. It
 * finds everything at once, where the Coordinator stops at the first mistake. The Coordinator is the judge of these rules
 * (test/manifest).
 */
export function checkManifest(text: string, version: string, inForce?: InForce): ManifestVerdict {
  const source = readSource(text);
  if ('problems' in source) {
    return {
      findings: source.problems.map((each) => ({ ...each, path: pathText(each.path) })),
      kind: undefined,
    };
  }
  const decoded = decode(source.root);
  const unreadable = decoded.problems.some(({ severity }) => severity === 'block');
  const update = inForce === undefined ? undefined : checkUpdate(decoded, version, inForce);
  const whole = update === undefined || update.kind === 'full';
  const problems = [
    ...decoded.problems,
    ...checkVersion(decoded, version),
    // What could not be read is left out of the Manifest, and would be missed in all other places.
    ...(unreadable || !whole ? [] : wholeProblems(decoded, version, update === undefined ? 'set' : 'update')),
    ...(unreadable ? [] : (update?.problems ?? [])),
  ];
  const findings = problems.map((problem) => placed(problem, decoded.positions));
  return { findings: findings.sort(byPlace), kind: update?.kind ?? 'set' };
}

function wholeProblems({ manifest }: Decoded, version: string, occasion: Occasion): Problem[] {
  return [
    ...checkMarbles(manifest),
    ...checkPackages(manifest),
    ...checkTls(manifest),
    ...checkUsers(manifest),
    ...checkRoles(manifest, version),
    ...checkSecrets(manifest, version),
    ...checkConfig(manifest, version),
    ...checkRecovery(manifest, version),
    ...checkParameters(manifest, version, occasion),
  ];
}

/** A problem with its place: where the path stands, or else the nearest section that is there. */
function placed({ path, ...rest }: Problem, positions: ReadonlyMap<string, Position>): ManifestFinding {
  return { ...rest, path: pathText(path), ...positionOf(path, positions) };
}

function positionOf(path: Path, positions: ReadonlyMap<string, Position>): Position {
  for (let length = path.length; length >= 0; length--) {
    const found = positions.get(pathText(path.slice(0, length)));
    if (found !== undefined) return found;
  }
  return { line: 1, column: 1 };
}

function byPlace(a: ManifestFinding, b: ManifestFinding): number {
  return a.line - b.line || a.column - b.column;
}
