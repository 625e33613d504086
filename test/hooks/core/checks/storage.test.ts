import { expect } from 'chai';
import { checkStorage } from '../../../../hooks/core/checks/storage.ts';
import { checkStore } from '../../../../hooks/core/checks/store.ts';
import type { PreflightFacts } from '../../../../hooks/core/facts.ts';
import { known, unknown } from '../../../../hooks/core/known.ts';
import type { Deployment } from '../../../../hooks/core/objects.ts';
import type { StorageFacts } from '../../../../hooks/core/storage.ts';
import { coordinator, facts, otherCertificate, type Change } from '../../builders.ts';
import { claim, storageClass } from '../../claims.ts';
import { cases } from './cases.ts';

const mounts = (deployment: Deployment | undefined, claimName: string | undefined): void => {
  if (deployment === undefined) return;
  deployment.spec.template.spec.volumes =
    claimName === undefined ? [] : [{ name: 'state', persistentVolumeClaim: { claimName } }];
};
const env = (deployment: Deployment | undefined, variables: Record<string, string>): void => {
  for (const container of deployment?.spec.template.spec.containers ?? []) {
    container.env = Object.entries(variables).map(([name, value]) => ({ name, value }));
  }
};
const empty: Change<PreflightFacts> = (f) => (f.coordinator = known({ state: 2 }));
const storage = (change: Change<StorageFacts>): Change<PreflightFacts> => {
  return (f) => {
    const given: StorageFacts = { live: claim(), target: claim(), storageClass: storageClass() };
    change(given);
    f.storage = known(given);
  };
};

describe('checkStore', () => {
  const elsewhere: Change<PreflightFacts> = ({ target }) => {
    mounts(target, 'fast');
  };
  const distributed = { EDG_DISTRIBUTED_COORDINATOR: '1', EDG_K8S_STATE_NAME: 'marblerun-state' };
  const sealDirs = (before: string, after: string): Change<PreflightFacts> => {
    return ({ live, target }) => {
      env(live, { EDG_COORDINATOR_SEAL_DIR: before });
      env(target, { EDG_COORDINATOR_SEAL_DIR: after });
    };
  };

  cases(checkStore, [
    ['finds nothing when the claim stays', () => undefined, []],
    ['blocks when the new Coordinator mounts another claim', elsewhere, ['block another-store']],
    [
      'blocks when pvcName was forgotten and the chart’s own claim takes its place',
      ({ live }) => {
        mounts(live, 'mine');
      },
      ['block another-store'],
    ],
    [
      'blocks as well when the Coordinator cannot be asked',
      (f) => {
        elsewhere(f);
        f.coordinator = unknown('no answer');
      },
      ['block another-store'],
    ],
    [
      'blocks as well when no pod runs',
      (f) => {
        elsewhere(f);
        f.coordinator = undefined;
      },
      ['block another-store'],
    ],
    [
      'lets a Coordinator without a Manifest have another claim',
      (f) => {
        elsewhere(f);
        empty(f);
      },
      [],
    ],
    [
      'finds nothing on a first install',
      (f) => {
        elsewhere(f);
        f.live = undefined;
        f.coordinator = undefined;
      },
      [],
    ],
    [
      'blocks when the running Coordinator is distributed',
      ({ live }) => {
        env(live, distributed);
        mounts(live, undefined);
      },
      ['block another-store'],
    ],
    [
      'blocks when it is distributed by the old licence',
      ({ live }) => {
        env(live, { EDG_ENTERPRISE_LICENSED_FEATURES: 'distributedcoordinator' });
      },
      ['block another-store'],
    ],
    [
      'blocks when the folder on the volume changes',
      sealDirs('/coordinator/data/', '/coordinator/data/sub'),
      ['block another-store'],
    ],
    [
      'takes the same folder in other words for the same',
      sealDirs('/coordinator/data/', '/coordinator/./data/sub/..'),
      [],
    ],
  ]);

  it('names both claims and the value that keeps the state', () => {
    const [set] = checkStore(facts(elsewhere));
    expect(set?.message).to.contain('persistentvolumeclaim/coordinator-pv-claim, the new one');
    expect(set?.message).to.contain('persistentvolumeclaim/fast');
    expect(set?.remedy).to.contain('Remove coordinator.pvcName.');
    const [unset] = checkStore(
      facts(({ live }) => {
        mounts(live, 'mine');
      }),
    );
    expect(unset?.remedy).to.contain('Set coordinator.pvcName to mine.');
  });

  it('asks for another token when another mesh is at stake', () => {
    const token = (change: Change<PreflightFacts>) => checkStore(facts(change))[0]?.token;
    const other = token((f) => {
      elsewhere(f);
      f.coordinator = known(coordinator((c) => (c.rootCertificate = otherCertificate)));
    });
    expect(token(elsewhere)).to.match(/^another-store:[0-9a-f]{8}$/);
    expect(token(elsewhere)).not.to.equal(other);
  });
});

describe('checkStorage', () => {
  const gone = storage((s) => {
    s.live = undefined;
    s.target = undefined;
  });
  const named: Change<PreflightFacts> = (f) => {
    storage((s) => (s.target = undefined))(f);
    f.settings.claim = {};
    mounts(f.target, 'fast');
  };

  cases(checkStorage, [
    ['finds nothing when the claim is there and stays', () => undefined, []],
    ['blocks when the claim is gone', gone, ['block claim-lost']],
    [
      'lets the claim of a Coordinator without a Manifest be gone',
      (f) => {
        gone(f);
        empty(f);
      },
      [],
    ],
    [
      'blocks when the claim is being deleted',
      storage(({ live }) => {
        if (live !== undefined) live.metadata.deletionTimestamp = '2026-11-24T12:00:00Z';
      }),
      ['block claim-lost'],
    ],
    [
      'blocks when the volume is lost',
      storage(({ live }) => {
        if (live !== undefined) live.status = { phase: 'Lost' };
      }),
      ['block claim-lost'],
    ],
    ['blocks when the claim that pvcName names does not exist', named, ['block claim-missing']],
    [
      'warns of that on a first install',
      (f) => {
        named(f);
        f.live = undefined;
      },
      ['warn claim-missing'],
    ],
    [
      'finds nothing on a first install, where Helm makes the claim',
      (f) => {
        gone(f);
        f.live = undefined;
      },
      [],
    ],
    [
      'blocks for a change that the API server refuses',
      (f) => (f.settings.claim.spec = { ...claim().spec, storageClassName: 'other' }),
      ['block storage-refused'],
    ],
    [
      'blocks for such a change on a first install over a claim that was kept',
      (f) => {
        f.live = undefined;
        f.settings.claim.spec = { ...claim().spec, storageClassName: 'other' };
      },
      ['block storage-refused'],
    ],
    [
      'warns when the claims may not be read',
      (f) => (f.storage = unknown('forbidden')),
      ['warn storage-unknown'],
    ],
    [
      'finds nothing of that on a first install',
      (f) => {
        f.storage = unknown('forbidden');
        f.live = undefined;
      },
      [],
    ],
  ]);

  it('says how to keep the volume of a claim that is being deleted', () => {
    const [finding] = checkStorage(
      facts(
        storage(({ live }) => {
          if (live !== undefined) live.metadata.deletionTimestamp = '2026-11-24T12:00:00Z';
        }),
      ),
    );
    expect(finding?.remedy).to.contain('kubectl patch persistentvolume pvc-2a6b');
    expect(finding?.remedy).to.contain('Retain');
  });
});
