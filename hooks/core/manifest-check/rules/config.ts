import { isBefore } from '../../releases.ts';
import { mostSimilar } from '../../values/similar.ts';
import type { Problem } from '../findings.ts';
import type { Manifest } from '../model.ts';
import { doubtful, listed, oneOf, refused, told } from '../problem.ts';
import { manifestUpdaters } from '../updaters.ts';
import { featureGates, sealModes } from '../words.ts';

/** Settings of the Coordinator (v1.9.1: coordinator/manifest/manifest.go, Check). */
export function checkConfig(manifest: Manifest, version: string): Problem[] {
  return [
    ...sealMode(manifest, version),
    ...manifest.Config.FeatureGates.flatMap((gate, index) => feature(gate, index, version)),
    ...updateThreshold(manifest, version),
  ];
}

function sealMode({ Config }: Manifest, version: string): Problem[] {
  const path = ['Config', 'SealMode'];
  if (isBefore(version, '1.5.0')) return [];
  switch (Config.SealMode) {
    case '':
    case 'ProductKey':
      return [];
    case 'UniqueKey': {
      const message =
        'The state is sealed to this very build of the Coordinator: every upgrade of it needs a recovery.';
      return [doubtful('seal-mode', path, message, 'Take ProductKey, unless this is what you want.')];
    }
    case 'Disabled': {
      const message =
        'The state is not sealed: a Coordinator that restarts has lost the Manifest and all secrets.';
      return [doubtful('seal-mode', path, message, 'Take ProductKey, unless this is what you want.')];
    }
    default: {
      const message = `There is no SealMode ${JSON.stringify(Config.SealMode)}; upper and lower case count.`;
      return [refused('seal-mode', path, message, oneOf(Config.SealMode, sealModes))];
    }
  }
}

/** Case does not count from v1.9.0 on. */
function feature(gate: string, index: number, version: string): Problem[] {
  const path = ['Config', 'FeatureGates', index];
  if (isBefore(version, '1.5.0')) return [];
  const same = (name: string) =>
    isBefore(version, '1.9.0') ? name === gate : name.toLowerCase() === gate.toLowerCase();
  const known = Object.keys(featureGates).filter((name) => !isBefore(version, featureGates[name] ?? ''));
  const found = known.find(same);
  if (found === undefined) {
    const message = `Coordinator ${version} has no feature ${JSON.stringify(gate)}.`;
    const meant = mostSimilar(gate, known);
    const remedy = meant === undefined ? `There are ${listed(known)}.` : `Did you mean ${meant}?`;
    return [refused('feature-gate-unknown', path, message, remedy)];
  }
  if (found !== 'AzureHSMSealing') return [];
  const message =
    'AzureHSMSealing needs the address of the HSM and credentials in the environment of the Coordinator, which is not looked at here. Without them it refuses the Manifest.';
  return [
    doubtful('hsm-environment', path, message, 'Set coordinator.azureHSM and coordinator.azureCredentials.'),
  ];
}

function updateThreshold(manifest: Manifest, version: string): Problem[] {
  const { UpdateThreshold } = manifest.Config;
  const updaters = manifestUpdaters(manifest);
  if (UpdateThreshold > BigInt(updaters.length) && !isBefore(version, '1.7.0')) {
    const message = `An update needs ${UpdateThreshold} users who acknowledge it, but ${updaters.length} may update the Manifest.`;
    const remedy =
      'Lower UpdateThreshold, or give more users a role with ResourceType Manifest and UpdateManifest.';
    return [refused('update-threshold', ['Config', 'UpdateThreshold'], message, remedy)];
  }
  if (updaters.length > 0 || isBefore(version, '1.9.0')) return [];
  const message =
    'No user may update the Manifest: with the Packages in it, only their SecurityVersion can ever change.';
  const remedy = 'Give a user a role with ResourceType Manifest and the action UpdateManifest.';
  return [told('no-updaters', ['Users'], message, remedy)];
}
