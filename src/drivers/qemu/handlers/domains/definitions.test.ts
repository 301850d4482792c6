import assert from "node:assert/strict";
import { access, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { skipWithoutQemu } from "../../../../../test/helpers/qemu.ts";
import { guestXml, testRoot } from "../../../../../test/helpers/qemu-driver.ts";
import type { Router } from "../../../../driver/router.ts";
import { isLibvirtError } from "../../../../errors.ts";

const skip = skipWithoutQemu;
const names = async (router: Router) =>
  (await router.call("connectListAllDomains", { needResults: 1, flags: 0 })).domains.map(({ name }) => name);

test("definitions are on the disk when the call returns, and there when the root is opened again", {
  skip,
}, async (t) => {
  const { root, open } = await testRoot(t);
  const router = await open();
  const { dom } = await router.call("domainDefineXml", { xml: guestXml("web") });
  const folder = join(root, "qemu", "definitions");
  assert.match(await readFile(join(folder, "web.xml"), "utf8"), /<name>web<\/name>/);
  const { xml } = await router.call("domainGetXmlDesc", { dom, flags: 0 });
  await router.close();
  const again = await open();
  assert.deepEqual(await again.call("domainGetXmlDesc", { dom, flags: 0 }), { xml });
  await again.call("domainRename", { dom, newName: "shop", flags: 0 });
  assert.deepEqual(
    (await readdir(folder)).filter((name) => name.endsWith(".xml")),
    ["shop.xml"],
  );
  await again.call("domainUndefine", { dom });
  assert.deepEqual(await names(again), []);
  await assert.rejects(access(join(folder, "shop.xml")), { code: "ENOENT" });
});

test("a rename that a crash cut short is finished", { skip }, async (t) => {
  const { root, open } = await testRoot(t);
  const router = await open();
  const { dom } = await router.call("domainDefineXml", { xml: guestXml("before") });
  await router.call("domainSetAutostart", { dom, autostart: 0 });
  await router.close();
  const folder = join(root, "qemu", "definitions");
  const text = await readFile(join(folder, "before.xml"), "utf8");
  await writeFile(join(folder, "before.xml"), text.replace("<name>before<", "<name>after<"));
  const again = await open();
  assert.deepEqual(await names(again), ["after"]);
  await access(join(folder, "after.xml"));
});

test("of definitions that come at the same time and exclude each other one is taken", { skip }, async (t) => {
  const { open } = await testRoot(t);
  const router = await open();
  const define = (name: string, uuid: string) =>
    Promise.resolve(router.call("domainDefineXml", { xml: guestXml(name, `<uuid>${uuid}</uuid>`) }));
  const [a, b] = ["6695eb01-f6a4-8304-79aa-97f2502e193f", "6695eb01-f6a4-8304-79aa-97f2502e193e"];
  const results = await Promise.allSettled([define("one", a), define("one", b), define("two", a)]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ["fulfilled", "rejected", "rejected"],
  );
  for (const result of results.slice(1)) {
    assert.ok(result.status === "rejected" && isLibvirtError(result.reason, "OPERATION_FAILED"));
  }
  assert.deepEqual(await names(router), ["one"]);
});

test("an emulator that is not there or is none is refused, and nothing is kept", { skip }, async (t) => {
  const { open } = await testRoot(t);
  const router = await open();
  const define = async (emulator: string) =>
    router.call("domainDefineXml", { xml: guestXml("odd", "", `<emulator>${emulator}</emulator>`) });
  await assert.rejects(define("/no/such/qemu"), (error) => {
    assert.ok(isLibvirtError(error, "SYSTEM_ERROR"));
    assert.match(error.message, /\/no\/such\/qemu: No such file or directory/);
    return true;
  });
  await assert.rejects(define("/bin/false"), (error) => {
    assert.ok(isLibvirtError(error, "INTERNAL_ERROR"));
    assert.match(error.message, /failed to probe the capabilities of \/bin\/false/);
    return true;
  });
  assert.deepEqual(await names(router), []);
});

test("a second program is told who has the root", { skip }, async (t) => {
  const { root, open } = await testRoot(t);
  await open();
  const { QemuHost } = await import("../../host.ts");
  await assert.rejects(QemuHost.open(root), (error) => {
    assert.ok(isLibvirtError(error, "RESOURCE_BUSY"));
    assert.match(error.message, new RegExp(`pid ${process.pid}`));
    return true;
  });
});

test("a processor in the host's terms is given or refused, never passed over", { skip }, async (t) => {
  const { open } = await testRoot(t);
  const router = await open();
  const UPDATE_CPU = 4;
  const described = async (cpu: string) => {
    const { dom } = await router.call("domainDefineXml", { xml: guestXml("guest", cpu) });
    const { xml } = await router.call("domainGetXmlDesc", { dom, flags: UPDATE_CPU });
    await router.call("domainUndefine", { dom });
    return xml;
  };
  assert.match(await described("<cpu mode='custom' match='exact'><model>qemu64</model></cpu>"), /qemu64/);
  await assert.rejects(described("<cpu mode='custom' match='minimum'><model>qemu64</model></cpu>"), (error) =>
    isLibvirtError(error, "CONFIG_UNSUPPORTED"),
  );
});
