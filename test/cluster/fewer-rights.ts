const namespaces = new Set<string>();

/**
 * Says that the hooks in this namespace run with fewer rights than the chart renders, because a test takes some away:
 * what they are refused there is no mistake of the chart. The comparison of rights leaves the namespace out.
 */
export function takesRightsAway(namespace: string): void {
  namespaces.add(namespace);
}

/** The namespaces of which a test of this run has said so. */
export function withFewerRights(): string[] {
  return [...namespaces];
}
