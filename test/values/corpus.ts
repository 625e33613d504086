import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { FindingCode, Severity } from '../../hooks/core/findings.ts';
import type { Tree } from '../chart/render.ts';

/** Values that somebody must refuse, by name. */
export interface Bad {
  /** The key that each refusal names. */
  key: string;
  values: Tree;
  /** More words of the refusal. */
  says?: string;
  /** Who refuses the values when Helm skips the schema: the program unless it says otherwise. */
  unchecked?: 'template' | 'settings';
  /** How bad the program takes it; `block` unless it says otherwise. */
  severity?: Severity;
}

/** Values that Helm accepts and the program refuses. */
export interface BadUpgrade extends Bad {
  finding: FindingCode;
  /** The values of the release before; a first install without them. */
  before?: Tree;
  /** Claims that there are besides that of the release before. */
  claims?: string[];
}

/** Values that must pass. */
export interface Good {
  title: string;
  values?: Tree;
  set?: string[];
  says?: FindingCode[];
  before?: Tree;
  claims?: string[];
}

function read<T>(file: string): T[] {
  return parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as T[];
}

/** Refused by the schema of the values. */
export const misfits = [...read<Bad>('bad/coordinator.yaml'), ...read<Bad>('bad/other.yaml')];
/** Refused by the chart's templates. */
export const contradictions = read<Bad>('bad/templates.yaml');
export const badUpgrades = read<BadUpgrade>('bad/upgrades.yaml');
export const good = read<Good>('good.yaml');
