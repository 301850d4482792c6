/** Disks of guests, plugged while they run. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fails } from "../../drivers/suite/subject.ts";
import { watchedXen } from "../inside/open.ts";
import { guestXml } from "../inside/xen-subject.ts";
import { guestUp, xl } from "../inside/xl.ts";

test("a disk is plugged into a guest that runs", async (t) => {
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

  await router.call("domainDestroy", { dom });
});
