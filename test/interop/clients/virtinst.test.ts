/** virt-install, virt-xml and virt-clone on tsvirtd. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { runClient } from "../../helpers/tsvirtd.ts";
import { startHousehold } from "./guest.ts";

const skip = spawnSync("virt-install", ["--version"]).status === 0 ? false : "virtinst is not installed";

test("a guest is installed, edited and copied with the programs of virtinst", { skip }, async (t) => {
  const { daemon, image, qemu } = await startHousehold(t);
  // They keep a log in the caller's home.
  const run = async (program: string, args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await runClient(program, ["--connect", qemu, ...args], { HOME: daemon.root });
    assert.equal(code, 0, `${program}: ${stdout}${stderr}`);
    return stdout;
  };
  const virsh = async (command: string): Promise<string> => (await daemon.virsh([command], qemu)).stdout;

  const hardware = ["--virt-type", "qemu", "--memory", "64", "--osinfo", "linux2020", "--network", "none"];
  const own = join(daemon.root, "installed.img");
  await copyFile(image, own);
  const disk = ["--disk", `path=${own},format=raw`, "--import"];
  await run("virt-install", ["--name", "installed", ...hardware, ...disk, "--graphics", "vnc", "--noautoconsole"]);
  assert.match(await virsh("list"), / installed +running/);
  assert.match(await virsh("vncdisplay installed"), /127\.0\.0\.1:\d+/);

  await run("virt-xml", ["installed", "--edit", "--metadata", "title=by virt-xml", "--define"]);
  assert.match(await virsh("dumpxml installed --inactive"), /<title>by virt-xml<\/title>/);
  await run("virt-xml", [
    "installed",
    "--add-device",
    "--channel",
    "unix,target.type=virtio,name=org.test",
    "--define",
  ]);
  assert.match(await virsh("dumpxml installed --inactive"), /<target type='virtio' name='org\.test'\/>/);

  await virsh("destroy installed");
  const copy = join(daemon.root, "copy.img");
  await run("virt-clone", ["--original", "installed", "--name", "copied", "--file", copy]);
  assert.match(await virsh("domblklist copied"), new RegExp(`${copy}`));
  assert.match(await virsh("list --all"), / copied +shut off/);
  await run("virt-install", [
    "--name",
    "fresh",
    ...hardware,
    "--disk",
    `path=${join(daemon.root, "fresh.qcow2")},size=1`,
    "--import",
    "--noautoconsole",
  ]);
  assert.match(await virsh("domblkinfo fresh vda"), /Capacity: +1073741824/);
  await virsh("destroy fresh; undefine fresh; undefine copied; undefine installed");
});
