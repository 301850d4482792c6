/** Gives up waiting for work that is no procedure call, in the same ways as the router does for those. */
import { LibvirtError } from "../../errors.ts";
import type { CallOptions } from "./link.ts";

/**
 * Runs `work` until its caller gives up. What comes of it too late is handed to `undo`.
 * @param what the C function, for messages
 */
export async function within<T>(
  what: string,
  { signal, timeout }: CallOptions,
  work: (signal: AbortSignal | undefined) => Promise<T>,
  undo: (result: T) => Promise<void>,
): Promise<T> {
  if (signal === undefined && timeout === undefined) return work(undefined);
  const control = new AbortController();
  let giveUp: (error: LibvirtError) => void = () => {};
  const givenUp = new Promise<never>((_, reject) => {
    giveUp = (error) => {
      control.abort(error);
      reject(error);
    };
  });
  const onAbort = () =>
    giveUp(new LibvirtError("OPERATION_ABORTED", "NONE", `${what}: the caller gave up`, { cause: signal?.reason }));
  const late = () => giveUp(new LibvirtError("OPERATION_TIMEOUT", "NONE", `${what}: no answer in ${timeout} ms`));
  const timer = timeout === undefined ? undefined : setTimeout(late, timeout);
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    if (signal?.aborted) {
      onAbort();
      return await givenUp;
    }
    const running = work(control.signal);
    running.then((result) => control.signal.aborted && void undo(result).catch(() => {})).catch(() => {});
    return await Promise.race([running, givenUp]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}
