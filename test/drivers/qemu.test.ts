/** The suite against the QEMU driver, with real guests. */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { openComposed } from "../helpers/composed.ts";
import { skipWithoutQemu } from "../helpers/qemu.ts";
import { describeDriver } from "./suite/all.ts";
import { qemuSubject } from "./suite/qemu-subject.ts";

if (skipWithoutQemu) {
  console.log(`# skipped: ${skipWithoutQemu}`);
} else {
  const folder = await mkdtemp(join(tmpdir(), "tsvirt-suite-"));
  await chmod(folder, 0o711);
  after(() => rm(folder, { recursive: true }));
  describeDriver({
    ...qemuSubject(folder),
    name: "qemu",
    open: (options) => openComposed(join(folder, "root"), options),
  });
}
