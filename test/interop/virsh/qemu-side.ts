/** A client with a QEMU daemon and a folder of its own, libvirt's or ours: the same lines asked of each are comparable. */
import { execFile } from "node:child_process";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { promisify } from "node:util";
import type { Outcome } from "../../../src/cli/virsh.test.support.ts";
import { writeTinyGuest } from "../../helpers/tiny-guest.ts";
import { shortFolder, Tsvirtd } from "../../helpers/tsvirtd.ts";
import { Libvirtd, qemuConf } from "../../remote/libvirtd.ts";
import { anywhere } from "./expected.ts";
import { DefinitionFolder } from "./files.ts";
import { relayTo } from "./relay.ts";

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

export type Run = (argv: readonly string[]) => Promise<Outcome>;

/** Starts a daemon and gives its socket. */
export type StartDaemon = (t: TestContext) => Promise<string>;

const hostUuid = "6b9f2d0a-3c1e-4a57-9d58-0f2a7c4e9b10";

/** libvirt's daemon. */
export const cDaemon: StartDaemon = async (t) => {
  const daemon = await Libvirtd.start({ network: true });
  t.after(() => daemon.stop());
  return daemon.socket;
};

/** Ours, in a network of its own too. */
export const tsDaemon: StartDaemon = async (t) => {
  const root = join(await shortFolder(t), "root");
  await mkdir(root);
  await writeFile(join(root, "qemu.conf"), qemuConf);
  const daemon = await Tsvirtd.start(t, { root, network: true, config: `host_uuid = "${hostUuid}"\n` });
  return daemon.socket();
};

export class QemuSide {
  readonly #run: Run;
  readonly #uri: string;
  readonly #folder: DefinitionFolder;

  private constructor(run: Run, uri: string, folder: DefinitionFolder) {
    this.#run = run;
    this.#uri = uri;
    this.#folder = folder;
  }

  static async create(t: TestContext, run: Run, start: StartDaemon): Promise<QemuSide> {
    const folder = await DefinitionFolder.create();
    t.after(() => folder.remove());
    const uri = `qemu+unix:///system?socket=${await relayTo(t, await start(t))}`;
    await chmod(folder.path, 0o777);
    await writeTinyGuest(join(folder.path, "tiny.img"));
    const image = (...words: string[]) => promisify(execFile)("qemu-img", words);
    await image("convert", "-O", "qcow2", join(folder.path, "tiny.img"), join(folder.path, "guest.qcow2"));
    await image("create", "-q", "-f", "qcow2", join(folder.path, "extra.qcow2"), "1M");
    await writeFile(join(folder.path, "guest.xml"), guest(folder.path));
    return new QemuSide(run, uri, folder);
  }

  async outcome(line: string): Promise<Outcome> {
    const { stdout, stderr, code } = anywhere(
      await this.#run(["-c", this.#uri, this.#folder.expand(line)]),
      this.#folder,
    );
    const moved = (text: string) => settled(text.replaceAll(this.#uri, "qemu:///system"));
    return { stdout: moved(stdout), stderr: moved(stderr), code };
  }
}

/** Takes out what two runs of a guest do not have in common. */
function settled(text: string): string {
  return (
    text
      .replace(/\/dev\/pts\/\d+/g, "(terminal)")
      // It is told only where it is not nothing.
      .replace(/^Memory bandwidth: .*\n/gm, "")
      .replace(/^(actual|rss|[a-z_]+) \d+$/gm, "$1 (number)")
      .replace(/^(Allocation|Physical|Time elapsed|[A-Z][a-z ]+):( +)[\d.]+.*$/gm, "$1:$2(number)")
      .replace(/((?:vcpu\.\d+)\.(?:wait|delay)=)\d+/g, "$1(number)")
      .replace(/^(CPU: +)\d+$/gm, "$1(number)")
      .replace(/52:54:00:(?!00:00)[0-9a-f:]{8}/g, "(address)")
      .replace(/\b(?!c0de0000)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "(uuid)")
      .replace(/<([amcb]time)>[\d.]+</g, "<$1>(time)<")
      .replace(/^(\w+ *: +)\d+ KiB$/gm, "$1(number)")
      .replace(/(\d+: +)\d+ KiB|(?<=KiB: )\d+/g, "$1(number)")
      .replace(/(block\.\d+\.(?:(?:rd|wr|fl)\.\w+|physical)=|balloon\.rss=)\d+/g, "$1(number)")
      .replace(/(vd[a-z] \w+_(?:total_times|operations)|total duration of \w+ \(ns\): +|shm_\w+) +\d+/g, "$1 (number)")
      .replace(/<creationTime>\d+</g, "<creationTime>(moment)<")
      .replace(/libvirt-\d+/g, "(serial)")
      .replace(/\[ *\d+(\.\d+)? %\]|[A-Z][a-z]+(?: [A-Z]?[a-z]+)?: \[[^\]]*\]/g, "(progress)")
      // How often it is told depends on how long it takes.
      .replace(/(?:\r\(progress\))+/g, "\r(progress)")
  );
}
