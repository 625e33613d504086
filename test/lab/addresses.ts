/** The lab's two nodes. */
export const nodeNames = ['node-a', 'node-b'] as const;
export type NodeName = (typeof nodeNames)[number];

/** Every lab has a network namespace of its own, so all labs use the same addresses. */
export const addresses = {
  /** The API server and DNS listen here. */
  host: '10.90.0.1',
  nodes: { 'node-a': '10.90.0.11', 'node-b': '10.90.0.12' },
  pods: '10.244.0.0/16',
  podsOf: { 'node-a': '10.244.1.0/24', 'node-b': '10.244.2.0/24' },
  services: '10.96.0.0/16',
  /** The Service `kubernetes`, the first address of the range. */
  apiService: '10.96.0.1',
} as const;

/** The API server as everything inside the lab sees it. */
export const apiServer = `https://${addresses.host}:6443`;
