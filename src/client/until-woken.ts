/**
 * Settles when the function that `register` is given was called, or when `signal` aborts; leaves no listener behind.
 * @param register answers what takes it back
 */
export function untilWoken(signal: AbortSignal, register: (wake: () => void) => () => void): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  const { promise, resolve } = Promise.withResolvers<void>();
  const wake = () => resolve();
  const takeBack = register(wake);
  signal.addEventListener('abort', wake, { once: true });
  return promise.finally(() => {
    takeBack();
    signal.removeEventListener('abort', wake);
  });
}
