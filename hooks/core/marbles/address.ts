import type { PodSpec } from '../objects.ts';

/** The variable that tells a Marble where its Coordinator is; the injector sets it where the template does not. */
const addressVariable = 'EDG_MARBLE_COORDINATOR_ADDR';
/** The Coordinator's Service for Marbles, the same in every release. */
const meshService = 'coordinator-mesh-api';

/** Where a Marble looks for its Coordinator; undefined when its containers do not say. */
export function coordinatorAddress({ containers, initContainers = [] }: PodSpec): string | undefined {
  const variables = [...containers, ...initContainers].flatMap(({ env = [] }) => env);
  return variables.find(({ name, value }) => name === addressVariable && value !== undefined)?.value;
}

/**
 * The namespace of the Coordinator at an address, for a Marble in `namespace`; undefined when the address is no name of
 * the mesh Service, such as an IP address.
 */
export function meshNamespace(address: string, namespace: string): string | undefined {
  const [service, meshIn = namespace] = address.replace(/:\d+$/, '').split('.');
  return service === meshService ? meshIn : undefined;
}

/**
 * Whose Marble looks for its Coordinator at an address: ours, another Coordinator's, or nobody can tell. One without an
 * address is taken for ours: the injector will tell it one.
 */
export function belongsTo(
  address: string | undefined,
  { namespace, mesh }: { namespace: string; mesh: string },
): 'us' | 'another' | 'unclear' {
  const its = address === undefined ? mesh : meshNamespace(address, namespace);
  if (its === undefined) return 'unclear';
  return its === mesh ? 'us' : 'another';
}
