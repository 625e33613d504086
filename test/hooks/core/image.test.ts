import { expect } from 'chai';
import { coordinatorImage, runningVersion } from '../../../hooks/core/image.ts';
import { deployment, settings } from '../builders.ts';

const { coordinator } = settings((s) => (s.coordinator.version = 'of the chart'));
const digest = `sha256:${'84fa'.repeat(16)}`;

const images: [string, string][] = [
  ['ghcr.io/edgelesssys/marblerun/coordinator:v1.8.0', 'v1.8.0'],
  [`ghcr.io/edgelesssys/marblerun/coordinator:v1.9.1@${digest}`, 'v1.9.1'],
  ['registry:5000/mirror/coordinator:v0.6.1', 'v0.6.1'],
  ['coordinator:latest', 'latest'],
  ['registry:5000/mirror/coordinator', 'of the chart'],
  ['coordinator', 'of the chart'],
  [`ghcr.io/edgelesssys/marblerun/coordinator@${digest}`, 'of the chart'],
  [`registry:5000/mirror/coordinator@${digest}`, 'of the chart'],
];

describe('runningVersion', () => {
  for (const [image, version] of images) {
    it(`reads ${version} from ${image}`, () => {
      expect(runningVersion(running(image), coordinator)).to.equal(version);
    });
  }

  it('takes the chart’s version when nothing runs', () => {
    expect(runningVersion(undefined, coordinator)).to.equal('of the chart');
  });
});

describe('coordinatorImage', () => {
  it('is the image of the Coordinator’s own container', () => {
    const object = running('coordinator:v1');
    object.spec.template.spec.containers.unshift({ name: 'istio-proxy', image: 'proxy:1' });
    expect(coordinatorImage(object, coordinator)).to.equal('coordinator:v1');
  });

  it('is undefined when that container is not there', () => {
    expect(coordinatorImage(running('x'), { ...coordinator, container: 'other' })).to.equal(undefined);
  });
});

function running(image: string) {
  return deployment(({ spec }) => {
    spec.template.spec.containers = [{ name: 'coordinator', image }];
  });
}
