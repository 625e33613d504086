import { expect } from 'chai';
import {
  changeText,
  fieldsText,
  objectChanges,
  type RenderedObject,
} from '../../../../hooks/core/plan/changes.ts';

function object(kind: string, name: string, more: Partial<RenderedObject> = {}): RenderedObject {
  return { kind, metadata: { name }, ...more };
}

describe('objectChanges', () => {
  it('tells what is added, changed and removed, and leaves out what stays', () => {
    const before = [
      object('Service', 'a'),
      object('Service', 'b', { spec: { port: 1 } }),
      object('Role', 'c'),
    ];
    const after = [
      object('Service', 'a'),
      object('Service', 'b', { spec: { port: 2 } }),
      object('Role', 'd'),
    ];
    expect(objectChanges(before, after)).to.deep.equal([
      { kind: 'changed', object: 'service/b', fields: ['spec.port'] },
      { kind: 'added', object: 'role/d', fields: [] },
      { kind: 'removed', object: 'role/c', fields: [] },
    ]);
  });

  it('tells what Helm keeps although it is rendered no more', () => {
    const metadata = { name: 'claim', annotations: { 'helm.sh/resource-policy': 'keep' } };
    const claim = object('PersistentVolumeClaim', 'claim', { metadata });
    expect(objectChanges([claim], [])).to.deep.equal([
      { kind: 'kept', object: 'persistentvolumeclaim/claim', fields: [] },
    ]);
  });

  it('never tells the values, which may be secrets', () => {
    const secret = (value: string) => object('Secret', 'azure', { data: { clientSecret: value } });
    const [change] = objectChanges([secret('b2xk')], [secret('bmV3')]);
    expect(JSON.stringify(change)).not.to.match(/b2xk|bmV3/);
    expect(change?.fields).to.deep.equal(['data.clientSecret']);
  });
});

describe('fieldsText', () => {
  it('names three fields and counts the rest', () => {
    expect(fieldsText(['a', 'b', 'c', 'd', 'e'])).to.equal('a, b, c and 2 more');
  });

  it('says labels only where nothing else changes, since a new chart changes one on each object', () => {
    const label = 'spec.template.metadata.labels."helm.sh/chart"';
    expect(fieldsText(['metadata.labels."helm.sh/chart"', label])).to.equal('labels');
    expect(fieldsText([label, 'spec.replicas'])).to.equal('spec.replicas');
  });

  it('stands behind the object in a line', () => {
    expect(changeText({ kind: 'added', object: 'role/d', fields: [] })).to.equal('added    role/d');
    expect(changeText({ kind: 'changed', object: 'role/d', fields: ['rules'] })).to.equal(
      'changed  role/d: rules',
    );
  });
});
