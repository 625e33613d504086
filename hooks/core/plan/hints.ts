import type { Finding } from '../findings.ts';
import type { Settings } from '../settings.ts';
import type { Estimate } from './estimate.ts';
import { isGiven, lastValue, type PlanRequest } from './request.ts';

/** A trap in the command itself, which no check of preflight can see. */
export interface Hint {
  /** The flag that it is about, or its absence. */
  about: string;
  message: string;
}

const givesValues = ['--values', '--set', '--set-string', '--set-file', '--set-json', '--set-literal'];
const reuses = ['--reuse-values', '--reset-then-reuse-values', '--reset-values'];

/** What a person should know about the flags, in the order of their weight. */
export function hints(
  request: PlanRequest,
  { settings, findings, estimate }: { settings: Settings; findings: readonly Finding[]; estimate: Estimate },
): Hint[] {
  const { flags } = request;
  const lost = findings.some(({ code }) => code === 'setting-lost');
  return [
    ...reusedValues(request, settings),
    ...keptValues(request, settings, lost),
    ...(isGiven(flags, '--no-hooks')
      ? [
          {
            about: '--no-hooks',
            message:
              'No hook runs: nothing is checked and no copy of the sealed state is made before, and no Marble is restarted after. What preflight would say stands here.',
          },
        ]
      : []),
    ...(isGiven(flags, '--atomic', '--rollback-on-failure')
      ? [
          {
            about: isGiven(flags, '--atomic') ? '--atomic' : '--rollback-on-failure',
            message:
              'When the upgrade fails, Helm goes back to the older Coordinator without asking. That one may be unable to unseal what the newer one has sealed: leave the flag away.',
          },
        ]
      : []),
    ...shortTimeout(request, settings),
    ...longRoll(settings, estimate),
  ];
}

function reusedValues({ flags }: PlanRequest, settings: Settings): Hint[] {
  if (!isGiven(flags, '--reuse-values')) return [];
  const { version } = settings.coordinator;
  const own = (settings.defaults.coordinator as { version?: string } | undefined)?.version;
  const image =
    own === undefined || own === version
      ? `The Coordinator's version comes from there, too (${version}).`
      : `So the old image stays: the Coordinator runs ${version}, not ${own} as the chart ${settings.chart.version} has it.`;
  return [
    {
      about: '--reuse-values',
      message: `Helm takes the defaults of the chart that the release was made with along with what was set, and the new chart's are not used. ${image} --reset-then-reuse-values keeps what was set and takes the new defaults.`,
    },
  ];
}

/** Helm keeps the values of the release where none are given at all (Helm 3 and 4: pkg/action/upgrade.go, reuseValues). */
function keptValues({ flags }: PlanRequest, { release }: Settings, lost: boolean): Hint[] {
  if (release.revision < 2 || isGiven(flags, ...reuses)) return [];
  if (!flags.some(({ name }) => givesValues.includes(name))) {
    return [
      {
        about: 'no values',
        message:
          'Since no value is given, Helm keeps those of the release. As soon as one is given, all others fall back to the defaults, unless --reset-then-reuse-values is given, too.',
      },
    ];
  }
  if (!lost) return [];
  return [
    {
      about: 'values',
      message:
        'Helm forgets each value of earlier commands that is not given again here; setting-lost above names them. With --reset-then-reuse-values it keeps them.',
    },
  ];
}

const helmsTimeoutSeconds = 300;

function shortTimeout({ flags }: PlanRequest, { values }: Settings): Hint[] {
  const typed = lastValue(flags, '--timeout');
  const timeout = typed === undefined ? helmsTimeoutSeconds : secondsOf(typed);
  const active = (values.hooks as { activeDeadlineSeconds?: unknown } | undefined)?.activeDeadlineSeconds;
  if (timeout === undefined || typeof active !== 'number' || timeout > active) return [];
  return [
    {
      about: '--timeout',
      message: `Helm walks away after ${timeout} s, while a hook may take ${active} s (hooks.activeDeadlineSeconds): it would go on with nobody to hear it. Give --timeout ${active + 20}s.`,
    },
  ];
}

/** A duration as Go writes it: `5m0s`. */
function secondsOf(duration: string): number | undefined {
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g)];
  if (parts.map(([part]) => part).join('') !== duration) return undefined;
  const factors: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 0.001 };
  return parts.reduce((sum, [, number, unit = '']) => sum + Number(number) * (factors[unit] ?? 0), 0);
}

function longRoll({ rollout }: Settings, { seconds, limitSeconds, limitKey }: Estimate): Hint[] {
  if (rollout.detach || seconds <= limitSeconds) return [];
  return [
    {
      about: 'rollout.detach',
      message: `The roll will hardly fit into ${limitSeconds} s (${limitKey}); what is left would need the same command again. --set rollout.detach=true hands it to a Job that has more time.`,
    },
  ];
}
