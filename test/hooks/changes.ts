import type { PreflightFacts } from '../../hooks/core/facts.ts';
import { known } from '../../hooks/core/known.ts';
import type { ManifestFacts } from '../../hooks/core/states.ts';
import { coordinator, image, type Change } from './builders.ts';

/** Runs another version before the upgrade. */
export function runs(version: string): Change<PreflightFacts> {
  return ({ live }) => {
    for (const container of live?.spec.template.spec.containers ?? [])
      container.image = `${image}:${version}`;
  };
}

/** Upgrades to another version. */
export function goesTo(version: string): Change<PreflightFacts> {
  return ({ settings: { coordinator }, target }) => {
    coordinator.version = version;
    for (const container of target.spec.template.spec.containers) container.image = `${image}:${version}`;
  };
}

/** Changes the Manifest in force. */
export function withManifest(change: Change<ManifestFacts>): Change<PreflightFacts> {
  return (f) => {
    f.coordinator = known(
      coordinator(({ manifest }) => {
        if (manifest !== undefined) change(manifest);
      }),
    );
  };
}

/** Runs without SGX, before the upgrade and after it. */
export function inSimulation({ settings: { coordinator }, live }: PreflightFacts): void {
  coordinator.simulation = true;
  for (const container of live?.spec.template.spec.containers ?? []) {
    container.env = [{ name: 'OE_SIMULATION', value: '1' }];
  }
}

/** Several changes, one after the other. */
export function all<T>(...changes: Change<T>[]): Change<T> {
  return (object) => {
    for (const change of changes) change(object);
  };
}
