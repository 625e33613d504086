import { nextStep } from '../../core/recovery/next.ts';
import { ExitCode } from '../../core/exit-code.ts';
import type { Cluster } from '../../io/cluster.ts';
import { gatherHeldUp } from '../../io/gather/held-up.ts';

/** What it takes to go on with a rollout. */
export interface ContinueTools {
  cluster: () => Cluster;
  /** Where Helm keeps releases (HELM_DRIVER). */
  driver: string;
  /** Asks a person; undefined where nobody can answer. */
  confirm: ((question: string) => Promise<boolean>) | undefined;
  /** Whether it was said beforehand to go on. */
  always: boolean;
  /** Runs the user's Helm, whose output is shown as it comes; answers its exit code. */
  helm: (args: readonly string[]) => Promise<number>;
  say: (line: string) => void;
}

/** Says how the rollout goes on that the recovery held up, and does it where a person wants it. */
export async function offerToContinue(
  { cluster, driver, confirm, always, helm, say }: ContinueTools,
  place: { release: string; namespace: string },
): Promise<ExitCode> {
  const step = nextStep(await gatherHeldUp(cluster(), place, driver));
  say(step.text);
  if (step.helm === undefined) return ExitCode.Fine;
  const agreed = always || (await confirm?.('Go on with it now?')) === true;
  if (!agreed) return ExitCode.Fine;
  const code = await helm(step.helm);
  if (code === 0) return ExitCode.Fine;
  say(
    `The Coordinator is recovered, but helm ${step.helm.join(' ')} ended with ${code}: its own output says why.`,
  );
  return ExitCode.Blocked;
}
