import type { ManifestVerdict } from '../../hooks/core/manifest-check/check.ts';
import type { ManifestCode } from '../../hooks/core/manifest-check/findings.ts';
import type { Severity } from '../../hooks/core/findings.ts';
import type { Question } from './court.ts';

/** The codes of a verdict, by severity. */
export function codesOf({ findings }: ManifestVerdict): Record<Severity, ManifestCode[]> {
  const of = (severity: Severity) =>
    findings.filter((finding) => finding.severity === severity).map(({ code }) => code);
  return { block: of('block'), warn: of('warn'), info: of('info') };
}

/** Sets a first Manifest; one that is refused leaves the Coordinator as it was. */
export const firstManifest: Question<{ text: string }> = async (judge, { text }) => {
  const judgement = await judge.set(text);
  return { judgement, asNew: !judgement.takes };
};
