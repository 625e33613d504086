import { decode } from './decode.ts';
import { readSource } from './source.ts';
import type { InForce } from './update/check.ts';

/** What a Coordinator tells of the Manifest in force. */
export interface ToldInForce {
  manifest: string;
  /** Lines of its update log, the oldest first. */
  updateLog: readonly string[];
  /** Users whose acknowledgement another update waits for; undefined when none waits. */
  pending?: readonly string[];
}

/** The Manifest in force; undefined when its text cannot be read. */
export function inForceOf({ manifest: text, updateLog, pending }: ToldInForce): InForce | undefined {
  const source = readSource(text);
  if ('problems' in source) return undefined;
  const { manifest, problems } = decode(source.root);
  if (problems.some(({ severity }) => severity === 'block')) return undefined;
  return { manifest, raised: raisedBy(updateLog), ...(pending === undefined ? {} : { pending }) };
}

/** A line of the log, as far as it is about Packages (v1.9.1: coordinator/clientapi/clientapi.go, updateManifest). */
interface LogLine {
  update?: string;
  package?: string;
  'new version'?: number;
}

/** SecurityVersions that updates of Packages have raised since the Manifest was last replaced as a whole. */
export function raisedBy(updateLog: readonly string[]): Map<string, bigint> {
  const raised = new Map<string, bigint>();
  for (const line of updateLog) {
    const { update, package: name, 'new version': version } = parsed(line);
    if (update === 'Complete Manifest updated') raised.clear();
    if (update === 'SecurityVersion increased' && name !== undefined && version !== undefined) {
      raised.set(name, BigInt(version));
    }
  }
  return raised;
}

function parsed(line: string): LogLine {
  try {
    return (JSON.parse(line) ?? {}) as LogLine;
  } catch {
    return {};
  }
}
