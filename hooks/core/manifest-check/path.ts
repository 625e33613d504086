/** Where something stands in a Manifest: names of fields, keys of maps, numbers in lists. */
export type Path = readonly (string | number)[];

/** A path as people write it: `Marbles.web.Parameters.Env["my var"]`, `TLS.web.Incoming[0].Port`. */
export function pathText(path: Path): string {
  const text = path
    .map((step) => {
      if (typeof step === 'number') return `[${step}]`;
      return /^[\w-]+$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
    })
    .join('');
  return text.replace(/^\./, '');
}
