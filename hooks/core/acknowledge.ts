import { createHash } from 'node:crypto';
import type { Finding, FindingCode } from './findings.ts';

/**
 * The token that accepts one blocking finding in one situation: its code and a digest of what is at stake, so that
 * an acknowledgement left in a Git repository does not cover the next situation.
 */
export function acknowledgementToken(code: FindingCode, stakes: readonly string[]): string {
  const digest = createHash('sha256').update(JSON.stringify(stakes)).digest('hex');
  return `${code}:${digest.slice(0, 8)}`;
}

/**
 * Marks the findings whose token is listed as acknowledged, and adds a warning for each listed token that matches
 * none of them.
 */
export function acknowledge(findings: readonly Finding[], tokens: readonly string[]): Finding[] {
  const marked = findings.map((finding) =>
    finding.token !== undefined && tokens.includes(finding.token)
      ? { ...finding, acknowledged: true }
      : finding,
  );
  const stale = tokens.filter((token) => !findings.some((finding) => finding.token === token));
  return [...marked, ...stale.map(staleToken)];
}

function staleToken(token: string): Finding {
  return {
    code: 'acknowledgement-stale',
    severity: 'warn',
    subject: 'hooks.acknowledge',
    message: `"${token}" accepts nothing that was found this time.`,
    remedy: 'Remove it from hooks.acknowledge.',
  };
}
