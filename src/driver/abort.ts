/** Listening to a signal that many calls share. */

const waiting = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls `callback` when the signal fires, which it has not yet. A program may give one signal to as many calls as it likes:
 * the signal has one listener for all of them, for Node takes more than ten for a leak, and says so.
 * @returns what takes it back
 */
export function whenAborted(signal: AbortSignal, callback: () => void): () => void {
  const callbacks = waiting.get(signal) ?? listenTo(signal);
  callbacks.add(callback);
  return () => void callbacks.delete(callback);
}

function listenTo(signal: AbortSignal): Set<() => void> {
  const callbacks = new Set<() => void>();
  waiting.set(signal, callbacks);
  const onAbort = () => {
    waiting.delete(signal);
    for (const callback of callbacks) callback();
  };
  signal.addEventListener("abort", onAbort, { once: true });
  return callbacks;
}
