import { expect } from 'chai';
import type { ExecResult } from '../lab/inside.ts';
import {
  giveManifest,
  marblePods,
  meshFacts,
  startMarbles,
  type MeshFacts,
  type SetManifest,
} from './mesh-facts.ts';
import type { Release } from './release.ts';

/** What a command printed that had to end with 0. */
export async function succeeded(command: Promise<ExecResult>): Promise<string> {
  const { exitCode, all } = await command;
  expect(exitCode, all).to.equal(0);
  return all;
}

/** What a command printed that had to fail. */
export async function failed(command: Promise<ExecResult>): Promise<string> {
  const { exitCode, all } = await command;
  expect(exitCode, all).not.to.equal(0);
  return all;
}

/** A mesh before a test does anything to it. */
export interface Begun {
  manifest: SetManifest;
  initial: MeshFacts;
  /** Its Marbles' pods. */
  marbles: string[];
}

/** Waits for the install of a release, sets a Manifest, starts Marbles of these names, and answers what the mesh is then. */
export async function begun(
  release: Release,
  install: Promise<ExecResult>,
  ...names: string[]
): Promise<Begun> {
  await succeeded(install);
  const manifest = await giveManifest(release);
  if (names.length > 0) await startMarbles(release, ...names);
  return { manifest, initial: await meshFacts(release), marbles: await marblePods(release) };
}
