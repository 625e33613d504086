import { fromBase64 } from './decode-text.ts';

/** A block of PEM. */
export interface PemBlock {
  type: string;
  der: Uint8Array;
}

/**
 * The first block of PEM in a text, as Go's encoding/pem finds it: what stands before it is skipped, header lines end
 * with an empty line, and the name at the end must be the one at the start. Undefined when there is none.
 */
export function firstBlock(text: string): PemBlock | undefined {
  const lines = text.split(/\r?\n/);
  for (let start = 0; start < lines.length; start++) {
    const type = /^-----BEGIN (.*)-----[ \t]*$/.exec(lines[start] ?? '')?.[1];
    if (type === undefined) continue;
    const end = lines.findIndex((line, index) => index > start && line.startsWith('-----END '));
    if (end === -1) return undefined;
    if ((lines[end] ?? '').trimEnd() !== `-----END ${type}-----`) continue;
    const body = lines.slice(start + 1, end);
    const headers = body.findIndex((line) => !line.includes(':'));
    const content = body.slice(headers === -1 ? body.length : headers);
    const der = fromBase64(content.map((line) => line.replace(/[ \t]/g, '')).join(''));
    if (der !== undefined) return { type, der };
  }
  return undefined;
}
