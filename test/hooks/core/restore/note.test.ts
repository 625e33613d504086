import { expect } from 'chai';
import {
  interrupted,
  restoreAnnotation,
  startedAgain,
  stopped,
} from '../../../../hooks/core/restore/note.ts';
import type { Deployment } from '../../../../hooks/core/objects.ts';
import { deployment } from '../../builders.ts';

const note = { replicas: 2, copy: 'marblerun-coordinator-backup-1', replace: true };

describe('the note of a restore that goes on', () => {
  it('is read from the Deployment that it stopped', () => {
    expect(interrupted(patched(deployment()))).to.deep.equal(note);
    expect(interrupted(deployment())).to.equal(undefined);
  });

  it('is written again by the restore that finishes it', () => {
    const once = patched(deployment());
    const { metadata } = stopped(note, once) as Deployment;
    expect(metadata.annotations?.[restoreAnnotation]).to.equal(
      once.metadata.annotations?.[restoreAnnotation],
    );
  });

  it('is a new one where another copy is wanted, or somebody stopped the Coordinator before', () => {
    const once = patched(deployment());
    const other = { ...note, copy: 'marblerun-coordinator-backup-2' };
    expect(textOf(stopped(other, once))).to.contain('"generation":5');
    const bare = deployment(({ spec }) => (spec.replicas = 0));
    expect(textOf(stopped(note, bare))).to.contain('"generation":4');
  });

  it('counts no more once the Coordinator was started, or the Deployment changed in another way', () => {
    const started = patched(deployment());
    started.spec.replicas = 1;
    expect(interrupted(started)).to.equal(undefined);
    const changed = patched(deployment());
    changed.metadata.generation = (changed.metadata.generation ?? 0) + 2;
    expect(interrupted(changed)).to.equal(undefined);
  });

  it('is taken for none when it cannot be read', () => {
    for (const text of [
      '{',
      '{}',
      '{"generation":4,"replicas":1.5,"copy":"x"}',
      '{"generation":4,"replicas":1}',
    ]) {
      const broken = patched(deployment());
      broken.metadata.annotations = { [restoreAnnotation]: text };
      expect(interrupted(broken), text).to.equal(undefined);
    }
  });

  it('goes when the Coordinator is started again', () => {
    expect(startedAgain(note)).to.deep.equal({
      metadata: { annotations: { [restoreAnnotation]: null } },
      spec: { replicas: 2 },
    });
  });
});

function textOf(patch: object): string {
  return (patch as Deployment).metadata.annotations?.[restoreAnnotation] ?? '';
}

/** The Deployment as the API server has it after the patch. */
function patched(before: Deployment): Deployment {
  const { metadata, spec } = stopped(note, before) as Deployment;
  return {
    ...before,
    metadata: { ...before.metadata, annotations: metadata.annotations ?? {}, generation: 4 },
    spec: { ...before.spec, ...spec },
  };
}
