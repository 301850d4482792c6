/** Gives a caller up who does not want to wait any longer: by signal or by time limit. */
import { LibvirtError } from "../errors.ts";
import { whenAborted } from "./abort.ts";

/** How long and until when a caller is willing to wait. */
export interface WaitOptions {
  /** Gives the call up when it fires: the promise is rejected with OPERATION_ABORTED. */
  readonly signal?: AbortSignal | undefined;
  /** Gives the call up after so many milliseconds: the promise is rejected with OPERATION_TIMEOUT. */
  readonly timeout?: number | undefined;
}

/**
 * Runs `work` until its caller gives up. What comes of it too late is handed to `undo`.
 * @param what the C function, for messages
 */
export async function within<T>(
  what: string,
  { signal, timeout }: WaitOptions,
  work: (signal: AbortSignal | undefined) => Promise<T>,
  undo?: (result: T) => Promise<void>,
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
  const forget = signal && whenAborted(signal, onAbort);
  try {
    if (signal?.aborted) {
      onAbort();
      return await givenUp;
    }
    const running = work(control.signal);
    if (undo) running.then((result) => control.signal.aborted && void undo(result).catch(() => {})).catch(() => {});
    return await Promise.race([running, givenUp]);
  } finally {
    clearTimeout(timer);
    forget?.();
  }
}
