import { getHeapStatistics, setFlagsFromString } from 'node:v8';

/** A hook keeps 14 MiB of objects; collecting after each 2 MiB costs it less than a second for a thousand Marbles. */
const garbageBytes = 2 * 1024 * 1024;
const lookMilliseconds = 20;

/** V8's compilers beyond its interpreter: the flags that turn them on. */
export type Compiler = 'opt' | 'maglev' | 'sparkplug';

/**
 * Does without faster code for the rest of the process: a process that waits for answers gains nothing by it, and it takes
 * 10 MiB in a roll of a thousand Marbles, 20 MiB within days (measured with Node 24.21).
 */
export function withoutCompilers(...compilers: readonly Compiler[]): void {
  for (const compiler of compilers) setFlagsFromString(`--no-${compiler}`);
}

/**
 * Collects garbage early for the rest of the process, where Node lets it (`--expose-gc`, which the chart gives the hooks).
 * V8 leaves the old generation alone until it is three times what a hook keeps (45 MiB with Node 24.21), so that memory
 * would grow with the pages of a long list.
 */
export function collectEarly(): void {
  const { gc } = globalThis;
  if (gc === undefined) return;
  // Not process.memoryUsage(), which asks the system for the resident memory each time.
  const used = (): number => getHeapStatistics().used_heap_size;
  let kept = used();
  setInterval(() => {
    if (used() < kept + garbageBytes) return;
    gc();
    kept = used();
  }, lookMilliseconds).unref();
}
