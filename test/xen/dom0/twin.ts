/** libvirt's own driver for Xen beside ours: the same lines typed into virsh, on either, and what comes of each. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { type Lifetime, Tsvirtd } from "../../helpers/tsvirtd.ts";
import { libvirtd, startLibvirtd } from "../inside/libvirtd.ts";
import { filesIn, stepsOf } from "../inside/twin-lines.ts";
import { comparable, differences, type Outcome, unsupported } from "../inside/twin-outcomes.ts";
import { VirshEvents } from "../inside/virsh-events.ts";
import { VirshSession } from "../inside/virsh-session.ts";
import { guestXml, quietXml } from "../inside/xen-subject.ts";
import { guestUp, xl } from "../inside/xl.ts";

const skip = existsSync(libvirtd) && existsSync("/usr/bin/virsh") ? false : "libvirtd is not there";

const folder = await mkdtemp(join(tmpdir(), "twin-"));
after(() => rm(folder, { recursive: true }));
const files = filesIn(folder);

const devices = `<disk type='file' device='disk'><driver name='phy' type='raw'/><source file='${files.disk}'/><target dev='xvda' bus='xen'/></disk>
<interface type='bridge'><mac address='00:16:3e:01:02:03'/><source bridge='lab'/></interface>`;

/** The guest has two processors, one of them off, and may have more memory than it begins with. */
const document = guestXml("twin", "<uuid>00112233-4455-6677-8899-aabbccddee01</uuid>", 131_072)
  .replace("<vcpu>1</vcpu>", "<currentMemory>98304</currentMemory><vcpu current='1'>2</vcpu>")
  .replace("<devices>", `<devices>${devices}`);

const probe = join(folder, "probe.xml");
await writeFile(probe, quietXml("probe"));
await writeFile(files.xml, document);
await writeFile(
  files.config,
  'name="other"\nkernel="/guest/quiet"\nmemory=32\nvcpus=2\ndisk=["/dev/none,raw,xvda,rw"]\n',
);
for (const image of [files.disk, files.other]) await writeFile(image, Buffer.alloc(1024 * 1024));

/** A life by its lines, and what was heard of it meanwhile. */
async function live(t: Lifetime, uri: string): Promise<{ outcomes: Outcome[]; events: string[] }> {
  const virsh = await VirshSession.start(t, uri);
  const events = await VirshEvents.start(t, uri, async () => {
    await virsh.run(`define ${probe}`);
    await virsh.run("undefine probe");
  });
  const outcomes: Outcome[] = [];
  for (const step of stepsOf(files)) {
    if (step === "up") await guestUp("twin");
    else if (typeof step === "string") outcomes.push({ line: step, printed: await virsh.run(step) });
    else if ("removes" in step) await rm(step.removes);
    else {
      const known = events.of("twin").length;
      const printed = await virsh.run(step.line);
      outcomes.push({ line: step.line, printed });
      if (!/^error: /m.test(printed)) await events.hears("twin", step.hears, known);
    }
  }
  return { outcomes, events: events.of("twin") };
}

test("the same lines do the same on either daemon", { skip, timeout: 1_200_000 }, async (t) => {
  t.after(() => xl("destroy", "twin").catch(() => {}));
  const theirs = await live(t, await startLibvirtd(t, folder));
  const ours = await live(t, (await Tsvirtd.start(t)).uri("xen"));
  const different = theirs.outcomes.flatMap((expected, at) => {
    const got = ours.outcomes[at] ?? assert.fail("a line is missing");
    // What libvirt's driver does not do at all, ours may.
    if (expected.line in differences || unsupported.test(expected.printed)) return [];
    const [mine, other] = [comparable(got), comparable(expected)];
    return mine === other ? [] : [`${expected.line}\nours: ${mine}\ntheirs: ${other}`];
  });
  assert.ok(different.length === 0, different.join("\n"));
  // Ours tells more; libvirt's tells of a reboot's new start before its end.
  const told = [...ours.events];
  const missing = theirs.events.filter((event) => told.splice(told.indexOf(event) >>> 0, 1).length === 0);
  assert.deepEqual(missing, []);
});
