/** The QEMU driver as a subject of the suite, wherever it runs. */
import { join } from "node:path";
import { guestXml } from "../../helpers/qemu-driver.ts";
import type { StorageSubject } from "./storage.ts";

/** What a hypervisor tells on the way: that a guest goes on when it starts, shuts down or pauses when it is ended. */
function common(events: readonly string[]): string[] {
  const [resumed, started, suspended, stopped, shutdown] = [" 4 0", " 2 0", " 3 0", " 5 ", " 6 2"];
  return events.filter((event, index) => {
    if (!event.startsWith("domain ")) return true;
    const next = events[index + 1] ?? "";
    if (event.endsWith(resumed) && next.endsWith(started)) return false;
    if (event.endsWith(suspended) && next.endsWith(" 5 4")) return false;
    return !(event.endsWith(shutdown) && next.includes(stopped));
  });
}

/** @param folder where pools of the suite may lie */
export function qemuSubject(folder: string): Omit<StorageSubject, "name" | "open"> {
  return {
    driver: "qemu",
    features: new Set([
      "transient",
      "managed-save",
      "save",
      "rename",
      "storage",
      "volume-content",
      "volume-resize",
      "start-flags",
      "secrets",
    ]),
    common,
    domainXml: (name, extra = "") => guestXml(name, extra),
    poolXml: (name) =>
      `<pool type='dir'><name>${name}</name><target><path>${join(folder, "pools", name)}</path></target></pool>`,
  };
}
