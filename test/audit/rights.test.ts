import { expect } from 'chai';
import { parseAudit, type AuditedRequest } from '../lab/audit.ts';
import { accountsIn, allows, compareRights, describeRight, rightsOf, type Account } from './rights.ts';

const hook = 'hook';

/** A request as the audit log tells of it: `get apps/deployments/web` in the namespace, or with another one. */
function asked(text: string, { namespace = 'mesh', code = 200, reason = '' } = {}): AuditedRequest {
  const [verb = '', path = ''] = text.split(' ');
  const [apiGroup = '', resourcePath = '', name = ''] = path.split('/');
  const [resource = '', subresource = ''] = resourcePath.split('.');
  const object = { apiGroup, resource, subresource, namespace, name };
  const user = `system:serviceaccount:mesh:${hook}`;
  return { time: 0, user, verb, uri: `/${path}`, code, object, reason, stored: undefined };
}

function stored(object: object): AuditedRequest {
  return { ...asked('create rbac/roles'), user: 'lab-admin', code: 201, stored: object };
}

function account(...rights: Account['rights']): Account {
  return { name: hook, namespace: 'mesh', rights };
}

const everywhere = rightsOf([{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }], undefined);
const inMesh = rightsOf(
  [
    { apiGroups: ['apps'], resources: ['deployments'], resourceNames: ['web'], verbs: ['get', 'patch'] },
    { apiGroups: [''], resources: ['pods'], verbs: ['list'] },
  ],
  'mesh',
);

describe('allows', () => {
  const cases: [string, string, object, boolean][] = [
    ['the very request', 'get apps/deployments/web', {}, true],
    ['another verb', 'delete apps/deployments/web', {}, false],
    ['another name', 'get apps/deployments/other', {}, false],
    ['another namespace', 'get apps/deployments/web', { namespace: 'other' }, false],
    ['another group', 'get batch/deployments/web', {}, false],
    ['a subresource', 'get apps/deployments.scale/web', {}, false],
  ];
  for (const [title, text, more, expected] of cases) {
    it(`is ${expected} for ${title}`, () => {
      expect(inMesh.some((right) => allows(right, asked(text, more)))).to.equal(expected);
    });
  }

  it('knows the star', () => {
    const [all] = rightsOf([{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }], undefined);
    expect(all !== undefined && allows(all, asked('get apps/deployments.scale/web'))).to.equal(true);
  });

  it('is false for a path that is no object', () => {
    const [all] = rightsOf([{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }], undefined);
    expect(all !== undefined && allows(all, { verb: 'get', object: undefined })).to.equal(false);
  });
});

describe('accountsIn', () => {
  const role = (kind: string, name: string, verbs: string[]) => ({
    kind,
    metadata: { name, ...(kind === 'Role' ? { namespace: 'mesh' } : {}) },
    rules: [{ apiGroups: [''], resources: ['pods'], verbs }],
  });
  const binding = (kind: string, roleKind: string, name: string, subject = hook) => ({
    kind,
    metadata: { name, ...(kind === 'RoleBinding' ? { namespace: 'mesh' } : {}) },
    roleRef: { kind: roleKind, name },
    subjects: [{ kind: 'ServiceAccount', name: subject, namespace: 'mesh' }],
  });

  it('joins roles and bindings, and keeps what a role granted before it was changed', () => {
    const found = accountsIn(
      [
        stored(role('Role', 'a', ['get'])),
        stored(role('Role', 'a', ['list'])),
        stored(role('ClusterRole', 'b', ['watch'])),
        stored(binding('RoleBinding', 'Role', 'a')),
        stored(binding('ClusterRoleBinding', 'ClusterRole', 'b')),
      ],
      new Set([hook]),
    );
    expect(found.map(({ rights }) => rights.map(describeRight))).to.deep.equal([
      ['get pods, in its namespace', 'list pods, in its namespace', 'watch pods, in the cluster'],
    ]);
  });

  it('leaves out accounts of other names, refused changes and roles that are bound to nobody', () => {
    const found = accountsIn(
      [
        stored(role('Role', 'a', ['get'])),
        { ...stored(binding('RoleBinding', 'Role', 'a')), code: 409 },
        stored(binding('RoleBinding', 'Role', 'a', 'other')),
      ],
      new Set([hook]),
    );
    expect(found).to.deep.equal([]);
  });
});

describe('compareRights', () => {
  it('finds nothing where requests and rights are the same', () => {
    const requests = ['get apps/deployments/web', 'patch apps/deployments/web', 'list /pods'].map((text) =>
      asked(text),
    );
    expect(compareRights(requests, [account(...inMesh)])).to.deep.equal({ withoutGrant: [], unused: [] });
  });

  it('names a right that nobody used', () => {
    const { unused } = compareRights([asked('get apps/deployments/web')], [account(...inMesh)]);
    expect(unused).to.deep.equal([
      'hook: list pods, in its namespace',
      'hook: patch deployments.apps web, in its namespace',
    ]);
  });

  it('counts a request for the narrowest right that covers it', () => {
    const { unused } = compareRights([asked('list /pods')], [account(...everywhere, ...inMesh.slice(2))]);
    expect(unused).to.deep.equal(['hook: list pods, in the cluster']);
  });

  it('takes a right that another release used for used', () => {
    const other: Account = { ...account(...everywhere), namespace: 'second' };
    const { unused } = compareRights([asked('list /pods')], [account(...everywhere), other]);
    expect(unused).to.deep.equal([]);
  });

  it('names a request that was forbidden, and one that none of the rights covers', () => {
    const requests = [asked('list /pods', { code: 403 }), asked('get /secrets/key')];
    expect(compareRights(requests, [account(...everywhere)]).withoutGrant).to.deep.equal([
      'system:serviceaccount:mesh:hook: get //secrets/key (200)',
      'system:serviceaccount:mesh:hook: list //pods (403)',
    ]);
  });

  it('counts an apply that made an object for a create of that name, too', () => {
    const rule = {
      apiGroups: [''],
      resources: ['secrets'],
      resourceNames: ['copy'],
      verbs: ['patch', 'create'],
    };
    const made = asked('patch /secrets/copy', { code: 201 });
    const granted = account(...rightsOf([rule], 'mesh'));
    expect(compareRights([made], [granted])).to.deep.equal({ withoutGrant: [], unused: [] });
    const changed = asked('patch /secrets/copy', { code: 200 });
    expect(compareRights([changed], [granted]).unused).to.deep.equal([
      'hook: create secrets copy, in its namespace',
    ]);
  });

  it('asks no grant for what everybody may do', () => {
    const reason =
      'RBAC: allowed by ClusterRoleBinding "x" of ClusterRole "x" to Group "system:authenticated"';
    const requests = [asked('create authorization.k8s.io/selfsubjectaccessreviews', { reason })];
    expect(compareRights(requests, [account()]).withoutGrant).to.deep.equal([]);
  });

  it('looks at no other account', () => {
    const requests = [{ ...asked('get /secrets/key'), user: 'system:serviceaccount:mesh:other' }];
    expect(compareRights(requests, [account()]).withoutGrant).to.deep.equal([]);
  });
});

describe('parseAudit', () => {
  const event = {
    requestReceivedTimestamp: '2026-01-01T00:00:00.500000Z',
    verb: 'get',
    requestURI: '/api/v1/nodes/a',
    user: { username: 'system:serviceaccount:mesh:hook' },
    objectRef: { resource: 'nodes', name: 'a', apiVersion: 'v1' },
    responseStatus: { code: 403 },
    annotations: { 'authorization.k8s.io/reason': 'no' },
  };

  it('reads one request per line and leaves out a line that is still being written', () => {
    const text = `${JSON.stringify(event)}\n${JSON.stringify(event).slice(0, 20)}`;
    expect(parseAudit(text)).to.deep.equal([
      {
        time: Date.UTC(2026, 0, 1) + 500,
        user: 'system:serviceaccount:mesh:hook',
        verb: 'get',
        uri: '/api/v1/nodes/a',
        code: 403,
        object: { apiGroup: '', resource: 'nodes', subresource: '', namespace: '', name: 'a' },
        reason: 'no',
        stored: undefined,
      },
    ]);
  });

  it('reads a request for a path that is no object', () => {
    const version = { ...event, objectRef: undefined, requestURI: '/version' };
    expect(parseAudit(`${JSON.stringify(version)}\n`)[0]).to.include({
      uri: '/version',
      object: undefined,
    });
  });
});
