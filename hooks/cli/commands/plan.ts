import { readPlanRequest, declaredFlags, type PlanRequest } from '../../core/plan/request.ts';
import { invocationOf, type Asked, type Command } from '../command.ts';
import { choice, flag, optional, type Options } from '../option.ts';

/** The upgrade that `plan` is asked about. */
export interface AskedPlan extends Asked {
  command: 'plan';
  request: PlanRequest;
}

/** Flags of Helm whose value is a file, as `helm upgrade --help` has them. */
const files: ReadonlySet<string> = new Set([
  'ca-file',
  'cert-file',
  'key-file',
  'keyring',
  'kubeconfig',
  'values',
]);

/** `plan` as a person types it. Its words are those of `helm upgrade`, so it reads them as Helm does. */
export const plan: Command = {
  name: 'plan',
  audience: 'people',
  summary: 'what would this helm upgrade do?',
  about: [
    'Says what helm upgrade with the same words would do, and changes nothing: what preflight would find, whether the Coordinator restarts, which Marbles do and in which order, how long it should take, and the command to run next.',
    'It runs Helm 3.13 or later, which HELM_BIN names (helm), and reads the cluster with --kubeconfig and --kube-context, as Helm does.',
  ],
  arguments: [
    { name: 'RELEASE', about: 'the release, as for helm upgrade' },
    { name: 'CHART', about: 'the chart, as for helm upgrade', completes: 'file' },
    { name: '[FLAGS OF helm upgrade]', about: 'helm upgrade --help lists them' },
  ],
  options: { output: choice(['text', 'json', 'markdown'], 'how the plan is printed') },
  passedOn: helmFlags,
  examples: [
    {
      does: 'With the values of the release',
      line: 'plan marblerun-coordinator ./chart -n marblerun --reset-then-reuse-values',
    },
    {
      does: 'With another version of the Coordinator',
      line: 'plan marblerun-coordinator ./chart -n marblerun -f values.yaml --set coordinator.version=v1.9.1',
    },
    {
      does: 'As a comment on a pull request',
      line: 'plan marblerun-coordinator ./chart -n marblerun -f values.yaml --output markdown > comment.md',
    },
  ],
  exitCodes: {
    0: 'preflight would pass',
    1: 'it would refuse',
    2: 'wrong flags or values',
    3: 'could not find out',
  },
  read: (words) => {
    const request = readPlanRequest(words);
    if (request === undefined) return undefined;
    return invocationOf<AskedPlan>({ command: 'plan', request }, async (asked, stop) => {
      const { runPlan } = await import('../../by-hand.ts');
      return await runPlan(asked, stop);
    });
  },
};

function helmFlags(): Options {
  const flags = declaredFlags().map(({ name, short, takesValue }) => {
    const looks = short === undefined ? {} : { short };
    const completes = files.has(name) ? { completes: 'file' as const } : {};
    const about = 'see helm upgrade --help';
    return [
      name,
      takesValue ? optional('VALUE', about, { ...looks, ...completes }) : flag(about, looks),
    ] as const;
  });
  return Object.fromEntries(flags);
}
