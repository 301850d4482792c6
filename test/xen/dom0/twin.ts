/** libvirt's own driver for Xen beside ours: the same lines typed into virsh, on either, and what comes of each. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { runClient, Tsvirtd } from "../../helpers/tsvirtd.ts";
import { guestXml } from "../inside/xen-subject.ts";
import { guestUp, xl } from "../inside/xl.ts";

const program = "/usr/sbin/libvirtd";
const skip = existsSync(program) && existsSync("/usr/bin/virsh") ? false : "libvirtd is not there";

const folder = await mkdtemp(join(tmpdir(), "twin-"));

/** The C daemon; gives the URI of its driver for Xen. */
async function startLibvirtd(): Promise<string> {
  for (const path of ["/run/libvirt", "/var/lib/libvirt", "/var/cache/libvirt", "/var/log/libvirt", "/etc/libvirt"])
    await mkdir(path, { recursive: true });
  const conf = join(folder, "libvirtd.conf");
  const sockets = join(folder, "sockets");
  await mkdir(sockets);
  const settings = [`unix_sock_dir = "${sockets}"`, 'auth_unix_rw = "none"', 'auth_unix_ro = "none"', "log_level = 2"];
  await writeFile(conf, `${settings.join("\n")}\n`);
  const child = spawn(program, ["-f", conf, "-p", join(folder, "pid")], { stdio: ["ignore", "ignore", "inherit"] });
  after(() => child.kill());
  const socket = join(sockets, "libvirt-sock");
  for (let tried = 0; tried < 600; tried++) {
    if (await accepts(socket)) return `xen+unix:///system?socket=${socket}`;
    assert.equal(child.exitCode, null, "libvirtd has ended");
    await delay(100);
  }
  throw new Error("libvirtd does not listen");
}

function accepts(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

/** What a line did. */
interface Outcome {
  readonly line: string;
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const file = join(folder, "twin.xml");

/**
 * The lines of one life. Saving is not among them: libvirt's driver cannot in this host, its library says no more than
 * "Failed to save domain", while xl and ours can. `up`: the guest's kernel is waited for. */
const lines: readonly (string | { readonly up: string })[] = [
  `define ${file}`,
  "list --all",
  "domstate twin",
  "dominfo twin",
  "start twin",
  { up: "twin" },
  "domstate --reason twin",
  "dominfo twin",
  "domid twin",
  "vcpucount twin",
  "schedinfo twin",
  "schedinfo twin --set weight=512",
  "schedinfo twin",
  "setmem twin 90000",
  "setmem twin 999999",
  "suspend twin",
  "domstate --reason twin",
  "start twin",
  "resume twin",
  "domstate --reason twin",
  "ttyconsole twin",
  "domuuid twin",
  "dommemstat twin",
  "vcpupin twin",
  "undefine nosuch",
  "start nosuch",
  "autostart twin",
  "dominfo twin",
  "autostart --disable twin",
  "destroy twin",
  "destroy twin",
  "domstate --reason twin",
  "undefine twin",
  "domstate twin",
  "nodeinfo",
  "dominfo Domain-0",
  "destroy Domain-0",
];

async function live(uri: string): Promise<Outcome[]> {
  await writeFile(file, guestXml("twin", "<uuid>00112233-4455-6677-8899-aabbccddee01</uuid>"));
  const outcomes: Outcome[] = [];
  for (const line of lines) {
    if (typeof line !== "string") {
      await guestUp(line.up);
      continue;
    }
    const { code, stdout, stderr } = await runClient("virsh", ["-c", uri, line]);
    outcomes.push({ line, code, stdout, stderr });
  }
  return outcomes;
}

test("the same lines do the same on either daemon", { skip }, async (t) => {
  t.after(() => xl("destroy", "twin").catch(() => {}));
  const theirs = await live(await startLibvirtd());
  const ours = await live((await Tsvirtd.start(t)).uri("xen"));
  const different: string[] = [];
  for (const [at, expected] of theirs.entries()) {
    const got = ours[at] ?? assert.fail("a line is missing");
    if (differences[expected.line] === undefined && shown(got) !== shown(expected))
      different.push(`${expected.line}\nours: ${shown(got)}\ntheirs: ${shown(expected)}`);
  }
  assert.deepEqual(different, []);
});

/** What a line did, without what is another in each life: numbers of domains and times. */
function shown({ code, stdout, stderr }: Outcome): string {
  const text = stdout.replace(/^(Id|CPU time): +.*$/gm, "$1:").replace(/^ [-\d]+ +/gm, " N ");
  return `${code}: ${text.replace(/\d+ +(?=twin)/g, "")}${stderr}`;
}

/** Lines that do not do the same, and why. */
const differences: Readonly<Record<string, string>> = {
  "domid twin": "each life has a number of its own",
  "destroy Domain-0": "both refuse it with OPERATION_INVALID, in words of their own",
};
