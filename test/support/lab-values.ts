/**
 * What a release needs on the lab, and nothing else: images that exist there, and probes that look each second. The
 * nodes have no SGX; without `simulation` the Coordinator therefore asks for no SGX resources (null is what
 * MarbleRun's docs tell users to set).
 */
export function labValues(simulation: boolean): Record<string, object> {
  return {
    coordinator: {
      repository: 'docker.io/local',
      image: 'coordinator',
      hash: '',
      probes: {
        startup: { initialDelaySeconds: 1, periodSeconds: 1, failureThreshold: 60 },
        readiness: { periodSeconds: 1, failureThreshold: 60 },
      },
      ...(simulation ? { simulation } : { resources: null }),
    },
    hooks: { image: { repository: 'docker.io/local' } },
  };
}
