import { glob, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lab, Printed } from '../lab/lab.ts';
import { keptLogsOf, linkLogs } from '../lab/pod-logs.ts';
import type { Leak, Secrets } from '../audit/secrets.ts';

/** Everything in a cluster that anybody may come to read; Secrets are the place for secrets. */
const kinds = 'pods,jobs,events,configmaps,deployments,replicasets,services,serviceaccounts';

interface Item {
  kind: string;
  metadata: { name: string; namespace: string };
}

/**
 * Looks for secrets in all that a suite left: objects of any namespace (arguments, environment and termination messages
 * of pods among them), logs of all containers, also of pods that are gone, what Helm and the other commands printed (the
 * logs of hooks among it), and the URIs in the audit log. Each text is looked through once.
 */
export class SecretScan {
  private readonly secrets: Secrets;
  private printed: Printed[] = [];
  private readonly sizes = new Map<string, number>();
  private requests = 0;

  constructor(secrets: Secrets) {
    this.secrets = secrets;
  }

  /** Takes note of what a command printed, unless it was asked for Secrets. */
  hear(printed: Printed): void {
    if (!/\ssecrets?([\s/]|$)/.test(printed.command)) this.printed.push(printed);
  }

  /** What leaked since the last time. */
  async leaks(lab: Lab): Promise<Leak[]> {
    await this.addSealedKeys(lab);
    const found = [...(await this.objects(lab)), ...(await this.logs(lab)), ...(await this.audit(lab))];
    for (const { command, output } of this.printed) {
      found.push(...this.secrets.leaks(`the output of ${command.slice(0, 100)}`, output));
    }
    this.printed = [];
    return found;
  }

  /** The Coordinator's build without an enclave keeps its sealing key in plain, on the volume only. */
  private async addSealedKeys(lab: Lab): Promise<void> {
    for await (const file of glob(join(lab.dir, 'volumes', '**', 'sealed_key*'))) {
      const key = await readFile(file).catch(() => undefined);
      if (key !== undefined && key.length > 0) this.secrets.add('a sealing key', key);
    }
  }

  private async objects(lab: Lab): Promise<Leak[]> {
    const { items } = await lab.get<{ items: Item[] }>(kinds, '--all-namespaces');
    return items.flatMap((item) => {
      const { name, namespace } = item.metadata;
      return this.secrets.leaks(`${item.kind.toLowerCase()}/${name} in ${namespace}`, JSON.stringify(item));
    });
  }

  private async logs(lab: Lab): Promise<Leak[]> {
    await linkLogs(lab.dir);
    const found: Leak[] = [];
    const folder = keptLogsOf(lab.dir);
    for await (const file of glob('*/*/*.log', { cwd: folder })) {
      const { size } = await stat(join(folder, file));
      if (this.sizes.get(file) === size) continue;
      this.sizes.set(file, size);
      found.push(...this.secrets.leaks(`the log ${file}`, await readFile(join(folder, file), 'utf8')));
    }
    return found;
  }

  private async audit(lab: Lab): Promise<Leak[]> {
    const requests = (await lab.audit()).slice(this.requests);
    this.requests += requests.length;
    return requests.flatMap(({ user, uri }) =>
      this.secrets.leaks(`a request of ${user}`, decodeURIComponent(uri)),
    );
  }
}
