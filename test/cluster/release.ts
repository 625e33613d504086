import { randomBytes } from 'node:crypto';
import { stringify } from 'yaml';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Deployment, Pod } from '../../hooks/core/objects.ts';
import type { ExecResult } from '../lab/inside.ts';
import type { Lab } from '../lab/lab.ts';
import { labValues, type Enclaves } from '../support/lab-values.ts';
import { enclaveMounts } from '../lab/node.ts';
import { giveVolume } from '../lab/volumes.ts';
import { upgradeAsPlanned } from './as-planned.ts';
import { chart, upstreamShaped } from './charts.ts';

const releaseName = 'marblerun-coordinator';

export type HelmVersion = 3 | 4;

/** Values for Helm, by path: `{'coordinator.version': 'v1.8.0'}`. */
export type Settings = Readonly<Record<string, string>>;

/** Two Coordinators that share a state, which on the lab mount what only an enclave has. */
export const two: Settings = {
  'coordinator.distributedDeployment': 'true',
  'coordinator.replicas': '2',
  'coordinator.securityContext.seccompProfile.type': 'Localhost',
  'coordinator.securityContext.seccompProfile.localhostProfile': enclaveMounts,
};

/** A Coordinator's release in a namespace of its own, with a volume that both nodes can mount. */
export class Release {
  readonly lab: Lab;
  readonly helmVersion: HelmVersion;
  readonly namespace: string;
  readonly name: string;
  readonly values: string;

  private constructor(lab: Lab, helmVersion: HelmVersion, namespace: string, name: string) {
    this.lab = lab;
    this.helmVersion = helmVersion;
    this.namespace = namespace;
    this.name = name;
    this.values = join(lab.dir, `${namespace}-values.yaml`);
  }

  /** Makes the namespace and the volume; installs nothing yet. `more` is merged over the values the lab needs. */
  static async prepare(
    lab: Lab,
    helmVersion: HelmVersion,
    more: { name?: string; namespace?: string; enclaves?: Enclaves; backups?: boolean } = {},
  ): Promise<Release> {
    const namespace = more.namespace ?? `mr-${randomBytes(3).toString('hex')}`;
    const release = new Release(lab, helmVersion, namespace, more.name ?? releaseName);
    await lab.kubectl('create', 'namespace', namespace);
    await giveVolume(lab, namespace);
    await writeFile(release.values, stringify(labValues(more.enclaves ?? 'none', more.backups)));
    return release;
  }

  /** `helm install` of this project's chart. */
  async install(settings: Settings = {}, ...flags: string[]): Promise<ExecResult> {
    return await this.helm('install', chart, settings, flags);
  }

  /** `helm upgrade` to this project's chart, which has to do what plan says just before. */
  async upgrade(settings: Settings = {}, ...flags: string[]): Promise<ExecResult> {
    return await upgradeAsPlanned(this, settings, flags);
  }

  /** `helm upgrade` alone, where more happens between plan and the end of the rollout than plan can know. */
  async upgradeUnplanned(settings: Settings = {}, ...flags: string[]): Promise<ExecResult> {
    return await this.helm('upgrade', chart, settings, flags);
  }

  /** `helm test` of it. */
  async test(...flags: string[]): Promise<ExecResult> {
    return await this.lab.helm(this.helmVersion, ['test', this.name, '-n', this.namespace, ...flags]);
  }

  /** `helm install` of the fixture chart that has the shape of upstream's. */
  async installUpstreamShaped(settings: Settings = {}): Promise<ExecResult> {
    return await this.helm('install', upstreamShaped, settings, ['--wait']);
  }

  /** Installs or upgrades to any chart. */
  async helm(
    verb: 'install' | 'upgrade',
    source: string,
    settings: Settings,
    flags: readonly string[],
  ): Promise<ExecResult> {
    const words = [verb, ...this.words(source, settings, flags)];
    return await this.lab.helm(this.helmVersion, words);
  }

  /** The release, a chart, and the flags of Helm that both need on the lab, settings among them. */
  words(source: string, settings: Settings, flags: readonly string[] = []): string[] {
    const sets = Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
    return [this.name, source, '-n', this.namespace, '-f', this.values, ...sets, ...flags];
  }

  async kubectl(...args: string[]): Promise<string> {
    return await this.lab.kubectl('-n', this.namespace, ...args);
  }

  /** The Coordinator's pod; there has to be exactly one that is not on its way out. */
  async coordinatorPod(): Promise<Pod> {
    const pods = await this.coordinatorPods();
    const [pod, ...others] = pods;
    if (pod === undefined || others.length > 0) {
      throw new Error(
        `${pods.length} Coordinator pods in ${this.namespace}: ${pods.map(({ metadata }) => metadata.name).join(', ')}`,
      );
    }
    return pod;
  }

  /** The Coordinator's pods that are not on their way out. */
  async coordinatorPods(): Promise<Pod[]> {
    const pods = await this.pods('edgeless.systems/control-plane-component=coordinator');
    return pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  }

  async coordinatorNode(): Promise<string> {
    return (await this.coordinatorPod()).spec.nodeName ?? '';
  }

  async pods(selector: string): Promise<Pod[]> {
    return (await this.lab.get<{ items: Pod[] }>('pods', '-n', this.namespace, '-l', selector)).items;
  }

  async deployment(name = 'marblerun-coordinator'): Promise<Deployment> {
    return await this.lab.get<Deployment>('deployment', name, '-n', this.namespace);
  }

  /** Uninstalls and removes the namespace and the volume. */
  async remove(): Promise<void> {
    await this.lab.helm(this.helmVersion, ['uninstall', this.name, '-n', this.namespace, '--no-hooks']);
    await this.lab.kubectl('delete', 'namespace', this.namespace, '--wait=true', '--timeout=120s');
    await this.lab.kubectl('delete', 'persistentvolume', `${this.namespace}-coordinator-pv-claim`);
  }
}
