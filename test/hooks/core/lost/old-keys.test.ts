import { expect } from 'chai';
import { withoutOldKeys } from '../../../../hooks/core/lost/old-keys.ts';

describe('withoutOldKeys', () => {
  it('moves each old key to its successor', () => {
    const values = {
      global: {
        image: { repository: 'registry.example/a', pullPolicy: 'Always', version: '' },
        createdBy: 'x',
      },
      coordinator: {
        coordinatorImageVersion: 'v1.8.0',
        coordinatorReplicas: 3,
        version: 'v1.9.1',
        hostname: 'h',
      },
    };
    expect(withoutOldKeys(values)).to.deep.equal({
      global: { createdBy: 'x' },
      coordinator: {
        repository: 'registry.example/a',
        pullPolicy: 'Always',
        version: 'v1.8.0',
        replicas: 3,
        hostname: 'h',
      },
    });
  });

  it('gives those that the injector shared to it as well, where there is one', () => {
    const global = { image: { repository: 'registry.example/a', version: 'v1.8.0' } };
    const of = (start: boolean) => withoutOldKeys({ global, marbleInjector: { start, version: 'v1.9.1' } });
    expect(of(true).marbleInjector).to.deep.equal({ start: true, ...global.image });
    expect(of(false).marbleInjector).to.deep.equal({ start: false, version: 'v1.9.1' });
  });

  it('splits the old path of the image', () => {
    const of = (coordinatorImage: string) =>
      withoutOldKeys({ coordinator: { coordinatorImage, image: 'x' } });
    expect(of('r.example:5000/a/b')).to.deep.equal({
      coordinator: { repository: 'r.example:5000/a', image: 'b' },
    });
    expect(of('b')).to.deep.equal({ coordinator: { repository: '', image: 'b' } });
    expect(of('')).to.deep.equal({ coordinator: { image: 'x' } });
  });

  it('leaves values without any as they are, of whatever shape', () => {
    for (const values of [{}, { global: null }, { dcap: null }, { coordinator: { version: 'v1' } }]) {
      expect(withoutOldKeys(values)).to.deep.equal(values);
    }
  });
});
