import type { PreflightFacts } from '../../hooks/core/facts.ts';
import type { Finding } from '../../hooks/core/findings.ts';
import { known } from '../../hooks/core/known.ts';
import type { Deployment, PersistentVolumeClaim, Pod } from '../../hooks/core/objects.ts';
import { preflightFindings } from '../../hooks/core/preflight.ts';
import { parseSettings, type Settings } from '../../hooks/core/settings.ts';
import { mountedClaim } from '../../hooks/core/storage.ts';
import { valueProblems } from '../../hooks/core/values/problems.ts';
import { find, type Manifest } from '../chart/render.ts';
import { anchorPod, coordinator, facts, pod } from '../hooks/builders.ts';
import { claim, storageClass } from '../hooks/claims.ts';

/** What is there before: the objects of the earlier release, if there was one, and claims of the user's own. */
export interface Before {
  manifests?: readonly Manifest[] | undefined;
  claims?: readonly string[] | undefined;
}

/**
 * What preflight says of a rendered release, from the files that the chart mounts into it. Where there is a release
 * before, its Coordinator is in state 3. Throws a SettingsError as preflight does.
 */
export function judge(manifests: readonly Manifest[], before: Before = {}): Finding[] {
  const { settings, deployment: target } = filesOf(manifests);
  const earlier = before.manifests && filesOf(before.manifests);
  const running = earlier?.deployment;
  const claims = existingClaims(earlier, before.claims);
  const claimOf = (deployment: Deployment | undefined): PersistentVolumeClaim | undefined =>
    deployment && claims.get(mountedClaim(deployment) ?? '');
  return preflightFindings(
    facts((f: PreflightFacts) => {
      f.settings = settings;
      f.target = target;
      f.live = running;
      f.coordinator = running && known(coordinator());
      const { namespace } = settings.release;
      const [own, anchor] = [pod(inNamespace(namespace)), anchorPod(inNamespace(namespace))];
      f.pods = running === undefined ? [] : [own];
      f.group = running === undefined ? [] : [own, anchor];
      f.node = known({ node: sgxNode(f), pods: f.group });
      f.storage = known({ live: claimOf(running), target: claimOf(target), storageClass: fixedSize });
      f.valueProblems = valueProblems(settings.values);
    }),
  );
}

function inNamespace(namespace: string): (object: Pod) => void {
  return ({ metadata }) => (metadata.namespace = namespace);
}

const fixedSize = storageClass((object) => delete object.allowVolumeExpansion);

/** The builders' node, without the taint and with every label and amount that the values ask for. */
function sgxNode({
  node,
  target,
}: PreflightFacts): Extract<PreflightFacts['node'], { known: true }>['value']['node'] {
  if (node?.known !== true) throw new Error('the builders have no node');
  const { nodeSelector, containers } = target.spec.template.spec;
  const object = node.value.node;
  object.spec = {};
  object.metadata.labels = { ...object.metadata.labels, ...nodeSelector };
  for (const name of Object.keys(containers[0]?.resources?.limits ?? {})) {
    object.status = { ...object.status, allocatable: { ...object.status?.allocatable, [name]: '1Ti' } };
  }
  return object;
}

/** What the chart mounts into preflight. */
interface Files {
  settings: Settings;
  deployment: Deployment;
}

function filesOf(manifests: readonly Manifest[]): Files {
  const { data } = find(manifests, 'ConfigMap', 'marblerun-coordinator-preflight');
  const files = data as Record<string, string>;
  return {
    settings: parseSettings(JSON.parse(files['settings.json'] ?? '')),
    deployment: JSON.parse(files['deployment.json'] ?? '') as Deployment,
  };
}

/** The claims in the cluster, bound, with the class that Helm or else the API server gave them. */
function existingClaims(
  earlier: Files | undefined,
  claims: readonly string[] = [],
): Map<string, PersistentVolumeClaim> {
  const mounted = earlier === undefined ? [] : [mountedClaim(earlier.deployment) ?? ''];
  const all = [...mounted, ...claims].map((name) => claim(({ metadata }) => (metadata.name = name)));
  if (earlier?.settings.claim.spec !== undefined) all.push(made(earlier.settings.claim.spec));
  return new Map(all.map((object) => [object.metadata.name, object]));
}

function made(spec: PersistentVolumeClaim['spec']): PersistentVolumeClaim {
  return claim((object) => {
    object.spec = { ...object.spec, ...spec };
    object.status = { phase: 'Bound', capacity: { storage: String(spec.resources?.requests?.storage) } };
    if (spec.storageClassName !== undefined) {
      const fieldsV1 = { 'f:spec': { 'f:storageClassName': {} } };
      object.metadata.managedFields = [{ manager: 'helm', operation: 'Apply', fieldsV1 }];
    }
  });
}
