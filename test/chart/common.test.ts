import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { chartFolder } from '../../release/chart.ts';
import { at, bothClients, find, refusal, render, setting, type Manifest, type Tree } from './render.ts';

const common = {
  commonLabels: { team: 'mesh' },
  commonAnnotations: { 'example.com/contact': 'mesh@example.com' },
};

/** Each object that the chart can render is in one of these. */
const shapes: [string, Tree][] = [
  [
    'a detached roll in namespaces',
    { rollout: { detach: true, namespaces: ['shop'] }, rbac: { scope: 'namespaces' } },
  ],
  ['a detached roll in the cluster', { rollout: { detach: true } }],
  ['a budget for evictions', { coordinator: { podDisruptionBudget: { enabled: true } } }],
];
for (const file of await readdir(join(chartFolder, 'ci'))) {
  const text = await readFile(join(chartFolder, 'ci', file), 'utf8');
  shapes.push([file, { ...(parse(text) as Tree | null), ...setting('extraObjects', null) }]);
}

const settingsFile = 'settings.json';
const ofHooks = ['pin.json', 'backup.json', 'roll.json'];

function files({ data = {} }: Manifest): Record<string, unknown> {
  const entries = Object.entries(data as Record<string, string>);
  return Object.fromEntries(entries.map(([name, text]) => [name, JSON.parse(text) as unknown]));
}

const isOfHooks = ({ kind, data = {} }: Manifest): boolean =>
  kind === 'ConfigMap' && settingsFile in (data as Tree);

/** An object without what is common, and without the files of the hooks, which tell of it. */
function apart(manifest: Manifest): unknown {
  const copy = structuredClone(manifest);
  const { labels = {}, annotations = {} } = copy.metadata;
  delete labels.team;
  delete annotations['example.com/contact'];
  if (Object.keys(annotations).length === 0) delete copy.metadata.annotations;
  if (isOfHooks(copy)) delete copy.data;
  return copy;
}

describe('Labels and annotations for every object', () => {
  for (const [title, values] of shapes) {
    it(`are on each object, and on nothing else of it, with ${title}`, async () => {
      const none = { commonLabels: null, commonAnnotations: null };
      const [before, after] = await Promise.all([
        render({ ...values, ...none }),
        render({ ...values, ...common }),
      ]);
      for (const { kind, metadata } of after) {
        expect(metadata.labels, `${kind} ${metadata.name}`).to.include(common.commonLabels);
        expect(metadata.annotations, `${kind} ${metadata.name}`).to.include(common.commonAnnotations);
      }
      expect(after.map(apart)).to.deep.equal(before.map(apart));
    });
  }

  it('leave pod templates and selectors as they are, so that nothing restarts', async () => {
    const templates = async (values: Tree): Promise<unknown[]> =>
      (await render(values)).map((manifest) => [
        at(manifest, 'spec.template'),
        at(manifest, 'spec.selector'),
        at(manifest, 'spec.jobTemplate'),
      ]);
    expect(await templates(common)).to.deep.equal(await templates({}));
  });

  it('are not on what the hooks make', async () => {
    const roll = { rollout: { detach: true } };
    const [before, after] = await Promise.all([render(roll), render({ ...roll, ...common })]);
    for (const name of ['marblerun-coordinator-preflight', 'marblerun-coordinator-rollout']) {
      const [old, now] = [before, after].map((objects) => files(find(objects, 'ConfigMap', name)));
      for (const file of ofHooks) expect(now?.[file]).to.deep.equal(old?.[file]).and.not.to.be.undefined;
    }
  });

  it('give way to what is set for one kind of object', async () => {
    const ours = { note: 'ours', empty: '' };
    const manifests = await render({
      commonLabels: { release: 'all' },
      commonAnnotations: { note: 'all', empty: 'all', 'sidecar.istio.io/inject': 'true' },
      hooks: { annotations: ours },
      anchor: { serviceAccount: { annotations: ours } },
      metrics: { enabled: true, podMonitor: { enabled: true, labels: { release: 'prometheus' } } },
    });
    const anchor = find(manifests, 'ServiceAccount', 'marblerun-coordinator-anchor');
    expect(anchor.metadata.annotations).to.include(ours);
    expect(find(manifests, 'Job', 'marblerun-coordinator-rollout').metadata.annotations).to.include(ours);
    const monitor = find(manifests, 'PodMonitor', 'marblerun-coordinator');
    expect(monitor.metadata.labels).to.include({ release: 'prometheus' });
    const pod = find(manifests, 'Pod', 'marblerun-coordinator-test');
    expect(pod.metadata.annotations).to.include({ 'sidecar.istio.io/inject': 'false' });
  });

  it('that sound like secrets are told to the hooks as digests, in all they are told', async () => {
    const secret = { 'example.com/api-token': 'hunter2' };
    const manifests = await render({ commonLabels: { team: 'mesh' }, commonAnnotations: secret });
    const told = files(find(manifests, 'ConfigMap', 'marblerun-coordinator-preflight'));
    expect(JSON.stringify(told)).not.to.contain('hunter2');
    const values = at(told[settingsFile], 'values');
    expect(at(values, 'commonLabels')).to.deep.equal({ team: 'mesh' });
    const digest = (at(values, 'commonAnnotations') as Tree)['example.com/api-token'];
    expect(digest).to.match(/^sha256:[0-9a-f]{8}$/);
    for (const copy of [told['deployment.json'], at(told[settingsFile], 'claim')]) {
      expect(at(copy, 'metadata.labels')).to.include({ team: 'mesh' });
      expect(at(copy, 'metadata.annotations')).to.include({ 'example.com/api-token': digest });
    }
  });

  for (const key of [
    ...['app.kubernetes.io/name', 'app.kubernetes.io/instance', 'helm.sh/hook', 'helm.sh/resource-policy'],
    ...['meta.helm.sh/release-name', 'edgeless.systems/control-plane-component', 'marblerun/marbletype'],
    ...['marblerun-hooks/placement-group', 'argocd.argoproj.io/hook', 'argocd.argoproj.io/sync-options'],
  ]) {
    it(`may not have the key ${key}`, async () => {
      for (const section of Object.keys(common)) {
        const values = { [section]: { team: 'mesh', [key]: 'mine' } };
        for (const client of bothClients) {
          expect(await refusal(values, client)).to.contain(`${section} sets ${key}, `);
        }
      }
    });
  }

  it('may not have the keys that select pods, whatever they are called', async () => {
    const global = { coordinatorComponentLabel: 'example.com/part' };
    const values = { global, commonLabels: { 'example.com/part': 'mine' } };
    expect(await refusal(values)).to.contain('commonLabels sets example.com/part, ');
  });
});
