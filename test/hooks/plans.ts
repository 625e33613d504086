import { known } from '../../hooks/core/known.ts';
import { workloadKey, type MarbleWorkload } from '../../hooks/core/marbles/workload.ts';
import type { RenderedObject } from '../../hooks/core/plan/changes.ts';
import { makePlan, type Plan, type PlanInput } from '../../hooks/core/plan/plan.ts';
import { readPlanRequest, type PlanRequest } from '../../hooks/core/plan/request.ts';
import { coordinator, deployment, facts, image, otherCertificate, type Change } from './builders.ts';
import { found, workload } from './marbles.ts';

/** What a person types after `plan`. */
export function planRequest(line: string): PlanRequest {
  const request = readPlanRequest(line.split(' '));
  if (request === undefined) throw new Error('it asks for help');
  return request;
}

/** An upgrade from v1.8.0 to v1.9.1 that restarts two Marbles, since the Manifest was updated in between. */
export function planInput(change: Change<PlanInput> = () => undefined): PlanInput {
  const web = workload('web', (w) => (w.replicas = 4));
  const store = workload('store', (w) => Object.assign(w, { kind: 'StatefulSet', wave: -1, replicas: 3 }));
  const given = facts((f) => {
    f.coordinator = known(coordinator((c) => (c.intermediateCertificate = otherCertificate)));
    f.marbles = found(web, store);
  });
  const object: PlanInput = {
    request: planRequest(
      'marblerun-coordinator ./charts/marblerun-coordinator -n marblerun --reset-then-reuse-values',
    ),
    facts: given,
    lines: [{ name: 'Image', value: `${image}:v1.8.0 -> ${image}:v1.9.1` }],
    rendering: {
      objects: [rendered(given.target)],
      deployed: known([rendered(deployment())]),
    },
    timings: {
      preflight: 5,
      rollout: 31,
      coordinator: 6,
      marbles: times([web, 4], [store, 5]),
      rolls: new Map(),
    },
    programVersion: '0.1.0',
  };
  change(object);
  return object;
}

export function planned(change?: Change<PlanInput>): Plan {
  return makePlan(planInput(change));
}

export function times(...each: [MarbleWorkload, number][]): Map<string, number> {
  return new Map(each.map(([workload, seconds]) => [workloadKey(workload), seconds]));
}

function rendered(object: object): RenderedObject {
  return object as RenderedObject;
}
