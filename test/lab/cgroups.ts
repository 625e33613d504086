import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exists } from './files.ts';

const root = '/sys/fs/cgroup';
/** What the kubelet asks for, as far as this machine has it. */
const controllers = ['cpuset', 'cpu', 'io', 'memory', 'hugetlb', 'pids'];

/** Makes the cgroup folder `lab/node` for each node, in every hierarchy of this machine. The holder removes them. */
export async function makeCgroups(lab: string, nodes: readonly string[]): Promise<void> {
  if (await exists(join(root, 'cgroup.controllers'))) {
    await enable(root);
    await eachPath(root, lab, nodes, enable);
    return;
  }
  for (const entry of await readdir(root, { withFileTypes: true })) {
    const hierarchy = join(root, entry.name);
    if (entry.isDirectory()) await eachPath(hierarchy, lab, nodes, inheritCpuset);
  }
}

async function eachPath(
  hierarchy: string,
  lab: string,
  nodes: readonly string[],
  prepare: (folder: string) => Promise<void>,
): Promise<void> {
  for (const path of [lab, ...nodes.map((node) => join(lab, node))]) {
    await mkdir(join(hierarchy, path), { recursive: true });
    await prepare(join(hierarchy, path));
  }
}

/** Version 2: the controllers that the kubelet asks for must be on in every folder above the pods. */
async function enable(folder: string): Promise<void> {
  const available = (await readFile(join(folder, 'cgroup.controllers'), 'utf8')).trim().split(' ');
  const wanted = controllers.filter((name) => available.includes(name)).map((name) => `+${name}`);
  await writeFile(join(folder, 'cgroup.subtree_control'), wanted.join(' '));
}

/** Version 1: a new cpuset is empty and takes no process until it is filled. */
async function inheritCpuset(folder: string): Promise<void> {
  for (const file of ['cpuset.cpus', 'cpuset.mems']) {
    if (await exists(join(folder, file))) {
      await writeFile(join(folder, file), await readFile(join(folder, '..', file)));
    }
  }
}
