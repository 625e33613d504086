import { mayHoldState, type PreflightFacts } from '../facts.ts';
import type { Finding } from '../findings.ts';
import { isKnownRelease, newestRelease } from '../releases.ts';
import { sealedByVersion } from '../sealing.ts';

/** Whether the versions are ones that anything is known of (schemas/releases.json). */
export function checkVersion(facts: PreflightFacts): Finding[] {
  const { version } = facts.settings.coordinator;
  return [...unknownTarget(version), ...unknownSealer(facts), ...otherThanChart(facts)];
}

function unknownTarget(version: string): Finding[] {
  if (isKnownRelease(version)) return [];
  return [
    {
      code: 'version-unknown',
      severity: 'warn',
      subject: 'coordinator.version',
      message: `"${version}" is no release that this program knows. It is taken to behave as ${newestRelease()}.`,
      remedy:
        'Name a release, such as the one of the chart. For a newer release, use the chart that came with it.',
    },
  ];
}

/** A downgrade or a change of format cannot be seen without the version that sealed the state. */
function unknownSealer(facts: PreflightFacts): Finding[] {
  if (!mayHoldState(facts)) return [];
  const sealedBy = sealedByVersion(facts);
  if (sealedBy !== undefined && isKnownRelease(sealedBy)) return [];
  const { deployment, version } = facts.settings.coordinator;
  const what = sealedBy === undefined ? 'Its image and labels name no version' : `It runs "${sealedBy}"`;
  return [
    {
      code: 'version-unknown',
      severity: 'warn',
      subject: `deployment/${deployment}`,
      message: `${what}, which is no release that this program knows. Whether ${version} can unseal its state is not known.`,
      remedy: `Compare the SecurityVersion of both versions by hand. A release from v1.7.0 to ${newestRelease()} can read what an earlier one of them sealed.`,
    },
  ];
}

function otherThanChart({ settings: { chart, coordinator } }: PreflightFacts): Finding[] {
  const plain = (version: string) => version.replace(/^v/, '');
  if (plain(coordinator.version) === plain(chart.appVersion)) return [];
  return [
    {
      code: 'version-not-of-chart',
      severity: 'info',
      subject: 'coordinator.version',
      message: `The chart ${chart.version} is made for ${chart.appVersion}, and ${coordinator.version} is to run.`,
      remedy: '',
    },
  ];
}
