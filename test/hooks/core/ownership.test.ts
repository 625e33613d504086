import { expect } from 'chai';
import type { FieldSet, ManagedFields } from '../../../hooks/core/objects.ts';
import { appliedByHelm, isSetImage, withoutSetImage } from '../../../hooks/core/ownership.ts';

/** As `kubectl get deployment --show-managed-fields -o json` prints it after Helm 4 and `kubectl set image`. */
const helm: ManagedFields = {
  manager: 'helm',
  operation: 'Apply',
  apiVersion: 'apps/v1',
  time: '2026-11-24T12:00:00Z',
  fieldsType: 'FieldsV1',
  fieldsV1: { 'f:spec': { 'f:replicas': {}, 'f:template': { 'f:spec': { 'f:nodeSelector': {} } } } },
};
const controller: ManagedFields = {
  manager: 'kube-controller-manager',
  operation: 'Update',
  subresource: 'status',
  fieldsV1: { 'f:status': { 'f:replicas': {} } },
};
const image = { 'f:image': {} };

describe('appliedByHelm', () => {
  it('is true only for a server-side apply of Helm', () => {
    expect(appliedByHelm([controller, helm])).to.equal(true);
    expect(appliedByHelm([{ ...helm, operation: 'Update' }])).to.equal(false);
    expect(appliedByHelm([{ ...helm, manager: 'argocd-controller' }])).to.equal(false);
    expect(appliedByHelm([])).to.equal(false);
  });
});

describe('withoutSetImage', () => {
  it('drops an entry that claims the image alone, and leaves the others as they are', () => {
    const entries = [helm, setImage({ 'k:{"name":"coordinator"}': image }), controller];
    expect(withoutSetImage(entries, 'coordinator')).to.deep.equal([helm, controller]);
  });

  it('keeps what else the same manager claims', () => {
    const also = setImage({ 'k:{"name":"coordinator"}': image, 'k:{"name":"proxy"}': image });
    expect(withoutSetImage([helm, also], 'coordinator')).to.deep.equal([
      helm,
      setImage({ 'k:{"name":"proxy"}': image }),
    ]);
    const env = { 'f:image': {}, 'f:env': { '.': {} } };
    expect(withoutSetImage([setImage({ 'k:{"name":"coordinator"}': env })], 'coordinator')).to.deep.equal([
      setImage({ 'k:{"name":"coordinator"}': { 'f:env': { '.': {} } } }),
    ]);
  });

  it('answers with nothing to do when another claims the image or nobody does', () => {
    const edited = { ...setImage({ 'k:{"name":"coordinator"}': image }), manager: 'kubectl-edit' };
    expect(withoutSetImage([helm, edited], 'coordinator')).to.equal(undefined);
    expect(withoutSetImage([setImage({ 'k:{"name":"proxy"}': image })], 'coordinator')).to.equal(undefined);
    expect(withoutSetImage([{ manager: 'kubectl-set', operation: 'Update' }], 'coordinator')).to.equal(
      undefined,
    );
    expect(withoutSetImage([], 'coordinator')).to.equal(undefined);
  });

  it('finds nothing more on its own result', () => {
    const once = withoutSetImage([helm, setImage({ 'k:{"name":"coordinator"}': image })], 'coordinator');
    expect(withoutSetImage(once ?? [], 'coordinator')).to.equal(undefined);
  });

  it('does not change what it is given', () => {
    const entries = [setImage({ 'k:{"name":"coordinator"}': image, 'k:{"name":"proxy"}': image })];
    const copy = structuredClone(entries);
    withoutSetImage(entries, 'coordinator');
    expect(entries).to.deep.equal(copy);
  });
});

describe('isSetImage', () => {
  const field = '.spec.template.spec.containers[name="coordinator"].image';

  it('knows the conflict by manager and field', () => {
    expect(isSetImage({ manager: 'kubectl-set', field }, 'coordinator')).to.equal(true);
    expect(isSetImage({ manager: 'kubectl-set', field }, 'proxy')).to.equal(false);
    expect(isSetImage({ manager: 'kubectl-edit', field }, 'coordinator')).to.equal(false);
    expect(isSetImage({ manager: 'kubectl-set', field: '.spec.replicas' }, 'coordinator')).to.equal(false);
  });
});

function setImage(containers: FieldSet): ManagedFields {
  return {
    manager: 'kubectl-set',
    operation: 'Update',
    apiVersion: 'apps/v1',
    fieldsType: 'FieldsV1',
    fieldsV1: { 'f:spec': { 'f:template': { 'f:spec': { 'f:containers': containers } } } },
  };
}
