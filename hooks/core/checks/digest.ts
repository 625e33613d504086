import compare from 'semver/functions/compare.js';
import parse from 'semver/functions/parse.js';
import { acknowledgementToken } from '../acknowledge.ts';
import type { PreflightFacts } from '../facts.ts';
import type { Finding } from '../findings.ts';
import { coordinatorImage, imageDigest, runningVersion } from '../image.ts';

/**
 * Whether the digest belongs to the version. A container runtime takes the digest and ignores the tag, so that with the
 * digest of the image that runs already, another version is a word only.
 */
export function checkDigest({ settings, live, target, pods }: PreflightFacts): Finding[] {
  const { coordinator } = settings;
  const digest = imageDigest(coordinatorImage(target, coordinator));
  if (live === undefined || digest === undefined) return [];
  const statuses = pods.flatMap(({ status }) => status?.containerStatuses ?? []);
  const started = statuses.filter(({ name }) => name === coordinator.container).map(({ imageID }) => imageID);
  const running = [coordinatorImage(live, coordinator), ...started].map(imageDigest);
  const before = runningVersion(live, coordinator);
  if (!running.includes(digest) || !differ(before, coordinator.version)) return [];
  return [
    {
      code: 'digest-mismatch',
      severity: 'block',
      subject: 'value coordinator.hash',
      message: `coordinator.version changes from ${before} to ${coordinator.version}, but coordinator.hash is the digest of the image that runs (${digest.slice(0, 19)}): the image would not change, and probes and hooks would take it for ${coordinator.version}.`,
      remedy: `Set coordinator.hash to the digest of ${coordinator.version}, or to the empty text.`,
      token: acknowledgementToken('digest-mismatch', [digest, before, coordinator.version]),
    },
  ];
}

/** Tags that are no versions, such as `latest`, say nothing about what is behind them. */
function differ(before: string, after: string): boolean {
  const versions = [parse(before), parse(after)];
  const [from, to] = versions;
  return from != null && to != null && compare(from, to) !== 0;
}
