import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { composedRoot } from "../../../test/helpers/composed.ts";
import type { Router } from "../../driver/router.ts";
import { isLibvirtError } from "../../errors.ts";

const refers = (name: string, ...others: string[]) =>
  `<filter name='${name}'>${others.map((other) => `<filterref filter='${other}'/>`).join("")}</filter>`;
const define = (router: Router, xml: string) => router.call("nwfilterDefineXmlFlags", { xml, flags: 0 });

test("filters are kept, listed and printed", async (t) => {
  const { root, open } = await composedRoot(t);
  const router = await open();
  const rule = "<rule action='accept' direction='in'><ip srcipaddr='10.0.0.1'/></rule>";
  const { nwfilter } = await define(router, `<filter name='one' chain='ipv4'>${rule}</filter>`);
  await router.close();
  const again = await open();
  assert.deepEqual(await again.call("nwfilterLookupByName", { name: "one" }), { nwfilter });
  assert.deepEqual(await again.call("connectListNwfilters", { maxnames: 9 }), { names: ["one"] });
  const { xml } = await again.call("nwfilterGetXmlDesc", { nwfilter, flags: 0 });
  assert.match(xml, /^<filter name='one' chain='ipv4' priority='-700'>\n {2}<uuid>/);
  await assert.rejects(async () => define(again, refers("one")), /filter 'one' already exists with uuid/);
  await again.call("nwfilterUndefine", { nwfilter });
  assert.deepEqual(await readdir(join(root, "nwfilter")), []);
  await assert.rejects(
    async () => again.call("nwfilterLookupByUuid", { uuid: nwfilter.uuid }),
    (error) => isLibvirtError(error, "NO_NWFILTER"),
  );
});

test("filters that would lead to themselves are refused; those that lead nowhere yet are not", async (t) => {
  const { open } = await composedRoot(t);
  const router = await open();
  const loop = { message: "operation failed: filter would introduce a loop" };
  await assert.rejects(async () => define(router, refers("self", "self")), loop);
  await define(router, refers("a", "b", "nowhere"));
  await define(router, refers("b", "c"));
  await assert.rejects(async () => define(router, refers("c", "d", "a")), loop);
  await define(router, refers("c", "d"));
  assert.deepEqual(await router.call("connectNumOfNwfilters", {}), { num: 3 });
});

test("no filter is at work before one is bound", async (t) => {
  const { open } = await composedRoot(t);
  const router = await open();
  assert.deepEqual(await router.call("connectListAllNwfilterBindings", { needResults: 1, flags: 0 }), {
    bindings: [],
    ret: 0,
  });
  const nwfilter = { portdev: "vnet0", filtername: "" };
  await assert.rejects(
    async () => router.call("nwfilterBindingDelete", { nwfilter }),
    (error) => isLibvirtError(error, "NO_NWFILTER_BINDING"),
  );
});
