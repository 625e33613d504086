import { execa } from 'execa';
import { nodeNames, type NodeName } from '../addresses.ts';
import { entering, type Place } from '../component.ts';
import { containerdSocket } from '../node.ts';
import type { Progress } from '../progress.ts';
import { nodeImages } from './base.ts';
import { hookImageName, hookImages } from './hooks.ts';

/** Imports the images of Coordinators and Marble into both nodes. */
export async function loadImages(place: Place, progress: Progress): Promise<void> {
  const archives: [NodeName, string][] = [];
  for (const node of nodeNames) archives.push([node, await nodeImages(node, progress)]);
  await Promise.all(archives.map(([node, archive]) => importInto(place, node, archive)));
}

/** Imports the image of the hook program into both nodes, and answers its name. */
export async function loadHookImage(place: Place, progress: Progress): Promise<string> {
  const archive = await hookImages(progress);
  await Promise.all(nodeNames.map((node) => importInto(place, node, archive)));
  return hookImageName();
}

async function importInto(place: Place, node: NodeName, archive: string): Promise<void> {
  const ctr = ['ctr', '--address', containerdSocket(node), '--namespace', 'k8s.io'];
  await execa('nsenter', [...entering(place), ...ctr, 'images', 'import', archive]);
}
