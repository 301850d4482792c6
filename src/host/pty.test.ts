import assert from "node:assert/strict";
import { once } from "node:events";
import { readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { test } from "node:test";
import { skipWithoutQemu, startQemu, temporaryFolder } from "../../test/helpers/qemu.ts";
import { writeTinyGuest } from "../../test/helpers/tiny-guest.ts";
import { queryChardev } from "../drivers/qemu/monitor/commands/device.ts";
import { cont } from "../drivers/qemu/monitor/commands/run-state.ts";
import type { QmpMonitor } from "../drivers/qemu/monitor/qmp.ts";
import { openTerminal } from "./pty.ts";

async function readUntil(stream: Duplex, wanted: string): Promise<string> {
  let text = "";
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    text += String(chunk);
    if (text.includes(wanted)) return text;
  }
  return text;
}

async function serialPath(monitor: QmpMonitor): Promise<string> {
  const serial = (await queryChardev(monitor)).find((chardev) => chardev.label === "serial0");
  return serial?.filename.replace("pty:", "") ?? "";
}

/** Our descriptors of a file. */
async function openDescriptors(path: string): Promise<string[]> {
  const all = await readdir("/proc/self/fd");
  const targets = await Promise.all(all.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => "")));
  return targets.filter((target) => target === path);
}

test("a guest's serial port as a stream", { skip: skipWithoutQemu, timeout: 180_000 }, async (t) => {
  const image = join(await temporaryFolder(t), "guest.img");
  await writeTinyGuest(image);
  const drive = ["-drive", `file=${image},format=raw,if=ide`];
  const { monitor, child, exited } = await startQemu(t, [...drive, "-serial", "pty"]);
  const path = await serialPath(monitor);

  const first = await openTerminal(path, "QEMU");
  await cont(monitor);
  assert.match(await readUntil(first, "READY\r\n"), /TINY GUEST READY\r\n/);
  // More than the terminal holds, to a guest that never reads: we go on all the same, or would wait for ever.
  const flood = Buffer.alloc(1024 * 1024, "x");
  assert.equal(
    first.write(flood, () => {}),
    false,
  );
  assert.match(await readUntil(first, "tick\r\n"), /tick/);
  first.on("error", () => {});
  first.destroy();

  await once(first, "close");
  assert.deepEqual(await openDescriptors(path), []);

  const second = await openTerminal(path, "QEMU");
  assert.match(await readUntil(second, "tick\r\n"), /tick/);
  const ended = once(second, "end");
  second.resume();
  child.kill("SIGKILL");
  await Promise.all([ended, exited]);
});

test("the emulator's end is the end of the stream, whichever way the kernel tells it", {
  skip: skipWithoutQemu,
}, async (t) => {
  const { monitor } = await startQemu(t, ["-serial", "pty"]);
  const stream = await openTerminal(await serialPath(monitor), "QEMU");
  const ended = once(stream.resume(), "end");
  const closed = once(stream, "close");
  // What a read fails with between the other side's end and the terminal's own.
  stream.destroy(Object.assign(new Error("read EIO"), { code: "EIO", syscall: "read" }));
  await Promise.all([ended, closed]);
});

test("only terminals are opened", async () => {
  for (const path of ["/etc/passwd", "/dev/pts/../null", "/dev/pts/", "pts/1", ""]) {
    await assert.rejects(openTerminal(path, "QEMU"), /is no terminal/);
  }
  await assert.rejects(openTerminal("/dev/pts/4294967", "QEMU"), /cannot open terminal .*: No such file or directory/);
});
