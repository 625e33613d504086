import { declareHook } from '../hook.ts';

/** `test` as `helm test` runs it. */
export const test = declareHook('test', {
  summary: 'at any time: is the Coordinator well, and in its place? (helm test)',
  about: [
    'Runs as the hook of helm test: is the Coordinator well, reached through its Services, and in its place? It changes nothing.',
  ],
});
