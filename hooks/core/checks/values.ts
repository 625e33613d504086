import { acknowledgementToken } from '../acknowledge.ts';
import type { PreflightFacts } from '../facts.ts';
import type { Finding } from '../findings.ts';
import { startsInjector } from '../injector.ts';

/** Values that the chart's own schema refuses, and keys of older charts that are still honoured. */
export function checkValues({ settings, valueProblems }: PreflightFacts): Finding[] {
  const invalid = valueProblems.map(({ key, message, remedy }): Finding => {
    const finding = { code: 'value-invalid' as const, subject: `value ${key}`, message, remedy };
    if (unused(key, settings.values)) return { ...finding, severity: 'warn' };
    return { ...finding, severity: 'block', token: acknowledgementToken('value-invalid', [message]) };
  });
  const old = settings.oldKeys.map(({ key, successor }): Finding => ({
    code: 'old-key',
    severity: 'info',
    subject: `value ${key}`,
    message: `${key} is a key of older charts. It still counts, as ${successor}.`,
    remedy: `Set ${successor} instead.`,
  }));
  return [...invalid, ...old];
}

/** Nothing of the injector's section is rendered while it is off, so that a slip in it does no harm. */
function unused(key: string, values: Record<string, unknown>): boolean {
  return key.startsWith('marbleInjector.') && key !== 'marbleInjector.start' && !startsInjector(values);
}
