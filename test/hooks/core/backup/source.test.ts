import { expect } from 'chai';
import { stateSource } from '../../../../hooks/core/backup/source.ts';
import type { Container, PodSpec } from '../../../../hooks/core/objects.ts';
import { sealingSpec } from '../../backups.ts';
import type { Change } from '../../builders.ts';

const source = (change: Change<PodSpec> = () => undefined) => stateSource(sealingSpec(change), 'coordinator');
const container = (spec: PodSpec): Container => spec.containers[0] ?? { name: '' };

describe('stateSource', () => {
  it('finds the claim below the seal directory, and reads as root where no user is set', () => {
    expect(source()).to.deep.equal({
      known: true,
      value: {
        claim: 'coordinator-pv-claim',
        mount: { name: 'coordinator-pv-storage', mountPath: '/coordinator/data' },
        sealDir: '/coordinator/data/',
        securityContext: { runAsUser: 0, runAsNonRoot: false, seccompProfile: { type: 'RuntimeDefault' } },
      },
    });
  });

  it('takes the innermost of several mounts', () => {
    const found = source((spec) => {
      const inner = { name: 'inner', mountPath: '/coordinator/data/sealed', subPath: 'mesh' };
      container(spec).volumeMounts = [
        inner,
        { name: 'coordinator-pv-storage', mountPath: '/coordinator/data' },
        { name: 'other', mountPath: '/coordinator/data/sealed-not' },
      ];
      container(spec).env = [{ name: 'EDG_COORDINATOR_SEAL_DIR', value: '/coordinator/data/sealed/x' }];
      spec.volumes?.push({ name: 'inner', persistentVolumeClaim: { claimName: 'mine' } });
    });
    expect(found).to.have.nested.property('value.claim', 'mine');
    expect(found).to.have.nested.property('value.mount.subPath', 'mesh');
  });

  it('runs as the Coordinator does: its container has the last word, the volume’s group is one more group', () => {
    const found = source((spec) => {
      spec.securityContext = { runAsUser: 1000, runAsGroup: 2000, supplementalGroups: [5], fsGroup: 3000 };
      container(spec).securityContext = { runAsUser: 1001, seLinuxOptions: { level: 's0:c1' } };
    });
    expect(found)
      .to.have.nested.property('value.securityContext')
      .that.deep.equals({
        runAsUser: 1001,
        runAsNonRoot: true,
        runAsGroup: 2000,
        supplementalGroups: [5, 3000],
        seLinuxOptions: { level: 's0:c1' },
        seccompProfile: { type: 'RuntimeDefault' },
      });
  });

  const nowhere: [string, Change<PodSpec>, RegExp][] = [
    ['the pod does not name it', (spec) => (container(spec).env = []), /does not say where/],
    ['nothing is mounted there', (spec) => (container(spec).volumeMounts = []), /is on no Persistent/],
    ['the volume is no claim', (spec) => (spec.volumes = [{ name: 'coordinator-pv-storage' }]), /is on no/],
    ['there is no such container', (spec) => (container(spec).name = 'other'), /does not say where/],
  ];
  for (const [title, change, why] of nowhere) {
    it(`does not know where the seal directory is when ${title}`, () => {
      const found = source(change);
      expect(found.known).to.equal(false);
      expect(found).to.have.property('why').that.matches(why);
    });
  }
});
