/** The errors that completing and checking a domain end in. */
import { type ErrorName, LibvirtError } from "../../errors.ts";

export function refuse(code: ErrorName, detail: string): never {
  throw new LibvirtError(code, "DOMAIN", detail);
}

/** The document contradicts itself or lacks something. */
export function malformed(detail: string): never {
  return refuse("XML_ERROR", detail);
}

/** Well-formed, but nothing that can be run. */
export function unsupported(detail: string): never {
  return refuse("CONFIG_UNSUPPORTED", detail);
}

/** What libvirt reports under "internal error" although the document is to blame. */
export function broken(detail: string): never {
  return refuse("INTERNAL_ERROR", detail);
}
