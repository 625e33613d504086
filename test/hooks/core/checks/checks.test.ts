import { expect } from 'chai';
import { checkCoordinator } from '../../../../hooks/core/checks/coordinator.ts';
import { checkOwnership } from '../../../../hooks/core/checks/ownership.ts';
import { checkRecord } from '../../../../hooks/core/checks/record.ts';
import { known, unknown } from '../../../../hooks/core/known.ts';
import { coordinator, facts, otherCertificate, record } from '../../builders.ts';
import { cases } from './cases.ts';

describe('checkCoordinator', () => {
  cases(checkCoordinator, [
    ['finds nothing in state 3', () => undefined, []],
    ['finds nothing in state 2', (f) => (f.coordinator = known({ state: 2 })), []],
    ['notes a first install', (f) => (f.live = undefined), ['info first-install']],
    ['warns when no pod runs', (f) => (f.coordinator = undefined), ['warn coordinator-unreachable']],
    [
      'warns when it does not answer',
      (f) => (f.coordinator = unknown('pod/x does not answer')),
      ['warn coordinator-unreachable'],
    ],
    [
      'warns when it needs recovery already',
      (f) => (f.coordinator = known({ state: 1 })),
      ['warn coordinator-needs-recovery'],
    ],
  ]);

  it('gives the recovery commands of the version that runs, not of the one to come', () => {
    const [finding] = checkCoordinator(
      facts((f) => {
        f.coordinator = known({ state: 1 });
        f.record = known(record((r) => (r.recoveryKeys = { parties: 1, threshold: 1 })));
        f.live?.spec.template.spec.containers.forEach((container) => {
          container.image = 'ghcr.io/edgelesssys/marblerun/coordinator:v1.4.1';
        });
      }),
    );
    expect(finding?.remedy).to.contain('/recover').and.not.to.contain('/api/v2/recover');
    expect(finding?.remedy).to.contain('pod/marblerun-coordinator-7c9f8d6b5-x2x4q 4433:4433');
  });
});

describe('checkRecord', () => {
  cases(checkRecord, [
    ['finds nothing when the Coordinator is the recorded one', () => undefined, []],
    ['finds nothing without a record', (f) => (f.record = known(undefined)), []],
    ['finds nothing when the Coordinator does not answer', (f) => (f.coordinator = unknown('no')), []],
    [
      'finds nothing in Recovery, where certificates are temporary',
      (f) => (f.coordinator = known({ state: 1 })),
      [],
    ],
    [
      'warns about a record that cannot be read',
      (f) => (f.record = unknown('it is not JSON')),
      ['warn record-unreadable'],
    ],
    ['blocks when the Manifest is gone', (f) => (f.coordinator = known({ state: 2 })), ['block state-lost']],
    [
      'accepts state 2 when there never was a Manifest',
      (f) => {
        f.coordinator = known({ state: 2 });
        f.record = known(record((r) => delete r.manifestFingerprint));
      },
      [],
    ],
    [
      'blocks when another root certificate is in force',
      (f) => (f.coordinator = known(coordinator((c) => (c.rootCertificate = otherCertificate)))),
      ['block state-replaced'],
    ],
    [
      'does not compare with a record that has no certificate',
      (f) => (f.record = known(record((r) => delete r.rootCertificate))),
      [],
    ],
    [
      'does not compare with a record without a Manifest, where each start makes a certificate',
      (f) => {
        const before = record((r) => {
          delete r.manifestFingerprint;
          r.rootCertificate = otherCertificate;
        });
        f.record = known(before);
      },
      [],
    ],
    [
      'accepts an update of the Manifest, which leaves the root certificate',
      (f) =>
        (f.coordinator = known(
          coordinator((c) => {
            if (c.manifest !== undefined) c.manifest.fingerprint = 'ff'.repeat(32);
          }),
        )),
      [],
    ],
  ]);

  it('names both certificates and gives a token for this very change', () => {
    const found = (certificate: string) =>
      checkRecord(
        facts((f) => (f.coordinator = known(coordinator((c) => (c.rootCertificate = certificate))))),
      )[0];
    expect(found(otherCertificate)?.message).to.contain('e07a93b4e07a').and.to.contain('5f1d7c0e5f1d');
    expect(found(otherCertificate)?.token).to.match(/^state-replaced:[0-9a-f]{8}$/);
    expect(found('77'.repeat(32))?.token).to.not.equal(found(otherCertificate)?.token);
  });
});

describe('checkOwnership', () => {
  const ofImage = '.spec.template.spec.containers[name="coordinator"].image';

  cases(checkOwnership, [
    ['finds nothing without a conflict', () => undefined, []],
    [
      'warns when the dry run failed, since Helm is about to send the same',
      (f) => (f.conflicts = unknown('PATCH …: admission webhook denied the request')),
      ['warn dry-run-failed'],
    ],
    [
      'leaves the image of kubectl set image to preflight itself',
      (f) => (f.conflicts = known([{ manager: 'kubectl-set', field: ofImage }])),
      [],
    ],
    [
      'warns about the same field in the hands of another',
      (f) => (f.conflicts = known([{ manager: 'kubectl-edit', field: ofImage }])),
      ['warn fields-owned-by-others'],
    ],
    [
      'warns about another container’s image',
      (f) =>
        (f.conflicts = known([{ manager: 'kubectl-set', field: ofImage.replace('coordinator', 'proxy') }])),
      ['warn fields-owned-by-others'],
    ],
  ]);

  it('names each field with its owner, the image of kubectl set image left out', () => {
    const conflicts = [
      { manager: 'kubectl-set', field: ofImage },
      { manager: 'hpa', field: '.spec.replicas' },
      { manager: 'kubectl-edit', field: '.spec.template.spec.nodeSelector' },
    ];
    const [finding] = checkOwnership(facts((f) => (f.conflicts = known(conflicts))));
    expect(finding?.message).to.contain(
      '.spec.replicas (hpa), .spec.template.spec.nodeSelector (kubectl-edit)',
    );
    expect(finding?.message).to.not.contain('.image');
    expect(finding?.remedy).to.contain('--force-conflicts');
  });
});
