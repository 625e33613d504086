/** How many things a finding names before it counts the rest. */
const named = 10;

/** The first ten of a list, and how many more there are. */
export function shortened(list: readonly string[]): string {
  const rest = list.length - named;
  return `${list.slice(0, named).join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`;
}
