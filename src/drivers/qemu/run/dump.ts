/** Dumps of a guest's memory, written by QEMU itself. */
import { chown, open } from "node:fs/promises";
import { LibvirtError } from "../../../errors.ts";
import type { QemuDomain } from "../domain/domain.ts";
import type { QemuHost } from "../host.ts";
import { type DumpFormat, dumpGuestMemory } from "../monitor/commands/memory.ts";
import { eventShapes } from "../monitor/events.ts";
import { writeForGuest } from "../save/written.ts";

/** Writes the guest's memory to a file, which is whole when the promise resolves and not there when it fails. */
export async function dumpMemory(
  host: QemuHost,
  domain: QemuDomain,
  path: string,
  format: DumpFormat,
  signal?: AbortSignal,
): Promise<void> {
  const { monitor } = domain.running();
  await writeForGuest(host, domain, path, async (temporary) => {
    const file = await open(temporary, "wx", 0o600);
    try {
      // QEMU opens it by its path, and may run as somebody else.
      const { identity } = host.settings;
      if (identity) await chown(temporary, identity.uid, identity.gid);
      const done = monitor.waitFor(({ name }) => name === "DUMP_COMPLETED", "the end of the dump", { signal });
      done.catch(() => {});
      await dumpGuestMemory(monitor, `file:${temporary}`, format);
      const { error } = eventShapes.DUMP_COMPLETED((await done).data, "DUMP_COMPLETED");
      if (error !== undefined) throw new LibvirtError("OPERATION_FAILED", "QEMU", `memory-only dump failed: ${error}`);
      if (identity) await chown(temporary, process.geteuid?.() ?? 0, process.getegid?.() ?? 0);
      await file.sync();
    } finally {
      await file.close();
    }
  });
}
