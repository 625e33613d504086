import { acknowledgementToken } from '../acknowledge.ts';
import type { PreflightFacts } from '../facts.ts';
import type { Finding, Severity } from '../findings.ts';
import { valueOf } from '../known.ts';
import { endangersState } from '../lost/danger.ts';
import { authorityFlag } from '../lost/injector-settings.ts';
import { helmFlag } from '../lost/helm-flag.ts';
import { lostFromObjects } from '../lost/live.ts';
import { objectNames, type ReleaseObjects } from '../lost/live-objects.ts';
import { holdsSecret, isSecret, shown, type LostSetting } from '../lost/lost-setting.ts';
import { lostSinceRecord, recordedValues } from '../lost/recorded.ts';
import { isNothing, valueAt } from '../lost/tree.ts';

/**
 * Settings that fall back to their defaults because this command does not give them again (S3): against the record of the
 * last rollout, or against the live objects where no record tells.
 */
export function checkLostSettings(facts: PreflightFacts): Finding[] {
  const { live, objects } = facts;
  const recorded = recordedValues(facts.record);
  const version = valueOf(facts.record)?.coordinator.version ?? '';
  if (recorded !== undefined) {
    const distributed = valueAt(recorded, ['coordinator', 'distributedDeployment']);
    return findings(facts, lostSinceRecord(recorded, version, facts.settings), !isNothing(distributed));
  }
  if (live === undefined || objects === undefined) return [];
  const lost = lostFromObjects(live, objects, facts);
  const distributed = lost.some(({ name }) => name === 'coordinator.distributedDeployment');
  return [...findings(facts, lost, distributed), ...unknownObjects(objects)];
}

function findings(
  { settings }: PreflightFacts,
  lost: readonly LostSetting[],
  distributed: boolean,
): Finding[] {
  const surroundings = { simulation: settings.coordinator.simulation, distributed };
  const dangerous = lost.filter((setting) => endangersState(setting, surroundings));
  const others = lost.filter((setting) => !dangerous.includes(setting));
  return [
    ...finding('block', settings.release, dangerous, 'That endangers the sealed state or the mesh.'),
    ...finding('warn', settings.release, others, ''),
  ];
}

function finding(
  severity: Severity,
  { name, namespace }: PreflightFacts['settings']['release'],
  lost: readonly LostSetting[],
  consequence: string,
): Finding[] {
  if (lost.length === 0) return [];
  const lines = lost.map(({ name, before, after }) => `${name}: ${shown(before)} now, ${shown(after)} after`);
  const fall =
    lost.length === 1
      ? "This setting is not among the values given now, and falls back to the chart's default."
      : "These settings are not among the values given now, and fall back to the chart's defaults.";
  const message = [`${fall} ${consequence}`.trimEnd(), ...lines.map((line) => `  ${line}`)].join('\n');
  const stakes = lost.map(({ name, before, after }) => JSON.stringify([name, before, after])).toSorted();
  return [
    {
      code: 'setting-lost',
      severity,
      subject: `the values of release ${name}`,
      message,
      remedy: remedy(lost, namespace),
      ...(severity === 'block' ? { token: acknowledgementToken('setting-lost', stakes) } : {}),
    },
  ];
}

function remedy(lost: readonly LostSetting[], namespace: string): string {
  const flags: string[] = [];
  const advice: string[] = [];
  for (const setting of lost) {
    const { path, name, before } = setting;
    if (path === undefined) advice.push(`${name}: ${setting.advice ?? ''}`);
    else if (isSecret(before))
      advice.push(`${name}: give it as you did before; it is a secret and not shown.`);
    else if (holdsSecret(before))
      advice.push(`${name}: give it as you did before; parts of it may be secrets and are not shown.`);
    else if (name === 'marbleInjector.CABundle') flags.push(authorityFlag(namespace));
    else flags.push(helmFlag(path, before));
  }
  const again =
    'To keep all settings of the release, add --reset-then-reuse-values to the command. To keep these, add:';
  return [...(flags.length === 0 ? [] : [again, flags.join(' ')]), ...advice].join('\n');
}

/** An object that may not be read says nothing, which is no reason to think that nothing is lost. */
function unknownObjects(objects: ReleaseObjects): Finding[] {
  const kinds: Record<keyof ReleaseObjects, string> = {
    claim: `persistentvolumeclaim/${objectNames.claim}`,
    storageClass: `the StorageClass of persistentvolumeclaim/${objectNames.claim}`,
    clientApi: `service/${objectNames.clientApi}`,
    meshApi: `service/${objectNames.meshApi}`,
    dcapConfig: `configmap/${objectNames.dcapConfig}`,
    injector: `deployment/${objectNames.injector}`,
    webhook: 'the webhook of the injector',
  };
  return Object.entries(kinds).flatMap(([name, subject]): Finding[] => {
    const object = objects[name as keyof ReleaseObjects];
    if (object.known) return [];
    return [
      {
        code: 'settings-unknown',
        severity: 'warn',
        subject,
        message: `Whether settings of it fall back to the chart's defaults is not known: ${object.why}.`,
        remedy: 'Compare it by hand, or give the hooks the rights that the chart asks for.',
      },
    ];
  });
}
