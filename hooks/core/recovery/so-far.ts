/** What `recover` had done when it was stopped; each secret by its title. */
export interface SoFar {
  taken: readonly string[];
  /** Sent, and without an answer. */
  unanswered: string | undefined;
  /** What was not needed any more does not count. */
  unsent: readonly string[];
  /** Whether the Coordinator has been seen with the same state as before. */
  recovered: boolean;
  /** The command of Helm that was on its way, which may have changed the release. */
  helm: string | undefined;
}

/** Nobody has been sent anything. */
export const nothingYet: SoFar = {
  ...{ taken: [], unanswered: undefined, unsent: [], recovered: false, helm: undefined },
};

/** Says what was done and what was not, and what to run next. */
export function saidSoFar({ taken, unanswered, unsent, recovered, helm }: SoFar): string {
  if (helm !== undefined) {
    return `the Coordinator is recovered, and helm ${helm} was stopped in the middle: helm history says how it left the release.`;
  }
  if (recovered) {
    return 'the Coordinator is recovered. If an upgrade had failed by it, run the same helm command again.';
  }
  if (taken.length === 0 && unanswered === undefined) return 'the Coordinator has taken no secret.';
  const parts = [
    ...(taken.length === 0 ? [] : [`taken: the secret of ${taken.join(', ')}`]),
    ...(unanswered === undefined ? [] : [`sent, but without an answer: that of ${unanswered}`]),
    ...(unsent.length === 0 ? [] : [`not sent: that of ${unsent.join(', ')}`]),
  ];
  return `${parts.join('; ')}. Run the same command again: a secret that is uploaded twice costs nothing.`;
}
