import type { Actor } from '../rights.ts';
import type { RenderedObject } from './changes.ts';

interface JobOfPreflight {
  spec: { template: { spec: { serviceAccountName?: string } } };
}

/**
 * Whose rights preflight will act with. Where the chart renders a Role for it, those are there only while it runs, and say
 * nothing before; with `rbac.create: false` its ServiceAccount has what somebody gave it.
 */
export function preflightActor(hooks: readonly RenderedObject[]): Actor {
  const ofPreflight = hooks.filter(({ metadata }) => metadata.name.endsWith('-preflight'));
  if (ofPreflight.some(({ kind }) => kind === 'Role')) return 'rendered';
  const job = ofPreflight.find(({ kind }) => kind === 'Job') as JobOfPreflight | undefined;
  return { account: job?.spec.template.spec.serviceAccountName ?? 'default' };
}
