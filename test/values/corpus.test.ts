import { availableParallelism } from 'node:os';
import { expect } from 'chai';
import { blocks, type Finding } from '../../hooks/core/findings.ts';
import { SettingsError } from '../../hooks/core/settings.ts';
import { ask, bothClients, type Answer, type Client, type Manifest, type Tree } from '../chart/render.ts';
import { badUpgrades, contradictions, good, misfits, type Bad } from './corpus.ts';
import { judge } from './program.ts';

/** Helm renders the whole chart, and prints what preflight reads. */
const shown = ['--show-only', 'templates/preflight/configmap.yaml'];
const skip = [...shown, '--skip-schema-validation'];

/** Every question to Helm that the tests below ask; Helm answers each once. */
const questions: [Tree, Client, readonly string[]][] = [
  ...[...misfits, ...contradictions].flatMap(({ values }): [Tree, Client, readonly string[]][] => [
    [values, 'helm3', []],
    [values, 'helm4', []],
    [values, 'helm4', skip],
  ]),
  ...[...badUpgrades, ...good].flatMap(({ values = {}, before, ...entry }) => {
    const flags = [...shown, ...('set' in entry ? (entry.set ?? []) : [])];
    return bothClients.flatMap((client): [Tree, Client, readonly string[]][] => [
      [values, client, flags],
      ...(before === undefined ? [] : [[before, client, shown] as [Tree, Client, readonly string[]]]),
    ]);
  }),
];

async function askAll(): Promise<void> {
  const open = questions.values();
  const worker = async (): Promise<void> => {
    for (const [values, client, flags] of open) await ask(values, client, flags);
  };
  await Promise.all(Array.from({ length: 2 * availableParallelism() }, worker));
}

function objects({ manifests, refusal }: Answer): readonly Manifest[] {
  if (refusal !== undefined) throw new Error(`Helm refused: ${refusal}`);
  return manifests;
}

/** The keys of a path, without the brackets: `tolerations[0].effect` is tolerations, 0 and effect. */
function segments(key: string): string[] {
  return [...key.matchAll(/\["([^"]+)"\]|[^.[\]]+/g)].map(([whole, quoted]) => quoted ?? whole);
}

/** Text that stands for itself in a regular expression. */
function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Whether Helm's refusal names a key: by its path, or as an unknown or missing key of the section above it. */
function names(refusal: string, key: string): boolean {
  const paths = segments(key);
  const path = (keys: readonly string[]) => keys.map(literally).join('[./]');
  const last = literally(paths.at(-1) ?? '');
  const section = paths.length === 1 ? `(\\(root\\)|at '')` : path(paths.slice(0, -1));
  const line = new RegExp(`\\b${path(paths)}\\b|${section}.*\\b${last}\\b`);
  return refusal.split('\n').some((text) => line.test(text.replaceAll('~1', '/')));
}

/** What the program says of an answer: its blocking and other findings, or that it cannot work with the settings. */
function said(answer: Answer): Finding[] | string {
  try {
    return judge(objects(answer));
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
}

function refusedUnchecked({ key, says = '', unchecked, severity = 'block' }: Bad, answer: Answer): void {
  const withoutIndex = key.replace(/\[\d+\].*/, '');
  if (unchecked === 'template') {
    expect(answer.refusal).to.contain(withoutIndex);
    return;
  }
  const outcome = said(answer);
  if (unchecked === 'settings') {
    expect(outcome).to.be.a('string').that.contains(withoutIndex);
    return;
  }
  const found = (outcome as Finding[]).filter(({ code }) => code === 'value-invalid');
  const about = found.filter(({ message }) => message.startsWith(`${key} `));
  expect(about, JSON.stringify(outcome)).to.have.length(1);
  expect(about[0]).to.have.property('severity', severity);
  expect(`${about[0]?.message} ${about[0]?.remedy}`).to.contain(says);
}

/** What preflight says of the release as such. */
const apartFromValues = ['first-install', 'version-unknown', 'version-not-of-chart'];

describe('The corpus of values', function () {
  this.timeout('5m');
  before('Helm answers everything', askAll);

  it('has at least 150 bad ones and 30 good ones', () => {
    expect(misfits.length + contradictions.length + badUpgrades.length).to.be.at.least(150);
    expect(good).to.have.property('length').that.is.at.least(30);
  });

  it('has no question twice', () => {
    const asked = [...misfits, ...contradictions].map(({ values }) => JSON.stringify(values));
    expect(new Set(asked).size).to.equal(asked.length);
  });

  for (const bad of misfits) {
    const written = JSON.stringify(bad.values);

    it(`is refused by the schema, by the name ${bad.key}: ${written}`, async () => {
      for (const client of bothClients) {
        const { refusal = '' } = await ask(bad.values, client);
        expect(names(refusal, bad.key), `${client}: ${refusal}`).to.equal(true);
        expect(refusal).to.match(/schema/);
      }
    });

    it(`is refused without the schema, by the name ${bad.key}: ${written}`, async () => {
      refusedUnchecked(bad, await ask(bad.values, 'helm4', skip));
    });
  }

  for (const { key, values, says = '' } of contradictions) {
    it(`is refused by the templates, by the name ${key}: ${JSON.stringify(values)}`, async () => {
      for (const client of bothClients)
        expect((await ask(values, client)).refusal)
          .to.contain(key)
          .and.to.contain(says);
      expect((await ask(values, 'helm4', skip)).refusal)
        .to.contain(key)
        .and.to.contain(says);
    });
  }

  for (const { key, values, before, claims, finding } of badUpgrades) {
    const from = before === undefined ? '' : ` after ${JSON.stringify(before)}`;

    it(`is refused by the program as ${finding}, by the name ${key}: ${JSON.stringify(values)}${from}`, async () => {
      for (const client of bothClients) {
        const manifests = before && objects(await ask(before, client, shown));
        const findings = judge(objects(await ask(values, client, shown)), { manifests, claims });
        const [found] = findings.filter(({ code }) => code === finding);
        expect(found, JSON.stringify(findings)).to.have.property('severity').that.is.oneOf(['block']);
        expect(`${found?.message} ${found?.remedy}`).to.contain(key);
      }
    });
  }

  for (const { title, values = {}, set = [], says = [], before, claims } of good) {
    it(`passes: ${title}`, async () => {
      for (const client of bothClients) {
        const manifests = before && objects(await ask(before, client, shown));
        const findings = judge(objects(await ask(values, client, [...shown, ...set])), { manifests, claims });
        expect(findings.filter(blocks)).to.deep.equal([]);
        const notes = new Set(
          findings.map(({ code }) => code).filter((code) => !apartFromValues.includes(code)),
        );
        expect([...notes]).to.deep.equal(says);
      }
    });
  }
});
