/** Errors of the storage driver. */
import { type ErrorName, LibvirtError } from "../../errors.ts";

export function failure(code: ErrorName, detail: string): LibvirtError {
  return new LibvirtError(code, "STORAGE", detail);
}
