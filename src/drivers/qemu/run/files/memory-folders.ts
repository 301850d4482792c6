/** Folders outside of a run's own that hold the guest's memory. */
import { rm } from "node:fs/promises";
import type { Domain as Definition } from "../../../../model/domain/index.ts";
import type { QemuHost } from "../../host.ts";
import { backingFolder, hugepageFolder } from "../../launch/memory/backend.ts";
import { settingsFor } from "../host/facts.ts";

/** Removes what a run has left there: QEMU keeps files that it was told the name of. */
export async function removeMemory(host: QemuHost, definition: Definition, folder: string): Promise<void> {
  if (!isSpecial(definition)) return;
  const settings = await settingsFor(host, definition);
  const run = { folder, settings };
  const folders = [backingFolder(run), ...settings.hugepageMounts.map((mount) => hugepageFolder(mount, run))];
  for (const path of folders) await rm(path, { recursive: true, force: true });
}

/** Whether the guest's memory may be something else than what QEMU takes by itself. */
const isSpecial = ({ memoryBacking, cpu, devices }: Definition): boolean =>
  memoryBacking !== undefined || cpu?.numa !== undefined || devices.memories.length > 0;
