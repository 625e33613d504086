import { coordinatorImage } from '../image.ts';
import { valueOf } from '../known.ts';
import type { RolloutRecord } from '../record.ts';
import { nodesOf } from '../several.ts';
import { containerName, speakerOf, versionIn } from '../watch/scene.ts';
import { sceneOf, type StatusFacts } from './facts.ts';
import { notKnown, plain, type Row, type Section } from './rows.ts';

/** What the last rollout saw, and in what that differs from what runs. */
export function recordSection(facts: StatusFacts): Section {
  const { record } = facts;
  const title = 'Record';
  if (!record.known) return { title, rows: [notKnown('Record', record.why)] };
  if (record.value === undefined) {
    return { title, rows: [plain('Record', 'none: no rollout of this chart has ended well yet')] };
  }
  const { time, chartVersion, revision } = record.value;
  const of = [
    ...(revision === undefined ? [] : [`revision ${revision}`]),
    ...(chartVersion === '' ? [] : [`chart ${chartVersion}`]),
  ];
  const differences = differencesOf(facts, record.value);
  const rows: Row[] = differences.map((value) => ({ name: 'Differs', value, mark: 'bad' }));
  return {
    title,
    rows: [
      plain('Written', [time, ...of].join(', ')),
      ...(rows.length > 0 ? rows : [{ name: 'Compared', value: compared(facts), mark: 'good' as const }]),
    ],
  };
}

function compared(facts: StatusFacts): string {
  return speakerOf(facts)?.coordinator.manifest === undefined
    ? 'nothing differs, as far as the Coordinator tells'
    : 'what runs is what the last rollout saw';
}

/** What the record says and what is, where that is another. What the Coordinator does not tell is no difference. */
function differencesOf(facts: StatusFacts, record: RolloutRecord): string[] {
  const { deployment, pods } = facts;
  const now = speakerOf(facts)?.coordinator;
  const image = coordinatorImage(deployment, { container: containerName });
  const nodes = nodesOf(valueOf(pods) ?? []);
  const { node, nodes: before = [node] } = record.coordinator;
  return [
    nodes.length > 0 && node !== '' && !before.some((each) => nodes.includes(each))
      ? `the Coordinator was on ${before.join(', ')} and is on ${nodes.join(', ')}`
      : undefined,
    change('version', record.coordinator.version, versionIn(sceneOf(facts))),
    change('image', record.coordinator.image, image),
    change(
      'intermediate certificate',
      short(record.intermediateCertificate),
      short(now?.intermediateCertificate),
    ),
    ...differencesInMesh(facts, record),
  ].filter((text) => text !== undefined);
}

/** In what the Coordinator is another than the record says: in its root certificate, or in the Manifest in force. */
export function differencesInMesh(facts: StatusFacts, record: RolloutRecord): string[] {
  const now = speakerOf(facts)?.coordinator;
  return [
    change('root certificate', short(record.rootCertificate), short(now?.rootCertificate)),
    change('Manifest', short(record.manifestFingerprint), short(now?.manifest?.fingerprint)),
  ].filter((text) => text !== undefined);
}

function change(name: string, before: string | undefined, now: string | undefined): string | undefined {
  if (before === undefined || now === undefined || before === '' || now === '' || before === now)
    return undefined;
  return `the ${name} was ${before} and is ${now}`;
}

function short(print: string | undefined): string | undefined {
  return print?.slice(0, 12);
}
