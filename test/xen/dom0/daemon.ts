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
import { endingXml, guestXml, xenSubject } from "../inside/xen-subject.ts";
import { guestUp, makePaused, numberOf, storeGone, xl } from "../inside/xl.ts";

const daemon = await Tsvirtd.start({ after });

const subject: StorageSubject = {
  ...xenSubject,
  name: "xen through tsvirtd",
  open: (options) => connect(daemon.uri("xen"), options),
};

/** A user without rights, by number. */
const nobody = 65534;

/** Lines typed into one virsh: its start is what takes an emulated processor longest. It does not stop at what fails. */
const typed = (lines: readonly string[]): string => lines.join("; ");

/** Runs virsh, every line of which succeeds, and gives what it printed. */
async function virsh(...lines: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await daemon.virsh([typed(lines)], daemon.uri("xen"));
  assertDone(code, stderr, lines);
  return stdout;
}

/** The last line's code is virsh's own; whichever fails says so. */
function assertDone(code: number, stderr: string, lines: readonly string[]): void {
  assert.ok(code === 0 && !/^error:/m.test(stderr), `${typed(lines)}: ${code}, ${stderr}`);
}

/** Writes a file for virsh to read. */
async function written(name: string, text: string): Promise<string> {
  const path = join(daemon.root, name);
  await writeFile(path, text);
  return path;
}

test("virsh sees the host", async () => {
  const seen = await virsh(
    "version",
    "nodeinfo",
    "capabilities",
    "domcapabilities --machine xenpvh",
    "list",
    "freecell",
  );
  assert.match(seen, /^Running hypervisor: Xen 4\.\d+\.\d+$/m);
  assert.match(seen, /^CPU model: +x86_64$/m);
  assert.match(seen, /<os_type>linux<\/os_type>[\s\S]*<machine maxCpus='512'>xenpv<\/machine>/);
  assert.match(seen, /<machine>xenpvh<\/machine>/);
  assert.match(seen, /^ 0 +Domain-0 +running$/m);
  assert.match(seen, /^Total: +\d+ KiB$/m);
});

test("virsh leads a guest through its life", async () => {
  const file = await written("guest.xml", guestXml("lived"));
  assert.match(await virsh(`define ${file}`, "list --all", "start lived"), /^ - +lived +shut off$/m);
  await guestUp("lived");
  const up = await virsh("dominfo lived", "domid lived", "dumpxml lived", "ttyconsole lived");
  assert.match(up, /^State: +running$/m);
  assert.match(up, new RegExp(`^${await numberOf("lived")}$`, "m"));
  assert.match(up, /<console type='pty' tty='\/dev\/pts\/\d+'>/);
  assert.match(up, /^\/dev\/pts\/\d+/m);
  assert.match(await virsh("suspend lived", "domstate --reason lived"), /^paused \(user\)$/m);
  const tuned = await virsh(
    ...["resume lived", "vcpuinfo lived", "schedinfo lived", "schedinfo lived --set weight=512"],
    ...["dommemstat lived", "domjobinfo lived", "domstats lived", "domxml-to-native xen-xl --domain lived"],
  );
  assert.match(tuned, /^CPU time: +\d+\.\ds$/m);
  assert.match(tuned, /^Scheduler +: credit2\n[\s\S]*^weight +: 256$/m);
  assert.match(await xl("sched-credit2", "-d", "lived"), /lived +\d+ +512 /);
  assert.match(tuned, /^actual 98304$/m);
  assert.match(tuned, /^Job type: +None +$/m);
  for (const part of [
    /^ +state\.state=1$/m,
    /^ +cpu\.time=[1-9]\d+$/m,
    /^ +balloon\.maximum=98304$/m,
    /^ +vcpu\.0\.time=\d+$/m,
  ])
    assert.match(tuned, part);
  assert.match(tuned, /^kernel = "\/guest\/kernel"$/m);
  const saved = await virsh("managedsave lived", "list --all --managed-save", "start lived");
  assert.match(saved, /^ - +lived +saved$/m);
  await using listening = await watch(subject);
  await virsh("shutdown lived");
  await listening.hears("domain Lifecycle lived 5 0");
  assert.match(await virsh("domstate --reason lived", "undefine lived"), /^shut off \(shutdown\)$/m);
});

test("guests that shut down are put away though no client is there", async () => {
  const file = await written("alone.xml", endingXml("alone"));
  await virsh(`create --paused ${file}`);
  const id = await numberOf("alone");
  await xl("unpause", id);
  await storeGone(id);
});

test("a user without rights lists, asks, hears of events, and changes nothing", async (t) => {
  const id = await makePaused("watched");
  t.after(() => xl("destroy", "watched").catch(() => {}));
  const asNobody = (uri: string, ...lines: string[]) =>
    runClient("virsh", ["-c", uri, typed(lines)], { HOME: "/" }, nobody);
  const look = async (...lines: string[]) => {
    const { code, stdout, stderr } = await asNobody(daemon.readOnlyUri("xen"), ...lines);
    assertDone(code, stderr, lines);
    return stdout;
  };
  assert.match((await asNobody(daemon.uri("xen"), "list")).stderr, /Permission denied/);
  const seen = await look("list", "domid watched", "dominfo watched", "dumpxml watched");
  assert.match(seen, /watched +paused/);
  assert.match(seen, new RegExp(`^${id}$`, "m"));
  assert.match(seen, /^Used memory: +131072 KiB$/m);
  assert.match(seen, /<kernel>\/guest\/\w+<\/kernel>/);
  const shares = await look("vcpuinfo watched", "schedinfo watched");
  assert.match(shares, /^CPU Affinity: +y$/m);
  assert.match(shares, /^weight +: 256$/m);
  const changes = [
    ...["resume", "shutdown", "destroy", "managedsave", "autostart"].map((word) => `${word} watched`),
    ...["save watched /tmp/stolen", "setmem watched 100000", "vcpupin watched 0 0", "schedinfo watched --set weight=1"],
  ];
  const { code, stderr } = await asNobody(daemon.readOnlyUri("xen"), ...changes);
  assert.equal(code, 1);
  assert.equal(stderr.match(/read only access prevents/g)?.length, changes.length, stderr);
  assert.match(await xl("list"), /watched .* --p---/);

  let hasHeard = false;
  const hearing = look("event --domain watched --event lifecycle --timeout 120").finally(() => {
    hasHeard = true;
  });
  hearing.catch(() => {});
  // It cannot be seen from here when it begins to listen.
  while (!hasHeard) await virsh("resume watched", "suspend watched");
  assert.match(await hearing, /event 'lifecycle' for domain '?watched'?: (Resumed Unpaused|Suspended Paused)/);
});

test("the session of a user is none of Xen's", async () => {
  const refused = await runClient("virsh", ["-c", daemon.uri("xen").replace("/system", "/session"), "list"]);
  assert.match(refused.stderr, /unexpected Xen URI path '\/session'/);
});

describeDriver(subject);
