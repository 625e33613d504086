/**
 * Does some work with a signal that ends it after a time, or when `signal` does. Nothing of it stays on `signal`, which may
 * live as long as the process.
 */
export async function within<T>(
  milliseconds: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { controller, release } = following(signal);
  const timer = setTimeout(() => {
    controller.abort(new DOMException('the time is up', 'TimeoutError'));
  }, milliseconds);
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    release();
  }
}

/** A controller that aborts with `signal` until it is released; unlike AbortSignal.any it leaves nothing on it then. */
export function following(signal: AbortSignal): { controller: AbortController; release: () => void } {
  const controller = new AbortController();
  const stop = () => {
    controller.abort(signal.reason);
  };
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  return {
    controller,
    release: () => {
      signal.removeEventListener('abort', stop);
    },
  };
}
