import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { promisify } from "node:util";
import { guestWith } from "../../../../../test/helpers/device-parts.ts";
import { temporaryFolder } from "../../../../../test/helpers/qemu.ts";
import { isLibvirtError } from "../../../../errors.ts";
import { completeChains } from "./chains.ts";

const skip = spawnSync("qemu-img", ["--version"]).status === 0 ? false : "qemu-img is not installed";

/** The backing stores of a disk whose image says that it lies on another. */
async function chainOn(t: TestContext, reference: string) {
  const folder = await temporaryFolder(t);
  const make = async (path: string, backing: string, named: string) => {
    const args = ["create", "-q", "-u", "-f", "qcow2", "-b", backing, "-F", named, path, "1M"];
    await promisify(execFile)("qemu-img", args);
    return path;
  };
  const middle = await make(join(folder, "middle"), reference, "raw");
  const top = await make(join(folder, "top"), middle, "qcow2");
  const source = `<driver name='qemu' type='qcow2'/><source file='${top}'/><target dev='vda' bus='virtio'/>`;
  const domain = guestWith(`<disk type='file' device='disk'>${source}</disk>`);
  await completeChains(domain);
  return domain.devices.disks[0]?.backingStore?.backingStore;
}

describe("chains of images", { skip }, () => {
  test("the lowest image may be on a server, and what lies below it is left to the emulator", async (t) => {
    const lowest = await chainOn(t, "nbd://example.org/export");
    assert.equal(lowest?.format?.type, "raw");
    assert.equal(lowest?.storage?.type === "network" && lowest.storage.source?.name, "export");
    assert.equal(lowest?.backingStore, undefined);
  });

  test("an image that needs a password must be said in the definition", async (t) => {
    await assert.rejects(
      () => chainOn(t, "iscsi://me:word@example.org/iqn.x:y/1"),
      (error) => isLibvirtError(error) && /<backingStore>/.test(error.message) && !/word@/.test(error.message),
    );
  });
});
