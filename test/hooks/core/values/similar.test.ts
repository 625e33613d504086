import { expect } from 'chai';
import { mostSimilar } from '../../../../hooks/core/values/similar.ts';

const keys = ['sealDir', 'storageSize', 'storageClass', 'version', 'replicas', 'image', 'hash'];

describe('mostSimilar', () => {
  for (const [word, meant] of [
    ['sealdir', 'sealDir'],
    ['seal_dir', 'sealDir'],
    ['storagesize', 'storageSize'],
    ['verison', 'version'],
    ['replica', 'replicas'],
    ['imgae', 'image'],
    ['hsah', 'hash'],
  ]) {
    it(`takes ${word} for ${meant}`, () => {
      expect(mostSimilar(word ?? '', keys)).to.equal(meant);
    });
  }

  for (const word of ['hsm', 'x', '', 'nodes', 'versioning', 'storage']) {
    it(`takes "${word}" for none of them`, () => {
      expect(mostSimilar(word, keys)).to.equal(undefined);
    });
  }
});
