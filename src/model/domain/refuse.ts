/** The errors that completing and checking a domain end in. */
import { type ErrorName, LibvirtError } from "../../errors.ts";

export function refuse(code: ErrorName, detail: string): never {
  throw new LibvirtError(code, "DOMAIN", detail);
}

/** The document contradicts itself or lacks something. */
export function malformed(detail: string): never {
  return refuse("XML_ERROR", detail);
}

/** The same as libvirt's older checks report it: without "XML error". */
export function malformedDetail(detail: string): never {
  return refuse("XML_DETAIL", detail);
}

/** A value that the document's own reader would have refused. */
export function invalidValue(detail: string): never {
  throw new LibvirtError("XML_ERROR", "XML", detail);
}

/** Well-formed, but nothing that can be run. */
export function unsupported(detail: string): never {
  return refuse("CONFIG_UNSUPPORTED", detail);
}

/** What libvirt reports under "internal error" although the document is to blame. */
export function broken(detail: string): never {
  return refuse("INTERNAL_ERROR", detail);
}
