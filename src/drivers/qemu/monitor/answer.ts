/** Waiting for the answer to one command. */
import { LibvirtError } from "../../../errors.ts";

/** Settings of one call. A call that is given up is not undone: the other side still carries it out. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** Longest wait for the answer in ms, none by default. */
  readonly timeout?: number | undefined;
}

/** An answer that is waited for: settled from outside, or given up by the caller's signal or timeout. */
export interface Awaited<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(error: LibvirtError): void;
}

/**
 * Starts to wait.
 * @param what says in errors what is waited for: "answer to QEMU command 'x'".
 * @param giveUp called when the caller no longer waits, so that the owner can forget this answer.
 */
export function awaitAnswer<T>(what: string, options: CallOptions, giveUp: () => void): Awaited<T> {
  const { signal, timeout } = options;
  let timer: NodeJS.Timeout | undefined;
  let resolve!: (value: T) => void;
  let reject!: (error: LibvirtError) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  const abort = () => {
    giveUp();
    settle(() => reject(aborted(what, signal?.reason)));
  };
  const settle = (finish: () => void) => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
    finish();
  };
  signal?.addEventListener("abort", abort);
  if (timeout !== undefined) {
    timer = setTimeout(() => {
      giveUp();
      settle(() => reject(new LibvirtError("OPERATION_TIMEOUT", "QEMU", `no ${what} within ${timeout} ms`)));
    }, timeout);
  }
  return {
    promise,
    resolve: (value) => settle(() => resolve(value)),
    reject: (error) => settle(() => reject(error)),
  };
}

/** The error for a call that its caller no longer wants. */
export function aborted(what: string, cause: unknown): LibvirtError {
  return new LibvirtError("OPERATION_ABORTED", "QEMU", `no longer waiting for ${what}`, { cause });
}
