import type { AuditedRequest } from '../lab/audit.ts';

/** A rule of a Role or ClusterRole (rbac.authorization.k8s.io/v1). */
export interface Rule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** A Role or ClusterRole. */
export interface Role {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules?: readonly Rule[] | null;
}

/** A RoleBinding or ClusterRoleBinding. */
export interface Binding {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly roleRef: { readonly kind: string; readonly name: string };
  readonly subjects?: readonly {
    readonly kind: string;
    readonly name: string;
    readonly namespace?: string;
  }[];
}

/** The smallest thing that a rule grants: one verb on one resource, and on one name where the rule has names. */
export interface Right {
  /** The namespace that it is for; undefined for all of them and for objects that have none. */
  readonly namespace: string | undefined;
  readonly verb: string;
  readonly apiGroup: string;
  /** With its subresource, as rules write it: `pods/log`. */
  readonly resource: string;
  readonly name: string | undefined;
}

/** Everything that rules grant, one by one. */
export function rightsOf(rules: readonly Rule[], namespace: string | undefined): Right[] {
  return rules.flatMap(({ apiGroups = [], resources = [], resourceNames, verbs }) =>
    apiGroups.flatMap((apiGroup) =>
      resources.flatMap((resource) =>
        (resourceNames ?? [undefined]).flatMap((name) =>
          verbs.map((verb) => ({ namespace, verb, apiGroup, resource, name })),
        ),
      ),
    ),
  );
}

/** Whether a right is enough for a request (rbac/v1: `*` stands for all; a name never covers a create). */
export function allows(right: Right, { verb, object }: Pick<AuditedRequest, 'verb' | 'object'>): boolean {
  if (object === undefined) return false;
  const resource = object.subresource === '' ? object.resource : `${object.resource}/${object.subresource}`;
  return (
    (right.namespace === undefined || right.namespace === object.namespace) &&
    [verb, '*'].includes(right.verb) &&
    [object.apiGroup, '*'].includes(right.apiGroup) &&
    [resource, '*', `*/${object.subresource}`].includes(right.resource) &&
    (right.name === undefined || right.name === object.name)
  );
}

/** A right as people read it: `patch deployments.apps marblerun-coordinator, in its namespace`. */
export function describeRight({ namespace, verb, apiGroup, resource, name }: Right): string {
  const group = apiGroup === '' ? '' : `.${apiGroup}`;
  const only = name === undefined ? '' : ` ${name}`;
  return `${verb} ${resource}${group}${only}, ${namespace === undefined ? 'in the cluster' : 'in its namespace'}`;
}

/** What a ServiceAccount was granted, at any time of an audit log, by roles that the log tells of. */
export interface Account {
  readonly name: string;
  readonly namespace: string;
  readonly rights: readonly Right[];
}

/** The ServiceAccounts with one of these names to which an audit log shows rights being given. */
export function accountsIn(requests: readonly AuditedRequest[], names: ReadonlySet<string>): Account[] {
  const stored = requests.flatMap((request) =>
    request.code < 300 ? [request.stored as Role | Binding] : [],
  );
  const roles = stored.filter((each): each is Role =>
    /^(Cluster)?Role$/.test((each as Role | null)?.kind ?? ''),
  );
  const bindings = stored.filter(
    (each): each is Binding => (each as Binding | null)?.kind.endsWith('Binding') === true,
  );
  const found = new Map<string, { name: string; namespace: string; rights: Map<string, Right> }>();
  for (const binding of bindings) {
    const scope = binding.kind === 'RoleBinding' ? binding.metadata.namespace : undefined;
    const bound = roles.filter(
      ({ kind, metadata }) =>
        kind === binding.roleRef.kind &&
        metadata.name === binding.roleRef.name &&
        (kind === 'ClusterRole' || metadata.namespace === scope),
    );
    const rights = bound.flatMap(({ rules }) => rightsOf(rules ?? [], scope));
    for (const { name, namespace = scope ?? '' } of binding.subjects ?? []) {
      if (!names.has(name)) continue;
      const user = userOf({ name, namespace });
      const account = found.get(user) ?? { name, namespace, rights: new Map<string, Right>() };
      for (const right of rights) account.rights.set(JSON.stringify(right), right);
      found.set(user, account);
    }
  }
  return [...found.values()].map((account) => ({ ...account, rights: [...account.rights.values()] }));
}

/** The user name of a ServiceAccount (Kubernetes: authentication/serviceaccount). */
export function userOf({ name, namespace }: Pick<Account, 'name' | 'namespace'>): string {
  return `system:serviceaccount:${namespace}:${name}`;
}

/** What does not fit between rights and requests; each line names its account. Both are empty when all is well. */
export interface Comparison {
  /** Requests that no right covers or that were forbidden. */
  readonly withoutGrant: readonly string[];
  /** Rights that no request of any account of that name needed. */
  readonly unused: readonly string[];
}

/**
 * Compares both ways. A request counts for the narrowest right that covers it: in the namespace before in the cluster,
 * one name before all. Two releases differ in their namespace alone, so a right is used when one of them used it. What
 * everybody may ask (discovery, reviews of one's own rights) needs no grant.
 */
export function compareRights(requests: readonly AuditedRequest[], accounts: readonly Account[]): Comparison {
  const used = new Set<string>();
  const withoutGrant = new Set<string>();
  for (const account of accounts) {
    const user = userOf(account);
    const rights = [...account.rights].sort((a, b) => breadth(a) - breadth(b));
    for (const request of requests.flatMap(asAuthorized)) {
      if (request.user !== user || allowedToAll(request)) continue;
      const right = rights.find((each) => allows(each, request));
      if (right !== undefined) used.add(lineOf(account, right));
      if (right === undefined || request.code === 403) {
        withoutGrant.add(`${user}: ${request.verb} ${request.uri} (${request.code})`);
      }
    }
  }
  const granted = accounts.flatMap((account) => account.rights.map((right) => lineOf(account, right)));
  return {
    withoutGrant: [...withoutGrant].sort(),
    unused: [...new Set(granted)].filter((line) => !used.has(line)).sort(),
  };
}

/** An apply that makes an object is authorized as a create of that name, too (kube-apiserver, handlers/patch.go). */
function asAuthorized(request: AuditedRequest): AuditedRequest[] {
  return request.verb === 'patch' && request.code === 201
    ? [request, { ...request, verb: 'create' }]
    : [request];
}

function breadth({ namespace, name }: Right): number {
  return (namespace === undefined ? 2 : 0) + (name === undefined ? 1 : 0);
}

function allowedToAll({ code, reason }: AuditedRequest): boolean {
  return code !== 403 && reason.endsWith('to Group "system:authenticated"');
}

/** The same right of another release has the same line. */
function lineOf({ name, namespace }: Account, right: Right): string {
  const own = right.name?.replace(namespace, 'NAMESPACE');
  return `${name}: ${describeRight({ ...right, name: own })}`;
}
