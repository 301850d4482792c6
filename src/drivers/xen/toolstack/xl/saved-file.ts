/** What a file that `xl save` wrote says of its domain. */
import { open } from "node:fs/promises";
import { LibvirtError, systemError } from "../../../../errors.ts";

/** xl begins its files with this line. */
const beginning = "Xen saved domain, xl format\n";
/** The configuration stands at the beginning: more than this it never needs. */
const maxHead = 256 * 1024;

/**
 * The UUID of the domain that was saved.
 * @throws {LibvirtError} SYSTEM_ERROR when the file cannot be read, OPERATION_FAILED when it is no such file
 */
export async function savedUuid(path: string): Promise<string> {
  const head = await headOf(path).catch((error) => {
    throw systemError("LIBXL", `cannot read '${path}'`, error);
  });
  const uuid = /"uuid":\s*"([0-9a-f-]{36})"/.exec(head)?.[1];
  if (!head.startsWith(beginning) || uuid === undefined) {
    throw new LibvirtError("OPERATION_FAILED", "LIBXL", `'${path}' is not a domain that xl saved`);
  }
  return uuid;
}

async function headOf(path: string): Promise<string> {
  const file = await open(path, "r");
  try {
    const buffer = Buffer.alloc(maxHead);
    const { bytesRead } = await file.read(buffer, 0, maxHead, 0);
    return buffer.toString("latin1", 0, bytesRead);
  } finally {
    await file.close();
  }
}
