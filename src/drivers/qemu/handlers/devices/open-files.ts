/** What handlers need that take or give open files. */
import type { Descriptors } from "../../../../driver/handler.ts";
import { LibvirtError } from "../../../../errors.ts";
import { loadNative, type Native } from "../../../../host/native/index.ts";

/** @throws LibvirtError OPERATION_UNSUPPORTED where open files cannot be passed */
export async function nativePart(): Promise<Native> {
  const part = await loadNative();
  if (part.native !== null) return part.native;
  const detail = `file descriptors cannot be passed: the optional native part is missing: ${part.reason}`;
  throw new LibvirtError("OPERATION_UNSUPPORTED", "QEMU", detail);
}

/** The open files of a call that has such. @throws LibvirtError INVALID_ARG */
export function needed(descriptors: Descriptors | undefined, cFunction: string): Descriptors {
  if (descriptors !== undefined) return descriptors;
  throw new LibvirtError("INVALID_ARG", "QEMU", `${cFunction} takes a connection that passes file descriptors`);
}
