import { declareHook } from '../hook.ts';

/** `preflight` as the chart's hook runs it. */
export const preflight = declareHook('preflight', {
  summary: 'before an upgrade: will the Coordinator keep its node and its state?',
  about: [
    'Runs as a hook before an install, an upgrade and a rollback. It changes something only once all its checks have passed.',
  ],
});
