import { expect } from 'chai';
import { at, bothClients, find, refusal, render, rendered, type Tree } from './render.ts';

const distributed = { distributedDeployment: true, replicas: 2 };

async function budget(podDisruptionBudget: Tree, coordinator: Tree = {}): Promise<unknown> {
  const values = {
    coordinator: { ...coordinator, podDisruptionBudget: { enabled: true, ...podDisruptionBudget } },
  };
  const { spec } = await rendered('PodDisruptionBudget', 'marblerun-coordinator', values);
  const { selector, ...rest } = spec as Tree;
  expect(selector).to.deep.equal(
    at(await rendered('Deployment', 'marblerun-coordinator', values), 'spec.selector'),
  );
  return rest;
}

describe('The disruption budget of the Coordinator', () => {
  it('is not there by default, nor given null', async () => {
    for (const values of [{}, { coordinator: { podDisruptionBudget: null } }]) {
      const kinds = (await render(values)).map(({ kind }) => kind);
      expect(kinds).not.to.include('PodDisruptionBudget');
    }
  });

  it('gives up none where there is only one, which could not start elsewhere', async () => {
    expect(await budget({})).to.deep.equal({ maxUnavailable: 0 });
    expect(await budget({}, { distributedDeployment: true, replicas: 1 })).to.deep.equal({
      maxUnavailable: 0,
    });
  });

  it('gives up one of several', async () => {
    expect(await budget({}, distributed)).to.deep.equal({ maxUnavailable: 1 });
  });

  it('is what the user says, zero included', async () => {
    expect(await budget({ maxUnavailable: 0 }, distributed)).to.deep.equal({ maxUnavailable: 0 });
    expect(await budget({ maxUnavailable: '50%' }, distributed)).to.deep.equal({ maxUnavailable: '50%' });
    expect(await budget({ minAvailable: 1 }, distributed)).to.deep.equal({ minAvailable: 1 });
  });

  it('changes nothing about the Coordinator and the hooks', async () => {
    const values = { coordinator: { podDisruptionBudget: { enabled: true } } };
    const [before, after] = await Promise.all([render(), render(values)]);
    for (const [kind, name] of [
      ['Deployment', 'marblerun-coordinator'],
      ['Role', 'marblerun-coordinator-preflight'],
    ] as const) {
      expect(find(after, kind, name)).to.deep.equal(find(before, kind, name));
    }
  });

  for (const client of bothClients) {
    it(`is refused with both of its bounds, with ${client}`, async () => {
      const podDisruptionBudget = { enabled: true, minAvailable: 1, maxUnavailable: 1 };
      const message = await refusal({ coordinator: { podDisruptionBudget } }, client);
      expect(message).to.contain('coordinator.podDisruptionBudget has minAvailable and maxUnavailable');
    });
  }
});
