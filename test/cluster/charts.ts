/** This project's chart. */
export const chart = 'charts/marblerun-coordinator';
/** A chart in the shape of upstream's. */
export const upstreamShaped = 'test/fixtures/upstream-shaped';
