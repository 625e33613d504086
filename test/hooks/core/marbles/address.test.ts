import { expect } from 'chai';
import { belongsTo, coordinatorAddress, meshNamespace } from '../../../../hooks/core/marbles/address.ts';
import type { PodSpec } from '../../../../hooks/core/objects.ts';

describe('coordinatorAddress', () => {
  const variable = (value?: string) => ({
    name: 'EDG_MARBLE_COORDINATOR_ADDR',
    ...(value === undefined ? {} : { value }),
  });
  const specs: [string, PodSpec, string | undefined][] = [
    ['a container', { containers: [{ name: 'web', env: [variable('a:2001')] }] }, 'a:2001'],
    [
      'an init container',
      { containers: [{ name: 'web' }], initContainers: [{ name: 'init', env: [variable('b:2001')] }] },
      'b:2001',
    ],
    ['no container', { containers: [{ name: 'web', env: [{ name: 'OTHER', value: 'x' }] }] }, undefined],
    ['a reference instead of a value', { containers: [{ name: 'web', env: [variable()] }] }, undefined],
  ];
  for (const [title, spec, expected] of specs) {
    it(`reads ${expected ?? 'nothing'} from ${title}`, () => {
      expect(coordinatorAddress(spec)).to.equal(expected);
    });
  }
});

describe('meshNamespace', () => {
  const addresses: [string, string | undefined][] = [
    ['coordinator-mesh-api.marblerun:2001', 'marblerun'],
    ['coordinator-mesh-api.marblerun.svc.cluster.local:2001', 'marblerun'],
    ['coordinator-mesh-api.marblerun', 'marblerun'],
    ['coordinator-mesh-api:2001', 'shop'],
    ['10.0.0.7:2001', undefined],
    ['mesh.example.com:2001', undefined],
  ];
  for (const [address, expected] of addresses) {
    it(`finds ${expected ?? 'no namespace'} in ${address}`, () => {
      expect(meshNamespace(address, 'shop')).to.equal(expected);
    });
  }
});

describe('belongsTo', () => {
  const addresses: [string | undefined, 'us' | 'another' | 'unclear'][] = [
    [undefined, 'us'],
    ['coordinator-mesh-api.marblerun:2001', 'us'],
    ['coordinator-mesh-api.elsewhere:2001', 'another'],
    ['10.0.0.7:2001', 'unclear'],
  ];
  for (const [address, expected] of addresses) {
    it(`takes a Marble that is told ${address ?? 'nothing'} for one of ${expected}`, () => {
      expect(belongsTo(address, { namespace: 'shop', mesh: 'marblerun' })).to.equal(expected);
    });
  }
});
