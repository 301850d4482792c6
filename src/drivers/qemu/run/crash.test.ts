/** What survives when programs are killed, and who may touch a guest's images meanwhile. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, mkdir, readdir, readFile, stat, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { EMULATOR, skipWithoutQemu } from "../../../../test/helpers/qemu.ts";
import { guestXml, testRoot } from "../../../../test/helpers/qemu-driver.ts";
import { writeTinyGuest } from "../../../../test/helpers/tiny-guest.ts";
import { isLibvirtError } from "../../../errors.ts";
import { DomainState } from "../../../protocol/index.ts";

const skip = skipWithoutQemu;
const skipUnlessRoot = skip || (process.geteuid?.() === 0 ? false : "only root can give files away");

const disk = (path: string): string =>
  `<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='${path}'/>` +
  "<target dev='vda' bus='virtio'/></disk>";

/** Waits until there is no process with that number: our own child has one until Node has noticed its end. */
async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise(setImmediate);
  }
}

/** A program that starts a guest, says so, and waits to be killed. */
const PROGRAM = `
  const [helper, root, xml] = process.argv.slice(1);
  const { openQemu } = await import(helper);
  const router = await openQemu(root);
  const { dom } = await router.call("domainDefineXml", { xml });
  await router.call("domainCreate", { dom });
  console.log("started");
`;

test("a guest survives the program that is killed", { skip }, async (t) => {
  const { root, open } = await testRoot(t);
  const helper = new URL("../../../../test/helpers/qemu-driver.js", import.meta.url).href;
  const args = ["--input-type=module", "-e", PROGRAM, helper, root, guestXml("orphan")];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const [text] = await once(child.stdout, "data");
  assert.equal(String(text), "started\n");
  child.kill("SIGKILL");
  await once(child, "exit");
  const router = await open();
  const { dom } = await router.call("domainLookupByName", { name: "orphan" });
  assert.deepEqual(await router.call("domainGetState", { dom, flags: 0 }), { state: DomainState.RUNNING, reason: 1 });
  await router.call("domainDestroy", { dom });
  assert.deepEqual(await readdir(join(root, "qemu", "run")), []);
});

test("a start that was cut short is undone by the next program", { skip }, async (t) => {
  const { root, open } = await testRoot(t);
  const first = await open();
  const { dom } = await first.call("domainDefineXml", { xml: guestXml("half") });
  await first.call("domainCreate", { dom });
  await first.close();
  const path = join(root, "qemu", "status", "half.json");
  const status = JSON.parse(await readFile(path, "utf8"));
  await writeFile(path, JSON.stringify({ ...status, started: false }));
  const second = await open();
  assert.deepEqual(await second.call("domainIsActive", { dom }), { active: 0 });
  await gone(status.process.pid);
  // Without any status it is found by its folder.
  await second.call("domainCreate", { dom });
  const { process: qemu } = JSON.parse(await readFile(path, "utf8"));
  await second.close();
  await writeFile(path, "");
  const third = await open();
  assert.deepEqual(await third.call("domainIsActive", { dom }), { active: 0 });
  assert.deepEqual(await readdir(join(root, "qemu", "run")), []);
  await gone(qemu.pid);
});

test("a save that a crash cut short is given up, and one that was whole counts", { skip }, async (t) => {
  const { root, open } = await testRoot(t);
  const first = await open();
  const { dom } = await first.call("domainDefineXml", { xml: guestXml("busy") });
  await first.call("domainCreate", { dom });
  await first.call("domainSuspend", { dom });
  await first.close();
  const path = join(root, "qemu", "status", "busy.json");
  const saving = async (): Promise<void> => {
    const status = JSON.parse(await readFile(path, "utf8"));
    await writeFile(path, JSON.stringify({ ...status, reason: 3 }));
  };
  await saving();
  const second = await open();
  assert.deepEqual(await second.call("domainGetState", { dom, flags: 0 }), { state: DomainState.RUNNING, reason: 7 });
  await second.call("domainSuspend", { dom });
  await second.close();
  await saving();
  await mkdir(join(root, "qemu", "save"), { recursive: true });
  await writeFile(join(root, "qemu", "save", "busy.save"), "");
  const third = await open();
  assert.deepEqual(await third.call("domainGetState", { dom, flags: 0 }), { state: DomainState.SHUTOFF, reason: 5 });
  assert.deepEqual(await third.call("domainHasManagedSaveImage", { dom, flags: 0 }), { result: 1 });
});

test("a QEMU whose number nobody wrote down is ended with its start", { skip }, async (t) => {
  const { root, open } = await testRoot(t);
  const first = await open();
  const { dom } = await first.call("domainDefineXml", { xml: guestXml("nameless") });
  await first.call("domainCreate", { dom });
  await first.close();
  const path = join(root, "qemu", "status", "nameless.json");
  const status = JSON.parse(await readFile(path, "utf8"));
  // As in the moment between the start of the process and the note of its number.
  await writeFile(path, JSON.stringify({ ...status, started: false, process: null }));
  const second = await open();
  assert.deepEqual(await second.call("domainIsActive", { dom }), { active: 0 });
  for (const name of ["run", "status", "channel"]) assert.deepEqual(await readdir(join(root, "qemu", name)), []);
  await gone(status.process.pid);
});

/** A stored guest that was running when its program and then its QEMU died, with a managed save beside it. */
async function diedBesideSave(t: TestContext, change: object) {
  const { root, open } = await testRoot(t);
  const first = await open();
  const { dom } = await first.call("domainDefineXml", { xml: guestXml("saved") });
  await first.call("domainCreate", { dom });
  await first.close();
  const path = join(root, "qemu", "status", "saved.json");
  const status = JSON.parse(await readFile(path, "utf8"));
  await writeFile(path, JSON.stringify({ ...status, ...change }));
  await mkdir(join(root, "qemu", "save"), { recursive: true });
  await writeFile(join(root, "qemu", "save", "saved.save"), "");
  process.kill(status.process.pid, "SIGKILL");
  await gone(status.process.pid);
  const router = await open();
  const { state, reason } = await router.call("domainGetState", { dom, flags: 0 });
  const { result } = await router.call("domainHasManagedSaveImage", { dom, flags: 0 });
  return { state, reason, result };
}

test("a managed save that was whole when its program was killed counts, though QEMU is gone", { skip }, async (t) => {
  // The guest may have been paused before, and QEMU has said that it shuts down.
  const found = await diedBesideSave(t, { state: DomainState.SHUTDOWN, reason: 0 });
  assert.deepEqual(found, { state: DomainState.SHUTOFF, reason: 5, result: 1 });
});

test("a guest never goes on twice from one managed save", { skip }, async (t) => {
  const found = await diedBesideSave(t, { savedSpent: true });
  assert.deepEqual(found, { state: DomainState.SHUTOFF, reason: 3, result: 0 });
});

test("a half-written save is removed, wherever it lies, and nothing else is", { skip }, async (t) => {
  const { root, folder, open } = await testRoot(t);
  const first = await open();
  const { dom } = await first.call("domainDefineXml", { xml: guestXml("writer") });
  await first.call("domainCreate", { dom });
  await first.close();
  const path = join(root, "qemu", "status", "writer.json");
  const half = join(folder, ".out.save.123.0.new");
  const other = join(folder, "out.save");
  for (const name of [half, other]) {
    await writeFile(name, "text");
    const status = JSON.parse(await readFile(path, "utf8"));
    await writeFile(path, JSON.stringify({ ...status, writing: name }));
    await writeFile(join(status.folder, "written-0"), "");
    await (await open()).close();
    assert.ok(!(await readdir(status.folder)).includes("written-0"));
  }
  assert.deepEqual(
    (await readdir(folder)).filter((name) => name.includes("save")),
    ["out.save"],
  );
});

test("a paused guest whose save failed at the end can be saved all the same", { skip }, async (t) => {
  const { root, folder, open } = await testRoot(t);
  const first = await open();
  const { dom } = await first.call("domainDefineXml", { xml: guestXml("paused") });
  await first.call("domainCreate", { dom });
  await first.call("domainSuspend", { dom });
  // A file cannot take the place of a folder, which shows when QEMU has sent everything.
  const inTheWay = join(folder, "folder");
  await mkdir(inTheWay);
  const isSystemError = (error: unknown) => isLibvirtError(error, "SYSTEM_ERROR");
  await assert.rejects(async () => first.call("domainSave", { dom, to: inTheWay }), isSystemError);
  assert.deepEqual(await first.call("domainGetState", { dom, flags: 0 }), { state: DomainState.PAUSED, reason: 1 });
  // And as a program finds it that comes when another was killed there.
  await assert.rejects(async () => first.call("domainSave", { dom, to: inTheWay }), isSystemError);
  await first.close();
  const path = join(root, "qemu", "status", "paused.json");
  const status = JSON.parse(await readFile(path, "utf8"));
  await writeFile(path, JSON.stringify({ ...status, writing: join(folder, ".folder.1.0.new") }));
  const second = await open();
  await second.call("domainSave", { dom, to: join(folder, "out.save") });
  assert.deepEqual(await second.call("domainGetState", { dom, flags: 0 }), { state: DomainState.SHUTOFF, reason: 5 });
});

test("guests that share an image and start at once give it back to its owner", { skip: skipUnlessRoot }, async (t) => {
  const { folder, open } = await testRoot(t);
  const image = join(folder, "shared.img");
  await writeTinyGuest(image);
  await chmod(image, 0o600);
  await chown(image, 1234, 4321);
  const router = await open();
  const shared = disk(image).replace("</disk>", "<readonly/></disk>");
  const start = async (name: string) =>
    (await router.call("domainCreateXml", { xmlDesc: guestXml(name, "", shared), flags: 0 })).dom;
  const doms = await Promise.all(["one", "two", "three"].map(start));
  for (const dom of doms) await router.call("domainDestroy", { dom });
  const { uid, gid } = await stat(image);
  assert.deepEqual([uid, gid], [1234, 4321]);
});

test("an image is its owner's again, whoever finds the guest gone", { skip: skipUnlessRoot }, async (t) => {
  const { root, folder, open } = await testRoot(t);
  const image = join(folder, "tiny.img");
  await writeTinyGuest(image);
  await chmod(image, 0o600);
  await chown(image, 1234, 4321);
  const first = await open();
  const { dom } = await first.call("domainDefineXml", { xml: guestXml("borrower", "", disk(image)) });
  await first.call("domainCreate", { dom });
  assert.notEqual((await stat(image)).uid, 1234);
  const status = JSON.parse(await readFile(join(root, "qemu", "status", "borrower.json"), "utf8"));
  await first.close();
  process.kill(status.process.pid, "SIGKILL");
  const second = await open();
  assert.deepEqual(await second.call("domainGetState", { dom, flags: 0 }), { state: DomainState.SHUTOFF, reason: 3 });
  const { uid, gid } = await stat(image);
  assert.deepEqual([uid, gid], [1234, 4321]);
});

test("an image that QEMU cannot come to is refused with the folder in its way", { skip: skipUnlessRoot }, async (t) => {
  const { folder, open } = await testRoot(t);
  const closed = join(folder, "closed");
  await mkdir(closed, { mode: 0o700 });
  const image = join(closed, "tiny.img");
  await writeTinyGuest(image);
  const router = await open();
  await assert.rejects(
    async () => router.call("domainCreateXml", { xmlDesc: guestXml("a", "", disk(image)), flags: 0 }),
    (error) => {
      assert.ok(isLibvirtError(error, "SYSTEM_ERROR"));
      assert.match(error.message, /tiny\.img' \(as uid:\d+, gid:\d+\): Permission denied: no search permission/);
      assert.match(error.message, new RegExp(`folder '${closed}'`));
      return true;
    },
  );
  assert.equal((await stat(image)).uid, 0);
});

test("a root that only we may enter lets the guest's user pass", { skip: skipUnlessRoot }, async (t) => {
  const { root, open } = await testRoot(t);
  await mkdir(root, { mode: 0o700 });
  const router = await open();
  await router.call("domainCreateXml", { xmlDesc: guestXml("inside"), flags: 0 });
  assert.equal((await stat(root)).mode & 0o777, 0o701);
});

test("an emulator that dies when it starts a guest is an error with its last words", { skip }, async (t) => {
  const { root, folder, open } = await testRoot(t);
  const emulator = join(folder, "frail");
  const probe = `case "$*" in *none,accel=*) exec ${EMULATOR} "$@";; esac`;
  await writeFile(emulator, `#!/bin/sh\n${probe}\necho "frail: I cannot go on" >&2\nexit 1\n`, { mode: 0o755 });
  const router = await open();
  const xml = guestXml("frail", "", `<emulator>${emulator}</emulator>`);
  const { dom } = await router.call("domainDefineXml", { xml });
  await assert.rejects(
    async () => router.call("domainCreate", { dom }),
    (error) => {
      assert.ok(isLibvirtError(error, "INTERNAL_ERROR"));
      assert.match(error.message, /process exited while connecting to monitor: frail: I cannot go on/);
      return true;
    },
  );
  assert.equal((await router.call("domainGetState", { dom, flags: 0 })).state, DomainState.SHUTOFF);
  for (const name of ["status", "run"]) assert.deepEqual(await readdir(join(root, "qemu", name)), []);
});

test("a guest for KVM where there is none is told why, and what to do", { skip }, async (t) => {
  const usable = await stat("/dev/kvm").then(
    () => true,
    () => false,
  );
  if (usable) return t.skip("KVM is there");
  const { open } = await testRoot(t);
  const router = await open();
  await assert.rejects(
    async () => router.call("domainDefineXml", { xml: guestXml("fast").replace("type='qemu'", "type='kvm'") }),
    (error) => {
      assert.ok(isLibvirtError(error, "CONFIG_UNSUPPORTED"));
      assert.match(error.message, /does not support virt type 'kvm': .*\/dev\/kvm.*<domain type='qemu'>/);
      return true;
    },
  );
});

test("a guest whose monitor cannot be reached is not started a second time", { skip }, async (t) => {
  const { root, open } = await testRoot(t);
  const first = await open();
  const { dom } = await first.call("domainDefineXml", { xml: guestXml("deaf") });
  await first.call("domainCreate", { dom });
  await first.close();
  const status = JSON.parse(await readFile(join(root, "qemu", "status", "deaf.json"), "utf8"));
  await unlink(join(status.folder, "monitor.sock"));
  const second = await open();
  const start = async () => second.call("domainCreate", { dom });
  await assert.rejects(
    start,
    (error) => isLibvirtError(error, "OPERATION_FAILED") && error.message.includes(`process ${status.process.pid}`),
  );
  process.kill(status.process.pid, "SIGKILL");
  await gone(status.process.pid);
  await start();
  assert.deepEqual(await second.call("domainIsActive", { dom }), { active: 1 });
});
