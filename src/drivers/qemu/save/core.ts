/** Cores of guests: the memory alone, or all that QEMU would migrate. */
import { open } from "node:fs/promises";
import { LibvirtError } from "../../../errors.ts";
import {
  DomainCoreDumpFlags,
  DomainCoreDumpFormat,
  DomainEventStoppedDetailType,
  DomainJobOperation,
  DomainPausedReason,
  DomainRunningReason,
  DomainShutoffReason,
} from "../../../protocol/index.ts";
import type { QemuDomain } from "../domain/domain.ts";
import type { QemuHost } from "../host.ts";
import type { DumpFormat } from "../monitor/commands/memory.ts";
import { systemReset } from "../monitor/commands/run-state.ts";
import { dumpMemory } from "../run/dump.ts";
import { end } from "../run/power.ts";
import { pause } from "./save.ts";
import { writeState } from "./stream.ts";
import { stateSink, usableFormat } from "./way.ts";
import { writeForGuest } from "./written.ts";

const { CRASH, LIVE, RESET, MEMORY_ONLY, BYPASS_CACHE } = DomainCoreDumpFlags;

const formats: ReadonlyMap<number, DumpFormat> = new Map([
  [DomainCoreDumpFormat.RAW, "elf"],
  [DomainCoreDumpFormat.KDUMP_ZLIB, "kdump-zlib"],
  [DomainCoreDumpFormat.KDUMP_LZO, "kdump-lzo"],
  [DomainCoreDumpFormat.KDUMP_SNAPPY, "kdump-snappy"],
  [DomainCoreDumpFormat.WIN_DMP, "win-dmp"],
]);

/** Writes a core, and does with the guest afterwards what the flags say. */
export async function dumpCore(
  host: QemuHost,
  domain: QemuDomain,
  path: string,
  dumpformat: number,
  flags: number,
  signal: AbortSignal,
): Promise<void> {
  const live = domain.running();
  const format = formats.get(dumpformat);
  if (format === undefined) throw new LibvirtError("INVALID_ARG", "QEMU", `unknown dumpformat '${dumpformat}'`);
  if ((flags & MEMORY_ONLY) === 0 && dumpformat !== DomainCoreDumpFormat.RAW) {
    throw new LibvirtError(
      "OPERATION_INVALID",
      "QEMU",
      "kdump-compressed format is only supported with memory-only dump",
    );
  }
  if ((flags & MEMORY_ONLY) !== 0 && (flags & BYPASS_CACHE) !== 0) {
    // QEMU writes that one itself, and knows nothing of it.
    throw new LibvirtError("ARGUMENT_UNSUPPORTED", "QEMU", "a memory-only dump cannot bypass the host's cache");
  }
  const resume = (flags & LIVE) !== 0 ? null : await pause(live, DomainPausedReason.DUMP);
  try {
    if ((flags & MEMORY_ONLY) !== 0) await dumpMemory(host, domain, path, format, signal);
    else await dumpState(host, domain, path, (flags & BYPASS_CACHE) !== 0, signal);
    if ((flags & CRASH) !== 0) {
      await end(live, { reason: DomainShutoffReason.CRASHED, detail: DomainEventStoppedDetailType.CRASHED });
      return;
    }
    if ((flags & RESET) !== 0) await systemReset(live.monitor);
  } finally {
    if (live.monitor.isOpen) await resume?.(DomainRunningReason.UNPAUSED);
  }
}

async function dumpState(
  host: QemuHost,
  domain: QemuDomain,
  path: string,
  bypassCache: boolean,
  signal: AbortSignal,
): Promise<void> {
  const live = domain.running();
  // A core is wanted in any case: where it cannot be compressed, it is not.
  const format = await usableFormat(host.settings.values.dump_image_format, "dump").catch((error) => {
    process.emitWarning(String(error), "TsvirtWarning");
    return "raw" as const;
  });
  return writeForGuest(host, domain, path, async (temporary) => {
    const file = await open(temporary, "wx", 0o600);
    try {
      const { identity } = host.settings;
      const sink = stateSink({ file, temporary, path }, null, { format, bypassCache });
      await writeState(live, DomainJobOperation.DUMP, sink, { identity, signal });
      await file.sync();
    } finally {
      await file.close();
    }
  });
}
