/** What drivers may not have. */
import { type ErrorName, isLibvirtError } from "../../errors.ts";

/** What a call answers, or undefined when the driver does not have it (or fails in another way that is expected). */
export async function unlessUnsupported<T>(call: Promise<T>, ...expected: ErrorName[]): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isLibvirtError(error, "NO_SUPPORT", ...expected)) return undefined;
    throw error;
  }
}
