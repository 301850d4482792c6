import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { skipWithout } from "../../../test/helpers/namespaces.ts";

/**
 * A program by itself, for nothing but what it waits for may keep it: it registers twice at once, makes a network
 * interface, and hears of it.
 */
const program = (api: string, uri: string) => `
import { execFileSync } from "node:child_process";
import { open } from "${api}";
const conn = await open("${uri}");
const events = conn.events({ types: ["nodeDeviceLifecycle"] });
const others = conn.events({ types: ["nodeDeviceLifecycle"] });
await Promise.all([events.ready, others.ready]);
execFileSync("ip", ["link", "add", "watched0", "type", "bridge"]);
for (const stream of [events, others]) {
  for await (const { device, event } of stream) {
    if (!device.name().startsWith("net_watched0")) continue;
    console.log(device.name().replace(/(_[0-9a-f]{2}){6}$/, ""), event);
    break;
  }
}
await conn.close();
`;

function without(): string | false {
  if (process.getuid?.() !== 0) return "a network of its own needs root";
  return skipWithout("unshare", "ip", "udevadm");
}

test("a device that comes is told to everybody who registered before", { skip: without() }, async (t) => {
  const root = await mkdtemp(join(tmpdir(), "tsvirt-watch-"));
  t.after(() => rm(root, { recursive: true, force: true }));
  const api = new URL("../../api/index.js", import.meta.url).href;
  const script = 'mount --make-rprivate / && mount -t sysfs sysfs /sys && exec "$@"';
  const node = [process.execPath, "--input-type=module", "-e", program(api, `qemu:///embed?root=${root}`)];
  const words = ["--net", "--mount", "sh", "-c", script, "sh", ...node];
  const { stdout } = await promisify(execFile)("unshare", words, { timeout: 60_000 });
  assert.equal(stdout, "net_watched0 created\n".repeat(2));
});
