import { expect } from 'chai';
import { checkClients } from '../../../../hooks/core/checks/clients.ts';
import type { PreflightFacts } from '../../../../hooks/core/facts.ts';
import { facts, image, type Change } from '../../builders.ts';
import { all, goesTo, inSimulation } from '../../changes.ts';

const uniqueId = '6b2822ac2585'.padEnd(64, '0');
const era = JSON.stringify({
  SecurityVersion: 3,
  ProductID: 3,
  UniqueID: uniqueId,
  SignerID: '43'.repeat(32),
});

function given(clients: unknown, change: Change<PreflightFacts> = () => undefined): PreflightFacts {
  return facts((f) => {
    f.settings.values.clients = clients;
    change(f);
  });
}

/** The images before and after. */
const images =
  (before: string, after: string): Change<PreflightFacts> =>
  ({ live, target }) => {
    live?.spec.template.spec.containers.forEach((container) => (container.image = before));
    target.spec.template.spec.containers.forEach((container) => (container.image = after));
  };

const codes = (f: PreflightFacts) => checkClients(f).map(({ severity, code }) => `${severity} ${code}`);
const alice = [{ name: 'alice', era }];
const [one, other] = [`sha256:${'1'.repeat(64)}`, `sha256:${'2'.repeat(64)}`];

describe('checkClients', () => {
  it('blocks when a client demands a higher SecurityVersion than the new version has', () => {
    const clients = [{ name: 'alice', ProductID: 3, SecurityVersion: 3, SignerID: '43'.repeat(32) }];
    expect(codes(given(clients))).to.deep.equal([]);
    expect(codes(given(clients, goesTo('v1.8.0')))).to.deep.equal(['block client-demands-more']);
    expect(codes(given(clients, all(goesTo('v1.8.0'), inSimulation)))).to.deep.equal([]);
  });

  it('blocks when a client pins the UniqueID and the image changes, naming all three', () => {
    const [finding] = checkClients(given(alice));
    expect(finding).to.include({ code: 'client-pins-unique-id', severity: 'block', subject: 'client alice' });
    expect(finding?.message)
      .to.contain('6b2822ac2585')
      .and.to.contain(`from ${image}:v1.8.0 to ${image}:v1.9.1`);
    expect(finding?.remedy).to.contain('SignerID, ProductID and SecurityVersion');
    expect(finding?.token).to.match(/^client-pins-unique-id:[0-9a-f]{8}$/);
  });

  it('says it of each client that does, with a token of its own', () => {
    const found = checkClients(
      given([
        ...alice,
        { name: 'bob', UniqueID: uniqueId },
        { name: 'carol', ProductID: 3, SecurityVersion: 2 },
      ]),
    );
    expect(found.map(({ subject }) => subject)).to.deep.equal(['client alice', 'client bob']);
    expect(new Set(found.map(({ token }) => token)).size).to.equal(2);
  });

  it('gives another token for another image', () => {
    const token = (after: string) => checkClients(given(alice, images(`${image}:v1`, after)))[0]?.token;
    expect(token(`${image}:v2`)).not.to.equal(token(`${image}:v3`));
  });

  const changes: [string, string, string, string[]][] = [
    ['finds nothing when the image stays', `${image}:v1`, `${image}:v1`, []],
    [
      'finds nothing when the digest stays, from another registry',
      `${image}:v1@${one}`,
      `mirror/c:v2@${one}`,
      [],
    ],
    [
      'blocks when only the digest changes',
      `${image}:v1@${one}`,
      `${image}:v1@${other}`,
      ['block client-pins-unique-id'],
    ],
    [
      'warns when a digest comes in, which may be the same image',
      `${image}:v1`,
      `${image}:v1@${one}`,
      ['warn client-pins-unique-id'],
    ],
    [
      'blocks when tag and digest change',
      `${image}:v1`,
      `${image}:v2@${one}`,
      ['block client-pins-unique-id'],
    ],
  ];
  for (const [title, before, after, expected] of changes) {
    it(title, () => {
      expect(codes(given(alice, images(before, after)))).to.deep.equal(expected);
    });
  }

  it('finds nothing on a first install, without clients, and in simulation, where nothing is measured', () => {
    expect(codes(given(alice, (f) => (f.live = undefined)))).to.deep.equal([]);
    for (const none of [undefined, null, []]) expect(codes(given(none))).to.deep.equal([]);
    expect(codes(given(alice, (f) => (f.settings.coordinator.simulation = true)))).to.deep.equal([]);
  });

  it('warns about a policy that it cannot read, even where the image stays', () => {
    const given1 = given([{ name: 'dave', era: '{"UniqueID": ' }], images('a', 'a'));
    expect(codes(given1)).to.deep.equal(['warn client-policy-unreadable']);
    expect(checkClients(given1)[0]?.message).to.contain('its era is not JSON');
  });
});
