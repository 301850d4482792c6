/** tsvirt and virsh on the QEMU driver of the C libvirtd, with a guest that runs. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { promisify } from "node:util";
import { type Outcome, tsvirt, virshMissing } from "../../../src/cli/virsh.test.support.ts";
import { skipWithoutQemu } from "../../helpers/qemu.ts";
import { writeTinyGuest } from "../../helpers/tiny-guest.ts";
import { runClient } from "../../helpers/tsvirtd.ts";
import { Libvirtd, withoutLibvirtd } from "../../remote/libvirtd.ts";
import { anywhere } from "./expected.ts";
import { DefinitionFolder } from "./files.ts";
import { runningLines } from "./running.ts";

const guest = (folder: string) => `<domain type='qemu'>
  <name>guest</name>
  <uuid>c0de0000-0000-4000-8000-000000000001</uuid>
  <memory unit='MiB'>64</memory>
  <vcpu>1</vcpu>
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
  <features><acpi/></features>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <disk type='file'><driver name='qemu' type='qcow2'/><source file='${folder}/guest.qcow2'/><target dev='vda' bus='virtio'/></disk>
    <interface type='user'><mac address='52:54:00:00:00:01'/><model type='virtio'/></interface>
    <serial type='pty'/>
    <memballoon model='virtio'/>
  </devices>
</domain>
`;

type Run = (argv: readonly string[]) => Promise<Outcome>;

/** A program with a daemon and a folder of its own. */
class Side {
  readonly #run: Run;
  readonly #uri: string;
  readonly #folder: DefinitionFolder;

  private constructor(run: Run, uri: string, folder: DefinitionFolder) {
    this.#run = run;
    this.#uri = uri;
    this.#folder = folder;
  }

  static async create(t: TestContext, run: Run): Promise<Side> {
    const [daemon, folder] = await Promise.all([Libvirtd.start(), DefinitionFolder.create()]);
    t.after(async () => {
      await daemon.stop();
      await folder.remove();
    });
    await chmod(folder.path, 0o777);
    await writeTinyGuest(join(folder.path, "tiny.img"));
    const image = (...words: string[]) => promisify(execFile)("qemu-img", words);
    await image("convert", "-O", "qcow2", join(folder.path, "tiny.img"), join(folder.path, "guest.qcow2"));
    await image("create", "-q", "-f", "qcow2", join(folder.path, "extra.qcow2"), "1M");
    await writeFile(join(folder.path, "guest.xml"), guest(folder.path));
    return new Side(run, daemon.uri("qemu", "/system"), folder);
  }

  async outcome(line: string): Promise<Outcome> {
    const { stdout, stderr, code } = anywhere(
      await this.#run(["-c", this.#uri, this.#folder.expand(line)]),
      this.#folder,
    );
    return { stdout: settled(stdout), stderr: settled(stderr), code };
  }
}

/** Takes out what two runs of a guest do not have in common. */
function settled(text: string): string {
  return text
    .replace(/\/dev\/pts\/\d+/g, "(terminal)")
    .replace(/^(actual|rss|[a-z_]+) \d+$/gm, "$1 (number)")
    .replace(/^(Allocation|Physical|Time elapsed|[A-Z][a-z ]+):( +)[\d.]+.*$/gm, "$1:$2(number)")
    .replace(/((?:vcpu\.\d+)\.(?:wait|delay)=)\d+/g, "$1(number)")
    .replace(/^(CPU: +)\d+$/gm, "$1(number)")
    .replace(/libvirt-\d+/g, "(serial)")
    .replace(/\[ *\d+(\.\d+)? %\]|[A-Z][a-z]+(?: [A-Z]?[a-z]+)?: \[[^\]]*\]/g, "(progress)");
}

const skip = withoutLibvirtd() || skipWithoutQemu;

test("a running guest of the C libvirtd", { skip }, async (t) => {
  const missing = await virshMissing();
  if (missing) return t.skip(missing);
  const sides = await Promise.all(
    [(argv: readonly string[]) => runClient("virsh", argv), tsvirt].map((run) => Side.create(t, run)),
  );
  for (const line of runningLines) {
    await t.test(line, async () => {
      const [virshs, tsvirts] = await Promise.all(sides.map((side) => side.outcome(line)));
      assert.deepEqual(tsvirts, virshs);
    });
  }
});
