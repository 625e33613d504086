import { X509Certificate } from 'node:crypto';
import type { Problem } from './findings.ts';
import { pathText, type Path } from './path.ts';
import type { Shape } from './shape.ts';
import type { Value } from './source.ts';

/** What a single value comes to in Go; undefined when it is of another type. */
export function readText(value: Value, shape: Shape): { is: unknown } | undefined {
  if (shape.kind === 'boolean') return value.kind === 'boolean' ? { is: value.is } : undefined;
  if (shape.kind === 'number') return value.kind === 'number' ? numberWithin(value.text, shape) : undefined;
  return value.kind === 'string' && reads(value.text, shape.kind) ? { is: value.text } : undefined;
}

function reads(text: string, kind: Shape['kind']): boolean {
  switch (kind) {
    case 'string':
      return true;
    case 'bytes':
      return fromBase64(text) !== undefined;
    case 'time':
      return isTime(text);
    case 'address':
      return isAddress(text);
    default:
      return false;
  }
}

/** Go reads `1.0` and `1e3` into no integer, and `-0` into no unsigned one. */
function numberWithin(text: string, { least, most }: Extract<Shape, { kind: 'number' }>) {
  if (!/^-?\d+$/.test(text) || (least === 0n && text.startsWith('-'))) return undefined;
  const number = BigInt(text);
  return number >= least && number <= most ? { is: number } : undefined;
}

/** RFC 3339, as strictly as Go's time.Time reads it from JSON. */
function isTime(text: string): boolean {
  const [, date, clock, zone = '00:00'] =
    /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?(?:Z|[+-](\d\d:\d\d))$/.exec(text) ?? [];
  if (date === undefined || clock === undefined) return false;
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  const [hour = 0, minute = 0, second = 0] = clock.split(':').map(Number);
  const [zoneHour = 0, zoneMinute = 0] = zone.split(':').map(Number);
  const ranges: [value: number, least: number, most: number][] = [
    [month, 1, 12],
    [day, 1, daysOf(year, month)],
    [hour, 0, 23],
    [minute, 0, 59],
    [second, 0, 59],
    [zoneHour, 0, 23],
    [zoneMinute, 0, 59],
  ];
  return ranges.every(([value, least, most]) => value >= least && value <= most);
}

function daysOf(year: number, month: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  if (month === 2) return leap ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** As Go's net.IP reads it; an empty text is none. */
function isAddress(text: string): boolean {
  if (text === '') return true;
  if (/^\d+(\.\d+){3}$/.test(text)) {
    return text.split('.').every((part) => Number(part) <= 255 && (part === '0' || !part.startsWith('0')));
  }
  return text.includes(':') && URL.canParse(`http://[${text}]/`);
}

/** Standard base64 with padding; line ends count for nothing (Go's base64.StdEncoding). Undefined when it is none. */
export function fromBase64(text: string): Uint8Array | undefined {
  const bare = text.replace(/[\r\n]/g, '');
  if (bare.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(bare)) return undefined;
  return Uint8Array.from(atob(bare), (character) => character.charCodeAt(0));
}

/** The content of an entry of Files or Env, or why it cannot be read. */
export function readContent(data: string, encoding: string, path: Path): string | Problem {
  const decoder = new TextDecoder();
  switch (encoding.toLowerCase()) {
    case '':
    case 'string':
      return data;
    case 'base64': {
      const bytes = fromBase64(data);
      return bytes === undefined
        ? undecodable(path, 'base64', 'standard base64 with padding')
        : decoder.decode(bytes);
    }
    case 'hex': {
      const fits = /^([0-9a-f]{2})*$/i.test(data);
      if (!fits) return undecodable(path, 'hex', 'an even number of hex digits');
      return decoder.decode(Uint8Array.from(data.match(/../g) ?? [], (pair) => parseInt(pair, 16)));
    }
    default:
      return {
        code: 'content-undecodable',
        severity: 'block',
        path: [...path, 'Encoding'],
        message: `The Coordinator does not know the encoding ${JSON.stringify(encoding)}.`,
        remedy: 'Take string, base64 or hex.',
      };
  }
}

function undecodable(path: Path, encoding: string, must: string): Problem {
  return {
    code: 'content-undecodable',
    severity: 'block',
    path: [...path, 'Data'],
    message: `${pathText(path)} is said to be ${encoding}, but its Data is not ${must}.`,
    remedy: 'Mend Data, or take another Encoding.',
  };
}

/** A whole certificate in the place of its fields: one that is no base64 is ignored, one that is no certificate refused. */
export function readCertificate(text: string, path: Path): Problem[] {
  const der = fromBase64(text);
  if (der === undefined) return [];
  try {
    new X509Certificate(der);
    return [];
  } catch {
    return [
      {
        code: 'wrong-type',
        severity: 'block',
        path,
        message: `${pathText(path)} is a text, but no X.509 certificate in base64.`,
        remedy: 'Give the fields of the certificate, or leave Cert out.',
      },
    ];
  }
}
