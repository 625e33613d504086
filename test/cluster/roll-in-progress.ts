import { setTimeout as delay } from 'node:timers/promises';
import type { Pod } from '../../hooks/core/objects.ts';
import { userOf } from '../audit/rights.ts';
import type { ExecResult } from '../lab/inside.ts';
import { unfolded } from '../support/helm-output.ts';
import { restarts } from './fleet.ts';
import type { Release, Settings } from './release.ts';

/** The Job of the rollout hook, and its ServiceAccount. */
export const rolloutName = 'marblerun-coordinator-rollout';

/** How an upgrade ended. */
export interface UpgradeResult {
  readonly exitCode: number | undefined;
  /** What was printed, with the log of the hooks in lines of its own. */
  readonly said: string;
}

/** Upgrades and answers what was said. */
export async function upgraded(release: Release, settings: Settings = {}): Promise<UpgradeResult> {
  return resultOf(await release.upgrade(settings));
}

/** What was said of an upgrade that has ended. */
export function resultOf({ exitCode, all }: ExecResult): UpgradeResult {
  return { exitCode, said: unfolded(all) };
}

/** An upgrade that is under way, so that a test can disturb the roll in the middle. */
export class RollInProgress {
  readonly release: Release;
  /** How it ends. */
  readonly result: Promise<UpgradeResult>;
  private ended: UpgradeResult | undefined;

  constructor(release: Release, settings: Settings) {
    this.release = release;
    this.result = release.upgradeUnplanned(settings).then((result) => (this.ended = resultOf(result)));
  }

  /** Waits until a Marble was restarted so many times since it was made. */
  async restarted(name: string, times: number): Promise<void> {
    await this.until(`${name} to be restarted`, async () => {
      return ((await restarts(this.release))[name] ?? 0) >= times;
    });
  }

  /** Waits until the hook has said something. */
  async says(pattern: RegExp): Promise<void> {
    await this.until(`the hook to say ${String(pattern)}`, async () => pattern.test(await this.log()));
  }

  /** The pod of the hook that runs now. */
  async pod(): Promise<Pod | undefined> {
    const pods = await this.release.pods(`job-name=${rolloutName}`);
    return pods.find(({ metadata, status }) => {
      return status?.phase === 'Running' && metadata.deletionTimestamp === undefined;
    });
  }

  private async log(): Promise<string> {
    const args = ['-n', this.release.namespace, 'logs', `job/${rolloutName}`, '--all-pods'];
    const { stdout } = await this.release.lab.exec('kubectl', args, { reject: false });
    return stdout;
  }

  /** Fails as soon as the upgrade is over: then nobody waits for anything in its middle. */
  async until(what: string, check: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + 90_000;
    while (!(await check())) {
      if (this.ended !== undefined) {
        throw new Error(`The upgrade was over before a test saw ${what}. It said:\n${this.ended.said}`);
      }
      if (Date.now() > deadline) throw new Error(`A test waited in vain for ${what}:\n${await this.log()}`);
      await delay(200);
    }
  }
}

/** A change of a Marble that the rollout hook asked the API server for. */
export interface AskedRestart {
  readonly name: string;
  /** When the API server took it, in milliseconds since the epoch. */
  readonly time: number;
}

/** Each restart that the rollout hook of a release has asked for since a time, in order, from the audit log. */
export async function askedRestarts(release: Release, since: number): Promise<AskedRestart[]> {
  const user = userOf({ name: rolloutName, namespace: release.namespace });
  // A request is noted a moment after its answer.
  await delay(500);
  return (await release.lab.audit())
    .filter((request) => {
      const isRestart = request.verb === 'patch' && request.object?.apiGroup === 'apps';
      return request.user === user && isRestart && request.code < 300 && request.time >= since;
    })
    .map(({ object, time }) => ({ name: object?.name ?? '', time }))
    .sort((a, b) => a.time - b.time);
}

/** The code with which the hook's last pod ended. */
export async function exitCodeOfHook(release: Release): Promise<number | undefined> {
  const pods = await release.pods(`job-name=${rolloutName}`);
  const codes = pods.map(({ status }) => status?.containerStatuses?.[0]?.state?.terminated?.exitCode);
  return codes.at(-1);
}
