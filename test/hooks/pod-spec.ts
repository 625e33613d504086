import type { Pod } from '../../hooks/core/objects.ts';

/** The pod that the chart renders for a Coordinator with SGX, as far as the hooks look at it. */
export function coordinatorPodSpec(imageName: string): Pod['spec'] {
  return {
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    tolerations: [{ key: 'sgx.intel.com/epc', operator: 'Exists', effect: 'NoSchedule' }],
    containers: [
      {
        name: 'coordinator',
        image: imageName,
        env: [{ name: 'OE_SIMULATION', value: '0' }],
        resources: {
          limits: { 'sgx.intel.com/enclave': 1, 'sgx.intel.com/epc': '10Mi', 'sgx.intel.com/provision': 1 },
        },
      },
    ],
    volumes: [
      { name: 'coordinator-pv-storage', persistentVolumeClaim: { claimName: 'coordinator-pv-claim' } },
    ],
  };
}
