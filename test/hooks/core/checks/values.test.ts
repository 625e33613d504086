import { expect } from 'chai';
import { checkDigest } from '../../../../hooks/core/checks/digest.ts';
import { known, unknown } from '../../../../hooks/core/known.ts';
import { checkValueConflicts } from '../../../../hooks/core/checks/value-conflicts.ts';
import { checkValues } from '../../../../hooks/core/checks/values.ts';
import type { PreflightFacts } from '../../../../hooks/core/facts.ts';
import type { Deployment, Resources, Toleration } from '../../../../hooks/core/objects.ts';
import { facts, image, type Change } from '../../builders.ts';
import { cases } from './cases.ts';

describe('checkValues', () => {
  const problem = (key: string, message = `${key} is wrong.`): Change<PreflightFacts> => {
    return (f) => (f.valueProblems = [{ key, message, remedy: 'Change it.' }]);
  };

  cases(checkValues, [
    ['finds nothing in values that fit', () => undefined, []],
    ['blocks for a value that does not fit', problem('coordinator.replicas'), ['block value-invalid']],
    [
      'warns of a slip in the section of an injector that is off',
      problem('marbleInjector.replicas'),
      ['warn value-invalid'],
    ],
    [
      'blocks for the same slip when the injector is on',
      (f) => {
        problem('marbleInjector.replicas')(f);
        f.settings.values.marbleInjector = { start: true };
      },
      ['block value-invalid'],
    ],
    [
      'blocks when it cannot be told whether the injector is on',
      problem('marbleInjector.start'),
      ['block value-invalid'],
    ],
    [
      'tells of an old key that is honoured',
      (f) =>
        (f.settings.oldKeys = [
          { key: 'coordinator.coordinatorReplicas', successor: 'coordinator.replicas' },
        ]),
      ['info old-key'],
    ],
  ]);

  it('asks for another token when the value is another one', () => {
    const token = (message: string) => checkValues(facts(problem('coordinator.hash', message)))[0]?.token;
    expect(token('coordinator.hash is "a".')).to.match(/^value-invalid:[0-9a-f]{8}$/);
    expect(token('coordinator.hash is "a".')).not.to.equal(token('coordinator.hash is "b".'));
  });
});

describe('checkValueConflicts', () => {
  const resources = (given: Resources): Change<PreflightFacts> => {
    return ({ target }) => {
      for (const container of target.spec.template.spec.containers) container.resources = given;
    };
  };
  const toleration = (given: Toleration): Change<PreflightFacts> => {
    return ({ target }) => (target.spec.template.spec.tolerations = [given]);
  };
  const conflict = ['block value-conflict'];

  cases(checkValueConflicts, [
    ['finds nothing in the defaults', () => undefined, []],
    [
      'accepts a request at its limit',
      resources({ requests: { memory: '512Mi' }, limits: { memory: '0.5Gi' } }),
      [],
    ],
    [
      'blocks for a request above its limit',
      resources({ requests: { memory: '1Gi' }, limits: { memory: '512Mi' } }),
      conflict,
    ],
    ['accepts a request without a limit', resources({ requests: { cpu: '1' } }), []],
    [
      'blocks for a device that is requested and not limited',
      resources({ requests: { 'sgx.intel.com/epc': '10Mi' } }),
      conflict,
    ],
    [
      'blocks for a device that is requested below its limit',
      resources({ requests: { 'sgx.intel.com/epc': '5Mi' }, limits: { 'sgx.intel.com/epc': '10Mi' } }),
      conflict,
    ],
    [
      'leaves an amount that is none to the schema',
      resources({ requests: { memory: 'much' }, limits: { memory: '1Gi' } }),
      [],
    ],
    [
      'blocks for a value beside Exists',
      toleration({ key: 'sgx', operator: 'Exists', value: 'true' }),
      conflict,
    ],
    ['accepts Exists alone, for every taint', toleration({ operator: 'Exists' }), []],
    ['blocks for a toleration without key and operator', toleration({ effect: 'NoSchedule' }), conflict],
    [
      'blocks for seconds that no effect counts',
      toleration({ key: 'a', operator: 'Exists', effect: 'NoSchedule', tolerationSeconds: 5 }),
      conflict,
    ],
    [
      'accepts seconds until an eviction',
      toleration({ key: 'a', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 5 }),
      [],
    ],
    [
      'blocks for a node that is wanted and avoided',
      ({ settings, target }) => {
        settings.placement.avoidNodes = ['sgx-1'];
        target.spec.template.spec.nodeSelector = { 'kubernetes.io/hostname': 'sgx-1' };
      },
      conflict,
    ],
    [
      'accepts a move to a node by name',
      ({ settings, target }) => {
        settings.placement.avoidNodes = ['sgx-1'];
        target.spec.template.spec.nodeSelector = { 'kubernetes.io/hostname': 'sgx-2' };
      },
      [],
    ],
  ]);

  const kata = { metadata: { name: 'kata' }, scheduling: { nodeSelector: { runtime: 'kata' } } };
  const runtimeClass = (found: PreflightFacts['runtimeClass'], selector: Record<string, string> = {}) =>
    facts((f) => {
      Object.assign(f.target.spec.template.spec, { runtimeClassName: 'kata', nodeSelector: selector });
      f.runtimeClass = found;
    });

  it('blocks for a RuntimeClass that is not there, or that wants other nodes', () => {
    const messages = [known(undefined), known(kata)].map((found) =>
      checkValueConflicts(runtimeClass(found, { runtime: 'gvisor' })).map(({ message }) => message),
    );
    expect(messages).to.deep.equal([
      [
        'coordinator.runtimeClassName is kata, but there is no such RuntimeClass: the API server refuses the pod.',
      ],
      [
        'nodeSelector["runtime"] is gvisor, but the RuntimeClass kata wants kata: the API server refuses the pod.',
      ],
    ]);
  });

  it('has nothing against one that fits, and nothing to say of one that may not be read', () => {
    for (const given of [runtimeClass(known(kata)), runtimeClass(unknown('it is forbidden'))]) {
      expect(checkValueConflicts(given)).to.deep.equal([]);
    }
  });

  it('names both amounts', () => {
    const [finding] = checkValueConflicts(
      facts(resources({ requests: { memory: '1Gi' }, limits: { memory: '512Mi' } })),
    );
    expect(finding?.message).to.equal(
      'coordinator.resources.requests["memory"] is 1Gi, but must be at most the limit, which is 512Mi.',
    );
  });
});

describe('checkDigest', () => {
  const digest = `sha256:${'84faa95a'.repeat(8)}`;
  const other = `sha256:${'1b2c3d4e'.repeat(8)}`;
  const runs = (deployment: Deployment | undefined, name: string): void => {
    deployment?.spec.template.spec.containers.forEach((container) => (container.image = name));
  };
  const upgrade = (before: string, after: string): Change<PreflightFacts> => {
    return ({ live, target }) => {
      runs(live, `${image}:${before}`);
      runs(target, `${image}:${after}`);
    };
  };

  cases(checkDigest, [
    ['finds nothing without digests', () => undefined, []],
    ['accepts another version with another digest', upgrade(`v1.8.0@${other}`, `v1.9.1@${digest}`), []],
    [
      'blocks when the version changes and the digest does not',
      upgrade(`v1.8.0@${digest}`, `v1.9.1@${digest}`),
      ['block digest-mismatch'],
    ],
    [
      'looks at the image that the pod really runs',
      (f) => {
        upgrade('v1.8.0', `v1.9.1@${digest}`)(f);
        for (const status of f.pods[0]?.status?.containerStatuses ?? [])
          status.imageID = `${image}@${digest}`;
      },
      ['block digest-mismatch'],
    ],
    ['accepts a digest for a tag that is no version', upgrade(`latest@${digest}`, `v1.9.1@${digest}`), []],
    ['accepts the version written another way', upgrade(`1.9.1@${digest}`, `v1.9.1@${digest}`), []],
    [
      'finds nothing on a first install',
      (f) => {
        upgrade('v1.8.0', `v1.9.1@${digest}`)(f);
        f.live = undefined;
      },
      [],
    ],
  ]);
});
