/** Files with firmware's variables: made of a template at a guest's first start. */
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { LibvirtError, systemError } from "../../../../errors.ts";
import { writeDurably } from "../../../../host/durable.ts";
import { exists, makeFolder } from "../../../../host/files.ts";
import type { Domain as Definition } from "../../../../model/domain/index.ts";

/** Makes the file where it is missing, or anew. */
export async function makeNvram({ os }: Definition, reset: boolean): Promise<void> {
  const { nvram } = os;
  if (nvram?.value === undefined || (!reset && (await exists(nvram.value)))) return;
  if (nvram.template === undefined) {
    throw new LibvirtError(
      "OPERATION_INVALID",
      "QEMU",
      `unable to find any master var store for loader: ${os.loader?.value}`,
    );
  }
  const content = await readFile(nvram.template).catch((error) => {
    throw systemError("QEMU", `Failed to open file '${nvram.template}'`, error);
  });
  await makeFolder(dirname(nvram.value), 0o711, "QEMU");
  await writeDurably(nvram.value, content, { domain: "QEMU" });
}
