import { expect } from 'chai';
import { objectName } from '../../../hooks/core/objects.ts';
import { stateName } from '../../../hooks/core/states.ts';

describe('stateName', () => {
  const names: [number, string][] = [
    [0, '0 Uninitialized'],
    [1, '1 Recovery'],
    [2, '2 AcceptingManifest'],
    [3, '3 AcceptingMarbles'],
    [7, '7 (unknown to this version of the hooks)'],
  ];
  for (const [state, name] of names) {
    it(`calls state ${state} "${name}"`, () => {
      expect(stateName(state)).to.equal(name);
    });
  }
});

describe('objectName', () => {
  it('names an object as kubectl does, with its namespace when it has one', () => {
    expect(objectName('Pod', { name: 'web-1', namespace: 'shop' })).to.equal('pod/web-1 in shop');
    expect(objectName('Node', { name: 'sgx-1' })).to.equal('node/sgx-1');
  });
});
