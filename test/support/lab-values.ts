import type { ChartValues } from '../../hooks/core/values/generated/chart-values.ts';

/** What the Coordinator takes the nodes for: without SGX, by a simulation, or with it (the test advertises it then). */
export type Enclaves = 'none' | 'simulated' | 'sgx';

/**
 * What a release needs on the lab, and nothing else: images that exist there, and probes that look each second. The
 * nodes have no SGX, so the Coordinator asks for none of its resources (null is what MarbleRun's docs tell users to
 * set). Copies of the sealed state are made where a suite is about them or about upgrades as a whole: each costs some
 * seconds.
 */
export function labValues(enclaves: Enclaves, backups = false): ChartValues {
  return {
    coordinator: {
      repository: 'docker.io/local',
      image: 'coordinator',
      hash: '',
      probes: {
        startup: { initialDelaySeconds: 1, periodSeconds: 1, failureThreshold: 60 },
        readiness: { periodSeconds: 1, failureThreshold: 60 },
      },
      ...(enclaves === 'simulated' ? { simulation: true } : {}),
      ...(enclaves === 'none' ? { resources: null } : {}),
    },
    marbleInjector: { repository: 'docker.io/local', hash: '' },
    hooks: { image: { repository: 'docker.io/local' } },
    ...(backups ? {} : { backup: { enabled: false } }),
  };
}
