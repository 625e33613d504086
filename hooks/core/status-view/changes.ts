import type { StatusView } from './view.ts';

/** What is another than at the look before, a line for each; what is gone is told too. */
export function changesBetween(before: StatusView, now: StatusView): string[] {
  const [old, present] = [linesOf(before), linesOf(now)];
  return [
    ...(before.verdict === now.verdict ? [] : [now.verdict, ...now.next]),
    ...[...present]
      .filter(([key, value]) => old.get(key) !== value)
      .map(([key, value]) => `${key}: ${value}`),
    ...[...old.keys()].filter((key) => !present.has(key)).map((key) => `${key}: gone`),
  ];
}

function linesOf({ sections }: StatusView): Map<string, string> {
  const byName = Map.groupBy(
    sections.flatMap(({ title, rows }) =>
      rows.map(({ name, value }) => ({ key: `${title}, ${name}`, value })),
    ),
    ({ key }) => key,
  );
  return new Map([...byName].map(([key, rows]) => [key, rows.map(({ value }) => value).join('; ')]));
}
