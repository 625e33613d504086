import type { FieldSet, ManagedFields, ObjectMeta } from './objects.ts';

/** The manager of Helm 4's server-side apply. */
export const helmManager = 'helm';
/** What a documented `kubectl set image` signs with. */
const setImageManager = 'kubectl-set';

/** One field that another manager owns, as the API server's conflict names it. */
export interface FieldConflict {
  manager: string;
  field: string;
}

/**
 * Whether a Helm of the user's has the object in a release: Argo CD renders the chart and applies the objects itself, also
 * those of a release that it has taken over.
 */
export function releasedByHelm({ metadata: { annotations = {} } }: { metadata: ObjectMeta }): boolean {
  return 'meta.helm.sh/release-name' in annotations && !('argocd.argoproj.io/tracking-id' in annotations);
}

/** Whether Helm applies the object on the server; on the client there are no conflicts. */
export function appliedByHelm(entries: readonly ManagedFields[]): boolean {
  return entries.some(({ manager, operation }) => manager === helmManager && operation === 'Apply');
}

/**
 * The managed fields without the container image that `kubectl set image` claimed, so that Helm's server-side apply
 * meets no conflict on it. Undefined when it claimed none.
 */
export function withoutSetImage(
  entries: readonly ManagedFields[],
  container: string,
): ManagedFields[] | undefined {
  const path = ['spec', 'template', 'spec', 'containers'].map((name) => `f:${name}`);
  path.push(`k:${JSON.stringify({ name: container })}`, 'f:image');
  const claims = ({ manager, fieldsV1 }: ManagedFields) =>
    manager === setImageManager && fieldsV1 !== undefined && has(fieldsV1, path);
  if (!entries.some(claims)) return undefined;
  return entries.flatMap((entry) => {
    if (!claims(entry) || entry.fieldsV1 === undefined) return [entry];
    const fieldsV1 = without(entry.fieldsV1, path);
    return fieldsV1 === undefined ? [] : [{ ...entry, fieldsV1 }];
  });
}
/** The field that a conflict names when `kubectl set image` has touched the container. */
export function isSetImage({ manager, field }: FieldConflict, container: string): boolean {
  return manager === setImageManager && field.endsWith(`.containers[name="${container}"].image`);
}

function has(fields: FieldSet, [first, ...rest]: readonly string[]): boolean {
  if (first === undefined) return true;
  const below = fields[first];
  return below !== undefined && has(below, rest);
}

/** A copy without the path and without the sets that this leaves empty; undefined when nothing is left. */
function without(fields: FieldSet, [first, ...rest]: readonly string[]): FieldSet | undefined {
  const copy: FieldSet = {};
  for (const [name, below] of Object.entries(fields)) {
    if (name !== first) copy[name] = below;
    else if (rest.length > 0) {
      const remaining = without(below, rest);
      if (remaining !== undefined) copy[name] = remaining;
    }
  }
  return Object.keys(copy).length === 0 ? undefined : copy;
}
