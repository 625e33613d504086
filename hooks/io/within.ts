/**
 * Does some work with a signal that ends it after a time, or when `signal` does. Nothing of it stays on `signal`, which may
 * live as long as the process.
 */
export async function within<T>(
  milliseconds: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const bounded = new AbortController();
  const stop = () => {
    bounded.abort(signal.reason);
  };
  const timer = setTimeout(() => {
    bounded.abort(new DOMException('the time is up', 'TimeoutError'));
  }, milliseconds);
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    return await work(bounded.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}
