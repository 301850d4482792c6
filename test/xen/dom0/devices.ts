/** Disks and interfaces of guests, plugged while they run; what passes through them; consoles. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { isHole, streamPair } from "../../../src/rpc/stream.ts";
import { fails } from "../../drivers/suite/subject.ts";
import { watchedXen } from "../inside/open.ts";
import { guestXml } from "../inside/xen-subject.ts";
import { guestUp, xl } from "../inside/xl.ts";

test("a disk and an interface come and go, what passes is counted, and the console talks", async (t) => {
  await using connection = await watchedXen(t);
  const { router, root } = connection;
  const { dom } = await router.call("domainCreateXml", { xmlDesc: guestXml("plugged"), flags: 0 });
  t.after(() => xl("destroy", "plugged").catch(() => {}));
  await guestUp("plugged");

  const image = join(root, "disk.img");
  await writeFile(image, Buffer.alloc(1024 * 1024, "of the disk "));
  const disk = `<disk type='file' device='disk'><source file='${image}'/><target dev='xvdb' bus='xen'/></disk>`;
  await router.call("domainAttachDevice", { dom, xml: disk });
  assert.match(await xl("block-list", "plugged"), /\/51728$/m);
  await fails(() => router.call("domainAttachDevice", { dom, xml: disk }), "OPERATION_FAILED", /already exists/);
  const { xml } = await router.call("domainGetXmlDesc", { dom, flags: 0 });
  assert.match(xml, /<target dev='xvdb' bus='xen'\/>/);

  const card = "<interface type='bridge'><mac address='00:16:3e:01:02:03'/><source bridge='lab'/></interface>";
  await router.call("domainAttachDevice", { dom, xml: card });
  assert.match(await xl("network-list", "plugged"), /00:16:3e:01:02:03/);

  const [mine, stream] = streamPair();
  await router.call("domainOpenConsole", { dom, devName: null, flags: 0 }, { stream });
  const [, refused] = streamPair();
  const again = () => router.call("domainOpenConsole", { dom, devName: null, flags: 0 }, { stream: refused });
  await fails(again, "OPERATION_FAILED", /Active console session/);
  let heard = "";
  mine.on("data", (chunk) => {
    if (!isHole(chunk)) heard += Buffer.from(chunk).toString();
  });
  mine.write(Buffer.from("read xvdb\n"));
  while (!/xvdb holds of the disk/.test(heard)) await once(mine, "data", { signal: AbortSignal.timeout(60_000) });
  mine.end();

  const { rdReq, rdBytes } = await router.call("domainBlockStats", { dom, path: "xvdb" });
  assert.ok(rdReq > 0n && rdBytes > 0n, `${rdReq} requests, ${rdBytes} bytes`);
  const stats = await router.call("domainInterfaceStats", { dom, device: "00:16:3e:01:02:03" });
  assert.ok(stats.rxBytes >= 0n);

  await router.call("domainDetachDevice", { dom, xml: disk });
  await router.call("domainDetachDevice", { dom, xml: card });
  assert.doesNotMatch(await xl("block-list", "plugged"), /51728/);
  assert.doesNotMatch(await xl("network-list", "plugged"), /00:16:3e/);
  await fails(() => router.call("domainDetachDevice", { dom, xml: disk }), "DEVICE_MISSING");
  await router.call("domainDestroy", { dom });
});
