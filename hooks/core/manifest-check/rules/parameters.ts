import { isBefore } from '../../releases.ts';
import type { Problem } from '../findings.ts';
import type { File, Manifest } from '../model.ts';
import type { Path } from '../path.ts';
import { doubtful, refused } from '../problem.ts';
import { dryRun } from '../template/run.ts';
import { templateData, type Occasion, type TemplateValue } from '../template/values.ts';

/** What Marbles are given: templates are tried as the Coordinator tries them (v1.9.1: manifest.go, TemplateDryRun). */
export function checkParameters(manifest: Manifest, version: string, occasion: Occasion): Problem[] {
  const data = templateData(manifest.Secrets, occasion, (since) => !isBefore(version, since));
  return [...manifest.Marbles].flatMap(([marble, { Parameters }]) =>
    (['Files', 'Env'] as const).flatMap((where) =>
      [...Parameters[where]].flatMap(([name, file]) => [
        ...(where === 'Env' ? nullByte(name, file, ['Marbles', marble, 'Parameters', where, name]) : []),
        ...template(file, where, data, ['Marbles', marble, 'Parameters', where, name]),
      ]),
    ),
  );
}

function nullByte(name: string, { Data }: File, path: Path): Problem[] {
  if (!Data.includes('\0')) return [];
  const message = `The environment variable ${name} has a null byte in it.`;
  return [refused('env-null-byte', path, message, 'Put it into Files, or encode it.')];
}

function template(file: File, where: 'Files' | 'Env', data: TemplateValue, path: Path): Problem[] {
  if (file.NoTemplates || !file.Data.includes('{{')) return [];
  const verdict = dryRun(file.Data, where, data);
  const [, marble = '', , , name = ''] = path;
  const what = where === 'Files' ? `file ${name}` : `environment variable ${name}`;
  switch (verdict.kind) {
    case 'taken':
      return [];
    case 'undecided': {
      const message = `The template of the ${what} of the Marble ${marble} could not be checked: ${verdict.why}.`;
      return [doubtful('not-checked', path, message, 'Try it on a Coordinator in simulation.')];
    }
    case 'refused': {
      const message = `The template of the ${what} of the Marble ${marble} fails: ${verdict.why}.`;
      return [refused('template-invalid', path, message, remedyOf(where, verdict.why))];
    }
  }
}

function remedyOf(where: 'Files' | 'Env', why: string): string {
  if (why.includes('"raw" is not defined') && where === 'Env') {
    return 'Environment variables have string (for plain Secrets), hex, base64 and pem instead of raw.';
  }
  if (why.includes('"string" is not defined'))
    return 'Files have raw, hex, base64 and pem instead of string.';
  return 'Mend it, or set NoTemplates: true for a text with {{ that is no template.';
}
