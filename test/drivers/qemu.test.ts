/** The suite against the QEMU driver, with real guests. */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { openComposed } from "../helpers/composed.ts";
import { skipWithoutQemu } from "../helpers/qemu.ts";
import { guestXml } from "../helpers/qemu-driver.ts";
import { describeDomains } from "./suite/domains.ts";
import { describeSecrets } from "./suite/secrets.ts";
import { describeStorage, type StorageSubject } from "./suite/storage.ts";
import type { Feature } from "./suite/subject.ts";

const features: readonly Feature[] = ["transient", "managed-save", "save", "rename", "storage", "secrets"];

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

if (skipWithoutQemu) {
  console.log(`# skipped: ${skipWithoutQemu}`);
} else {
  const folder = await mkdtemp(join(tmpdir(), "tsvirt-suite-"));
  await chmod(folder, 0o711);
  after(() => rm(folder, { recursive: true }));
  const subject: StorageSubject = {
    name: "qemu",
    features: new Set(features),
    open: (options) => openComposed(join(folder, "root"), options),
    common,
    domainXml: (name, extra = "") => guestXml(name, extra),
    poolXml: (name) =>
      `<pool type='dir'><name>${name}</name><target><path>${join(folder, "pools", name)}</path></target></pool>`,
  };
  describeDomains(subject);
  describeStorage(subject);
  describeSecrets(subject);
}
