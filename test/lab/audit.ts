import { readFile } from 'node:fs/promises';

/** One request to the API server that has been answered, as its audit log tells of it. */
export interface AuditedRequest {
  /** When the API server took it, in milliseconds since the epoch. */
  readonly time: number;
  readonly user: string;
  readonly verb: string;
  /** Path and query. */
  readonly uri: string;
  readonly code: number;
  /** Of the requested object; all but the resource may be empty. Undefined for a path that is no object's. */
  readonly object:
    | {
        readonly apiGroup: string;
        readonly resource: string;
        readonly subresource: string;
        readonly namespace: string;
        readonly name: string;
      }
    | undefined;
  /** Why the authorizer allowed or forbade it, in its own words. */
  readonly reason: string;
  /** The object as it was stored; logged for roles and their bindings only. */
  readonly stored: unknown;
}

/**
 * What the audit log keeps (audit.k8s.io/v1): requests of ServiceAccounts that are not the cluster's own, without
 * their bodies, and each change that the lab's admin (Helm, a test) makes to roles and bindings, with its outcome.
 */
export const auditPolicy = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived', 'ResponseStarted'],
  omitManagedFields: true,
  rules: [
    {
      level: 'RequestResponse',
      users: ['lab-admin'],
      verbs: ['create', 'update', 'patch'],
      resources: [{ group: 'rbac.authorization.k8s.io' }],
    },
    { level: 'None', userGroups: ['system:serviceaccounts:kube-system'] },
    { level: 'Metadata', userGroups: ['system:serviceaccounts'] },
    { level: 'None' },
  ],
};

interface Event {
  requestReceivedTimestamp: string;
  verb: string;
  requestURI: string;
  user: { username: string };
  objectRef?: {
    apiGroup?: string;
    resource?: string;
    subresource?: string;
    namespace?: string;
    name?: string;
  };
  responseStatus?: { code?: number };
  annotations?: Record<string, string>;
  responseObject?: unknown;
}

/** The requests in an audit log, in the order in which they were answered; none when there is no log yet. */
export async function readAudit(path: string): Promise<AuditedRequest[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  });
  return parseAudit(text);
}

/** The requests that an audit log's text tells of. A last line that is not yet whole is left out. */
export function parseAudit(text: string): AuditedRequest[] {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const lines = whole.split('\n').filter((line) => line !== '');
  return lines.map((line) => requestOf(JSON.parse(line) as Event));
}

function requestOf(event: Event): AuditedRequest {
  const { apiGroup = '', resource, subresource = '', namespace = '', name = '' } = event.objectRef ?? {};
  return {
    time: Date.parse(event.requestReceivedTimestamp),
    user: event.user.username,
    verb: event.verb,
    uri: event.requestURI,
    code: event.responseStatus?.code ?? 0,
    object: resource === undefined ? undefined : { apiGroup, resource, subresource, namespace, name },
    reason: event.annotations?.['authorization.k8s.io/reason'] ?? '',
    stored: event.responseObject,
  };
}
