/** Calling a program's functions from where a failure has nobody to go to. */

/** Calls a program's function; its failure is the program's own, and must not keep others from what they wait for. */
export function callSafely(call: () => void): void {
  try {
    call();
  } catch (fault) {
    queueMicrotask(() => {
      throw fault;
    });
  }
}
