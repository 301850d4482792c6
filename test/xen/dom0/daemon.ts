/** The Xen driver behind tsvirtd: the suite over the wire, and libvirt's own virsh. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, test } from "node:test";
import "../../../src/api/drivers.ts";
import { connect } from "../../../src/driver/router.ts";
import { describeDriver } from "../../drivers/suite/all.ts";
import type { StorageSubject } from "../../drivers/suite/storage.ts";
import { watch } from "../../drivers/suite/subject.ts";
import { runClient, Tsvirtd } from "../../helpers/tsvirtd.ts";
import { guestXml, xenSubject } from "../inside/xen-subject.ts";
import { guestUp, makePaused, storeGone, xl } from "../inside/xl.ts";

const daemon = await Tsvirtd.start({ after });

const subject: StorageSubject = {
  ...xenSubject,
  name: "xen through tsvirtd",
  open: (options) => connect(daemon.uri("xen"), options),
};

/** A user without rights, by number. */
const nobody = 65534;

/** Runs virsh, and gives what it printed. */
async function virsh(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await daemon.virsh(args, daemon.uri("xen"));
  assert.equal(code, 0, `virsh ${args.join(" ")}: ${stderr}`);
  return stdout;
}

/** Writes a file for virsh to read. */
async function written(name: string, text: string): Promise<string> {
  const path = join(daemon.root, name);
  await writeFile(path, text);
  return path;
}

test("virsh sees the host", async () => {
  assert.match(await virsh("version"), /^Running hypervisor: Xen 4\.\d+\.\d+$/m);
  assert.match(await virsh("nodeinfo"), /^CPU model: +x86_64$/m);
  assert.match(await virsh("capabilities"), /<os_type>linux<\/os_type>[\s\S]*<machine maxCpus='512'>xenpv<\/machine>/);
  assert.match(await virsh("domcapabilities", "--machine", "xenpvh"), /<machine>xenpvh<\/machine>/);
  assert.match(await virsh("list"), /^ 0 +Domain-0 +running$/m);
  assert.match(await virsh("freecell"), /KiB/);
});

test("virsh leads a guest through its life", async () => {
  await virsh("define", await written("guest.xml", guestXml("lived")));
  assert.match(await virsh("list", "--all"), /^ - +lived +shut off$/m);
  await virsh("start", "lived");
  await guestUp("lived");
  assert.match(await virsh("dominfo", "lived"), /^State: +running$/m);
  assert.equal((await virsh("domid", "lived")).trim(), (await xl("domid", "lived")).trim());
  assert.match(await virsh("dumpxml", "lived"), /<console type='pty' tty='\/dev\/pts\/\d+'>/);
  assert.match(await virsh("ttyconsole", "lived"), /^\/dev\/pts\/\d+/);
  await virsh("suspend", "lived");
  assert.match(await virsh("domstate", "--reason", "lived"), /^paused \(user\)$/m);
  await virsh("resume", "lived");
  assert.match(await virsh("vcpuinfo", "lived"), /^CPU time: +\d+\.\ds$/m);
  assert.match(await virsh("schedinfo", "lived"), /^Scheduler +: credit2\n[\s\S]*^weight +: 256$/m);
  await virsh("schedinfo", "lived", "--set", "weight=512");
  assert.match(await xl("sched-credit2", "-d", "lived"), /lived +\d+ +512 /);
  assert.match(await virsh("dommemstat", "lived"), /^actual 98304$/m);
  assert.match(await virsh("domjobinfo", "lived"), /^Job type: +None$/m);
  const stats = await virsh("domstats", "lived");
  for (const part of [
    /^ +state\.state=1$/m,
    /^ +cpu\.time=[1-9]\d+$/m,
    /^ +balloon\.maximum=98304$/m,
    /^ +vcpu\.0\.time=\d+$/m,
  ])
    assert.match(stats, part);
  assert.match(await virsh("domxml-to-native", "xen-xl", "--domain", "lived"), /^kernel = "\/guest\/kernel"$/m);
  await virsh("managedsave", "lived");
  assert.match(await virsh("list", "--all", "--managed-save"), /^ - +lived +saved$/m);
  await virsh("start", "lived");
  await using listening = await watch(subject);
  await virsh("shutdown", "lived");
  await listening.hears("domain Lifecycle lived 5 0");
  assert.match(await virsh("domstate", "--reason", "lived"), /^shut off \(shutdown\)$/m);
  await virsh("undefine", "lived");
});

test("guests that shut down are put away though no client is there", async () => {
  await virsh("create", await written("alone.xml", guestXml("alone")));
  await guestUp("alone");
  const gone = storeGone("alone");
  await xl("shutdown", "alone");
  await gone;
});

test("a user without rights lists, asks, hears of events, and changes nothing", async (t) => {
  const id = await makePaused("watched");
  t.after(() => xl("destroy", "watched").catch(() => {}));
  const asNobody = (uri: string, ...args: string[]) => runClient("virsh", ["-c", uri, ...args], { HOME: "/" }, nobody);
  const look = async (...args: string[]) => {
    const { code, stdout, stderr } = await asNobody(daemon.readOnlyUri("xen"), ...args);
    assert.equal(code, 0, `virsh ${args.join(" ")}: ${stderr}`);
    return stdout;
  };
  assert.match((await asNobody(daemon.uri("xen"), "list")).stderr, /Permission denied/);
  assert.match(await look("list"), /watched +paused/);
  assert.match(await look("domid", "watched"), new RegExp(`^${id}$`, "m"));
  assert.match(await look("dominfo", "watched"), /^Used memory: +131072 KiB$/m);
  assert.match(await look("dumpxml", "watched"), /<kernel>\/guest\/\w+<\/kernel>/);
  assert.match(await look("vcpuinfo", "watched"), /^CPU Affinity: +y$/m);
  assert.match(await look("schedinfo", "watched"), /^weight +: 256$/m);
  for (const change of [
    ...["resume", "shutdown", "destroy", "managedsave", "autostart"].map((word) => [word, "watched"]),
    ["save", "watched", "/tmp/stolen"],
    ["setmem", "watched", "100000"],
    ["vcpupin", "watched", "0", "0"],
    ["schedinfo", "watched", "--set", "weight=1"],
  ]) {
    const { code, stderr } = await asNobody(daemon.readOnlyUri("xen"), ...change);
    assert.equal(code, 1, change.join(" "));
    assert.match(stderr, /read only access prevents/, change.join(" "));
  }
  assert.match(await xl("list"), /watched .* --p---/);

  let hasHeard = false;
  const hearing = look("event", "--domain", "watched", "--event", "lifecycle", "--timeout", "120").finally(() => {
    hasHeard = true;
  });
  hearing.catch(() => {});
  // It cannot be seen from here when it begins to listen.
  while (!hasHeard) for (const change of ["resume", "suspend"]) await virsh(change, "watched");
  assert.match(await hearing, /event 'lifecycle' for domain '?watched'?: (Resumed Unpaused|Suspended Paused)/);
});

test("the session of a user is none of Xen's", async () => {
  const refused = await runClient("virsh", ["-c", daemon.uri("xen").replace("/system", "/session"), "list"]);
  assert.match(refused.stderr, /unexpected Xen URI path '\/session'/);
});

describeDriver(subject);
