import { acknowledgementToken } from '../acknowledge.ts';
import type { PreflightFacts } from '../facts.ts';
import type { Finding } from '../findings.ts';
import type { PodSpec, Resources, RuntimeClass, Toleration } from '../objects.ts';
import { selectorClashes } from '../placement/runtime-class.ts';
import { milliValue, QuantityError } from '../quantity.ts';

/** A key, and what is wrong with its value beside another one. */
interface Conflict {
  key: string;
  message: string;
  remedy: string;
}

/**
 * Values that are fine one by one and cannot be together: the API server refuses the pod that they make, or no node ever
 * takes it. The chart's templates refuse the rest while they render.
 */
export function checkValueConflicts({ settings, target, runtimeClass }: PreflightFacts): Finding[] {
  const pod = target.spec.template.spec;
  const container = pod.containers.find(({ name }) => name === settings.coordinator.container);
  const conflicts = [
    ...amounts(container?.resources ?? {}),
    ...(pod.tolerations ?? []).flatMap(toleration),
    ...nodes(pod.nodeSelector ?? {}, settings.placement.avoidNodes),
    ...(runtimeClass?.known === true ? ofRuntimeClass(pod, runtimeClass.value) : []),
  ];
  return conflicts.map(({ key, message, remedy }) => ({
    code: 'value-conflict',
    severity: 'block',
    subject: `value ${key}`,
    message,
    remedy,
    token: acknowledgementToken('value-conflict', [message]),
  }));
}

/** Kubernetes: a request is at most the limit, and equal to it for what is counted in devices (validation.go). */
function amounts({ requests = {}, limits = {} }: Resources): Conflict[] {
  return Object.entries(requests).flatMap(([name, request]) => {
    const limit = limits[name];
    const device = name.includes('/') && !name.startsWith('kubernetes.io/');
    const fits = limit === undefined ? !device : within(request, limit, device);
    if (fits) return [];
    const key = `coordinator.resources.requests["${name}"]`;
    const bound = device ? 'be equal to' : 'be at most';
    return [
      {
        key,
        message: `${key} is ${request}, but must ${bound} the limit, which is ${limit ?? 'not set'}.`,
        remedy: `Change it, or coordinator.resources.limits["${name}"]: the API server refuses the pod.`,
      },
    ];
  });
}

/** An amount that cannot be read is a finding of its own. */
function within(request: string | number, limit: string | number, equal: boolean): boolean {
  try {
    const [wanted, most] = [milliValue(request), milliValue(limit)];
    return equal ? wanted === most : wanted <= most;
  } catch (error) {
    if (error instanceof QuantityError) return true;
    throw error;
  }
}

/** Kubernetes' rules for a toleration (validation.go, ValidateTolerations). */
function toleration({ key, operator, value, effect, tolerationSeconds }: Toleration): Conflict[] {
  const what = `tolerations: the one for ${key ?? 'every taint'}`;
  const conflict = (message: string, remedy: string): Conflict => ({ key: 'tolerations', message, remedy });
  if (operator === 'Exists' && (value ?? '') !== '') {
    return [
      conflict(
        `${what} has the operator Exists and the value ${JSON.stringify(value)}, but Exists takes no value.`,
        'Remove the value, or use the operator Equal.',
      ),
    ];
  }
  if ((key ?? '') === '' && operator !== 'Exists') {
    return [
      conflict(`${what} has no key and not the operator Exists.`, 'Set a key, or the operator Exists.'),
    ];
  }
  if (tolerationSeconds !== undefined && effect !== 'NoExecute') {
    return [
      conflict(
        `${what} has tolerationSeconds, which only the effect NoExecute knows.`,
        'Remove tolerationSeconds, or set the effect NoExecute.',
      ),
    ];
  }
  return [];
}

function ofRuntimeClass(pod: PodSpec, found: RuntimeClass | undefined): Conflict[] {
  const name = pod.runtimeClassName ?? '';
  if (found === undefined) {
    const key = 'coordinator.runtimeClassName';
    return [
      {
        key,
        message: `${key} is ${name}, but there is no such RuntimeClass: the API server refuses the pod.`,
        remedy: 'Make it, or name one of those that kubectl get runtimeclasses shows.',
      },
    ];
  }
  return selectorClashes(pod, found).map(({ key, wanted, ofClass }) => ({
    key: 'nodeSelector',
    message: `nodeSelector["${key}"] is ${wanted}, but the RuntimeClass ${name} wants ${ofClass}: the API server refuses the pod.`,
    remedy: 'Change it, or leave it out: the API server adds what the RuntimeClass wants.',
  }));
}

const hostname = 'kubernetes.io/hostname';

function nodes(selector: Record<string, string>, avoid: readonly string[]): Conflict[] {
  const wanted = selector[hostname];
  if (wanted === undefined || !avoid.includes(wanted)) return [];
  return [
    {
      key: 'placement.avoidNodes',
      message: `placement.avoidNodes lists ${wanted}, but nodeSelector["${hostname}"] wants the Coordinator there: no node takes its pod.`,
      remedy: `Remove ${wanted} from one of the two.`,
    },
  ];
}
