import { acknowledge } from './acknowledge.ts';
import { checkCoordinator } from './checks/coordinator.ts';
import { checkManifest } from './checks/manifest.ts';
import { checkMarbles } from './checks/marbles.ts';
import { checkClients } from './checks/clients.ts';
import { checkLostSettings } from './checks/lost-settings.ts';
import { checkInjector } from './checks/injector.ts';
import { checkDigest } from './checks/digest.ts';
import { checkOwnership } from './checks/ownership.ts';
import { checkPlacement } from './checks/placement.ts';
import { checkRecord } from './checks/record.ts';
import { checkRecoveryKeys } from './checks/recovery-keys.ts';
import { checkRights } from './checks/rights.ts';
import { checkSealing } from './checks/sealing.ts';
import { checkUpdates } from './checks/updates.ts';
import { checkVersion } from './checks/version.ts';
import { checkStorage } from './checks/storage.ts';
import { checkStore } from './checks/store.ts';
import { checkValueConflicts } from './checks/value-conflicts.ts';
import { checkValues } from './checks/values.ts';
import type { PreflightFacts } from './facts.ts';
import { releasedByHelm } from './ownership.ts';
import { blocks, type Finding } from './findings.ts';
import { valueOf } from './known.ts';
import { isRollback } from './record.ts';

/** A check looks at the facts and says what it finds; a new one is a file in checks/ and a line here. */
type Check = (facts: PreflightFacts) => Finding[];

const checks: readonly Check[] = [
  checkValues,
  checkValueConflicts,
  checkDigest,
  checkCoordinator,
  checkRecord,
  checkLostSettings,
  checkClients,
  checkPlacement,
  checkVersion,
  checkSealing,
  checkRecoveryKeys,
  checkUpdates,
  checkManifest,
  checkMarbles,
  checkInjector,
  checkOwnership,
  checkRights,
  checkStore,
  checkStorage,
];

/**
 * All findings of all checks, acknowledgements applied. With `hooks.preflight.mode: warn` nothing blocks; what would
 * have is a warning.
 */
export function preflightFindings(facts: PreflightFacts): Finding[] {
  const { acknowledge: tokens, preflight } = facts.settings.hooks;
  const findings = acknowledge(
    checks.flatMap((check) => check(facts)),
    tokens,
  );
  if (preflight.mode === 'enforce') return [...findings, ...refusedRollback(facts, findings)];
  return findings.map((finding) => (blocks(finding) ? { ...finding, severity: 'warn' } : finding));
}

/** Helm 3 and 4 leave a rollback pending whose hook fails, and refuse every upgrade until another rollback succeeds. */
function refusedRollback(
  { settings: { release }, record, live }: PreflightFacts,
  findings: readonly Finding[],
): Finding[] {
  // Argo CD calls every sync revision 1, and has nothing that could be pending.
  if (live !== undefined && !releasedByHelm(live)) return [];
  if (!findings.some(blocks) || !isRollback(release.revision, valueOf(record))) return [];
  return [
    {
      code: 'rollback-refused',
      severity: 'warn',
      subject: `release/${release.name}`,
      message:
        'Helm leaves a rollback pending that a hook refuses, and lets no upgrade begin. A rollback takes its values from the older revision, so that no token can be added to it.',
      remedy: [
        'Go back to the revision that is deployed, which changes nothing:',
        `helm -n ${release.namespace} rollback ${release.name} "$(helm -n ${release.namespace} history ${release.name} -o json | jq '[.[] | select(.status == "deployed")][-1].revision')"`,
        'To go to the older version all the same, use helm upgrade with its values and the tokens.',
      ].join('\n'),
    },
  ];
}
