import type { PreflightFacts } from '../facts.ts';
import type { Finding } from '../findings.ts';
import { isSetImage } from '../ownership.ts';

/** Fields of the Deployment that somebody else owns and Helm's server-side apply would stumble over. */
export function checkOwnership({ settings, conflicts }: PreflightFacts): Finding[] {
  const subject = `deployment/${settings.coordinator.deployment}`;
  if (!conflicts.known) {
    return [
      {
        code: 'dry-run-failed',
        severity: 'warn',
        subject,
        message: `A dry run of the new Deployment failed: ${conflicts.why}.`,
        remedy: 'Helm is about to send the same object; expect it to be refused for the same reason.',
      },
    ];
  }
  const others = conflicts.value.filter((conflict) => !isSetImage(conflict, settings.coordinator.container));
  if (others.length === 0) return [];
  const list = others.map(({ field, manager }) => `${field} (${manager})`).join(', ');
  return [
    {
      code: 'fields-owned-by-others',
      severity: 'warn',
      subject,
      message: `Other tools set fields that the chart renders: ${list}. Helm 4 refuses to overwrite them.`,
      remedy: 'Put the value into your values file, then pass --force-conflicts to helm upgrade once.',
    },
  ];
}
