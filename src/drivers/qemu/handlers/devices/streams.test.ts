import assert from "node:assert/strict";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { skipWithoutQemu } from "../../../../../test/helpers/qemu.ts";
import { testRoot } from "../../../../../test/helpers/qemu-driver.ts";
import { writeTinyGuest } from "../../../../../test/helpers/tiny-guest.ts";
import { isLibvirtError } from "../../../../errors.ts";
import type { StreamEnd } from "../../../../rpc/stream.ts";
import { streamPair } from "../../../../rpc/stream.ts";

const skip = skipWithoutQemu;

/** A guest with a screen and a serial port on which it says "tick" every second. */
async function startGuest(t: TestContext) {
  const { folder, root, open } = await testRoot(t);
  const image = join(folder, "tiny.img");
  await writeTinyGuest(image);
  const xml =
    "<domain type='qemu'><name>seen</name><memory unit='MiB'>32</memory>" +
    "<os><type arch='x86_64' machine='pc'>hvm</type></os><features><acpi/></features>" +
    `<devices><disk type='file'><driver name='qemu' type='raw'/><source file='${image}'/><target dev='vda' bus='virtio'/></disk>` +
    "<serial type='pty'/><channel type='unix'><target type='virtio' name='org.example.0'/></channel>" +
    "<video><model type='vga'/></video><controller type='usb' model='none'/><memballoon model='none'/></devices></domain>";
  const router = await open();
  const { dom } = await router.call("domainCreateXml", { xmlDesc: xml, flags: 0 });
  return { router, root, dom, xml };
}

/** Reads until the text has come. */
async function until(stream: StreamEnd, text: string): Promise<void> {
  let heard = "";
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    heard += Buffer.from(chunk as Uint8Array).toString("latin1");
    if (heard.includes(text)) return;
  }
  assert.fail(`the stream ended after '${heard}'`);
}

test("a screenshot is a picture, and leaves no file behind", { skip }, async (t) => {
  const { router, root, dom } = await startGuest(t);
  const [mine, stream] = streamPair();
  const { mime } = await router.call("domainScreenshot", { dom, screen: 0, flags: 0 }, { stream });
  const chunks: Buffer[] = [];
  for await (const chunk of mine) chunks.push(Buffer.from(chunk as Uint8Array));
  const picture = Buffer.concat(chunks);
  // PNG where this QEMU can, else what every QEMU writes. Both end where the picture says.
  if (mime === "image/png") {
    assert.equal(picture.toString("latin1", 1, 4), "PNG");
    assert.equal(picture.toString("latin1", picture.length - 8, picture.length - 4), "IEND");
  } else {
    const [, width, height] = /^P6\n(\d+) (\d+)\n255\n/.exec(picture.toString("latin1", 0, 20)) ?? [];
    const pixels = Number(width) * Number(height) * 3;
    assert.ok(pixels > 0);
    assert.equal(picture.length, `P6\n${width} ${height}\n255\n`.length + pixels);
  }
  const [, another] = streamPair();
  const second = async () => router.call("domainScreenshot", { dom, screen: 1, flags: 0 }, { stream: another });
  await assert.rejects(second, /no such screen/);
  const [folder = ""] = await readdir(join(root, "qemu", "run"));
  const files = await readdir(join(root, "qemu", "run", folder));
  assert.deepEqual(
    files.filter((name) => name.startsWith("written")),
    [],
  );
});

test("a guest's memory is read", { skip }, async (t) => {
  const { router, dom } = await startGuest(t);
  await router.call("domainSuspend", { dom });
  // Processors begin with the jump at the end of the first four gigabytes.
  const { buffer } = await router.call("domainMemoryPeek", { dom, offset: 0xfffffff0n, size: 16, flags: 2 });
  assert.equal(buffer.length, 16);
  assert.equal(buffer[0], 0xea);
  await assert.rejects(
    async () => router.call("domainMemoryPeek", { dom, offset: 0n, size: 1, flags: 3 }),
    /VIR_MEMORY/,
  );
});

test("a console has one user at a time", { skip }, async (t) => {
  const { router, dom, xml } = await startGuest(t);
  const [mine, stream] = streamPair();
  await router.call("domainOpenConsole", { dom, devName: null, flags: 0 }, { stream });
  await until(mine, "tick");
  const [theirs, second] = streamPair();
  await assert.rejects(
    async () => router.call("domainOpenConsole", { dom, devName: "serial0", flags: 0 }, { stream: second }),
    (error) => isLibvirtError(error, "OPERATION_FAILED") && /Active console session/.test(error.message),
  );
  const lost = once(mine, "error");
  await router.call("domainOpenConsole", { dom, devName: null, flags: 1 }, { stream: second });
  await lost;
  await until(theirs, "tick");
  theirs.end();
  await once(theirs.resume(), "end");
  const [again, third] = streamPair();
  await router.call("domainOpenConsole", { dom, devName: null, flags: 0 }, { stream: third });
  await until(again, "tick");
  // The stream ends with the guest.
  await router.call("domainDestroy", { dom });
  // The next run is another console, though nobody has read the old one to its end.
  const run = await router.call("domainCreateXml", { xmlDesc: xml, flags: 0 });
  const [next, fourth] = streamPair();
  await router.call("domainOpenConsole", { dom: run.dom, devName: null, flags: 0 }, { stream: fourth });
  await until(next, "tick");
  await once(again.resume(), "end");
});

test("a channel is found by the guest's name for it", { skip }, async (t) => {
  const { router, dom } = await startGuest(t);
  const [mine, stream] = streamPair();
  await router.call("domainOpenChannel", { dom, name: "org.example.0", flags: 0 }, { stream });
  mine.end();
  await once(mine.resume(), "end");
  const [, second] = streamPair();
  const unknown = async () => router.call("domainOpenChannel", { dom, name: "nope", flags: 0 }, { stream: second });
  await assert.rejects(unknown, /cannot find channel 'nope'/);
});

test("keys and signals reach QEMU", { skip }, async (t) => {
  const { router, dom } = await startGuest(t);
  await router.call("domainSendKey", { dom, codeset: 0, holdtime: 10, keycodes: [29, 56, 111], flags: 0 });
  const wrong = async () => router.call("domainSendKey", { dom, codeset: 0, holdtime: 0, keycodes: [84], flags: 0 });
  await assert.rejects(wrong, /cannot translate keycode 84 of linux codeset/);
  await router.call("domainInjectNmi", { dom, flags: 0 });
  await router.call("domainStartDirtyRateCalc", { dom, seconds: 1, flags: 0 });
  const statusNow = async () => {
    const { retStats } = await router.call("connectGetAllDomainStats", { doms: [dom], stats: 512, flags: 0 });
    return retStats[0]?.params.find(({ field }) => field === "dirtyrate.calc_status")?.value.value;
  };
  // QEMU measures in a thread of its own, which may begin long after the command was answered, and tells nobody.
  let status = await statusNow();
  while (status === 0) {
    // The answers come from memory: what QEMU says gets its turn between them.
    await setImmediate();
    status = await statusNow();
  }
  assert.ok(status === 1 || status === 2, `measuring or measured, not ${String(status)}`);
});
