/** Pools on mounted file systems. Everything happens in a mount namespace of its own, in a second run of this file. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { openComposed } from "../../../test/helpers/composed.ts";

const inside = process.env.TSVIRT_TEST_MOUNTS !== undefined;

const works = (command: string, ...args: string[]) => spawnSync(command, args, { stdio: "ignore" }).status === 0;

function reasonToSkip(): string | false {
  if (process.geteuid?.() !== 0) return "mounting needs root";
  if (!works("mkfs.ext4", "-V")) return "mkfs.ext4 is not installed";
  if (!works("losetup", "-f")) return "there are no loop devices";
  return works("unshare", "--mount", "true") ? false : "no mount namespace can be made";
}

async function scenario(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "tsvirt-mounted-"));
  const image = join(folder, "device");
  const target = join(folder, "mnt");
  try {
    await writeFile(image, "");
    await truncate(image, 20 * 1024 * 1024);
    const source = `<source><device path='${image}'/><format type='ext4'/></source>`;
    const xml = `<pool type='fs'><name>fs</name>${source}<target><path>${target}</path></target></pool>`;
    const open = () => openComposed(join(folder, "root"));
    const router = await open();
    const { pool } = await router.call("storagePoolDefineXml", { xml, flags: 0 });
    const build = async () => router.call("storagePoolBuild", { pool, flags: 4 });
    await build();
    await assert.rejects(build(), /is already 'ext4', overwrite required to proceed/);
    await router.call("storagePoolCreate", { pool, flags: 0 });
    const { capacity } = await router.call("storagePoolGetInfo", { pool });
    assert.ok(capacity < 20n * 1024n * 1024n);
    const volume = "<volume><name>v</name><capacity>1048576</capacity></volume>";
    await router.call("storageVolCreateXml", { pool, xml: volume, flags: 0 });
    await router.close();
    const again = await open();
    assert.deepEqual(await again.call("storagePoolListVolumes", { pool, maxnames: 9 }), { names: ["lost+found", "v"] });
    const mounts = () => readFile("/proc/self/mounts", "utf8");
    assert.match(await mounts(), new RegExp(` ${target} ext4 [^ ]*nosuid,nodev,noexec`));
    await again.call("storagePoolDestroy", { pool });
    assert.ok(!(await mounts()).includes(target));
    await again.call("storagePoolDelete", { pool, flags: 0 });
    await again.call("storagePoolUndefine", { pool });
    await again.close();
  } finally {
    spawnSync("umount", [target], { stdio: "ignore" });
    await rm(folder, { recursive: true, force: true });
  }
}

if (inside) await scenario();
else {
  test("a pool mounts its file system, finds it mounted, and takes it away", { skip: reasonToSkip() }, () => {
    const argv = [...process.execArgv.filter((word) => word !== "--test"), fileURLToPath(import.meta.url)];
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    execFileSync("unshare", ["--mount", "--propagation", "private", process.execPath, ...argv], {
      env: { ...env, TSVIRT_TEST_MOUNTS: "1" },
      stdio: "pipe",
    });
  });
}
