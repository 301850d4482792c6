/** Errors of the QEMU driver about a definition. */
import { type ErrorName, LibvirtError } from "../../../errors.ts";

export function refuse(code: ErrorName, detail: string): never {
  throw new LibvirtError(code, "QEMU", detail);
}

/** The document contradicts itself or lacks something. */
export function malformed(detail: string): never {
  return refuse("XML_ERROR", detail);
}

/** Well-formed, but QEMU, or this QEMU, cannot run it. */
export function unsupported(detail: string): never {
  return refuse("CONFIG_UNSUPPORTED", detail);
}
