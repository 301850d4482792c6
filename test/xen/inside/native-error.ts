import { NativeError } from "../../../src/host/native/index.ts";

/** Whether a system call failed so. */
export function isNativeError(error: unknown, code: string): boolean {
  return error instanceof NativeError && error.code === code;
}
