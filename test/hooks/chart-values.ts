/** The values that the chart's schema requires, with two more. */
export function chartValues(): Record<string, unknown> {
  return {
    global: {
      coordinatorComponentLabel: 'edgeless.systems/control-plane-component',
      coordinatorNamespaceLabel: 'edgeless.systems/control-plane-ns',
    },
    coordinator: {
      version: 'v1.9.1',
      storageSize: '10Mi',
      clientServerHost: '0.0.0.0',
      clientServerPort: 4433,
      meshServerHost: '0.0.0.0',
      meshServerPort: 2001,
      sealDir: '/coordinator/data/',
    },
  };
}
