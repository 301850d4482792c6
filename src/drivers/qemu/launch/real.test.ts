/** The installed QEMU takes the command lines that are planned for it. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, type TestContext, test } from "node:test";
import { skipWithoutQemu, temporaryFolder } from "../../../../test/helpers/qemu.ts";
import { boundToUs } from "../../../host/bound-process.ts";
import { hostTree } from "../../../host/node/file-tree.ts";
import { connectUnix, listenForChild } from "../../../host/unix.ts";
import { type Domain, parseDomain } from "../../../model/domain/index.ts";
import type { QemuCapabilities } from "../capabilities/capabilities.ts";
import { findEmulator } from "../capabilities/emulators.ts";
import { probeEmulator } from "../capabilities/probe.ts";
import { completionFor } from "../definition/index.ts";
import { type Firmware, firmwareFolders, readFirmware } from "../firmware/descriptor.ts";
import { QmpMonitor } from "../monitor/qmp.ts";
import { defaultSettings } from "../settings/index.ts";
import {
  type LaunchContext,
  type LaunchFacts,
  type LaunchPlan,
  type PrepareContext,
  planLaunch,
  prepareLaunch,
} from "./index.ts";

let emulator = "";
let capabilities: QemuCapabilities;
let firmware: readonly Firmware[] = [];

before(async () => {
  if (skipWithoutQemu !== false) return;
  emulator = (await findEmulator("x86_64")) ?? "";
  capabilities = await probeEmulator(emulator);
  firmware = await readFirmware(hostTree("/"), firmwareFolders());
});

interface GuestText {
  readonly machine?: string;
  readonly firmware?: "efi";
  readonly os?: string;
  /** What stands between `<os>` and `<devices>`. */
  readonly body?: string;
  readonly head?: string;
  readonly devices?: string;
}

const document = ({
  machine = "q35",
  firmware: kind,
  os = "",
  head = "",
  body = "",
  devices = "",
}: GuestText): string =>
  `<domain type='qemu'><name>guest</name><memory unit='MiB'>64</memory>${head}` +
  `<os${kind === undefined ? "" : ` firmware='${kind}'`}><type arch='x86_64' machine='${machine}'>hvm</type>${os}</os>${body}<devices>${devices}</devices></domain>`;

function complete(text: string): Domain {
  const context = {
    capabilities,
    hostArch: "x86_64",
    emulatorFor: () => emulator,
    channelFolder: "/nowhere",
    abiUpdate: true,
  };
  return parseDomain(text, { inactive: true, ...completionFor(context) });
}

function absent(): never {
  throw new Error("the test's guests do not need this of the host");
}

const facts: LaunchFacts = {
  secret: absent,
  seal: absent,
  volume: absent,
  fdSet: absent,
  isHostCdrom: () => false,
  scsiGeneric: absent,
  vhostNet: false,
  tap: absent,
  outputFile: (path) => path,
  vdpa: absent,
  vsockCid: absent,
  passtSocket: absent,
  tpmCancelPath: absent,
  tpmSocket: absent,
};

function prepareContext(folder: string): PrepareContext {
  const port = (first: number) => () => first;
  return {
    settings: defaultSettings({ memoryBackingFolder: folder }),
    firmware: { installed: firmware, emulatorArch: capabilities.emulatorArch, nvramFolder: folder },
    capabilities,
    folder,
    channelFolder: folder,
    ports: { vnc: port(5999), websocket: port(5799), spice: port(5998) },
    networkAddress: absent,
    busAddress: absent,
    renderNode: absent,
    newUuid: () => "6a1bd2c5-0d3c-4f64-a3c4-5e7f0a1b2c3d",
    restored: false,
  };
}

function launchContext(folder: string): LaunchContext {
  return {
    capabilities,
    folder,
    settings: defaultSettings({ memoryBackingFolder: folder }),
    facts,
    monitor: { kind: "listen", path: join(folder, "monitor.sock") },
    masterKey: new Uint8Array(32),
    descriptors: [],
    environment: { PATH: process.env.PATH },
    ownHome: true,
    hostArch: "x86_64",
    pageSize: 4096,
    now: 0,
    utcOffset: 0,
  };
}

/** Does what the plan says, and asks the guest how it is. */
async function startPlan(t: TestContext, plan: LaunchPlan): Promise<unknown> {
  for (const folder of plan.folders) await mkdir(folder, { recursive: true });
  for (const { path, mode, content } of plan.files) await writeFile(path, content, { mode });
  const [socket] = plan.descriptors;
  assert.ok(socket?.kind === "listen" && plan.descriptors.length === 1);
  const listener = await listenForChild(socket.path);
  const child = spawn(...boundToUs(plan.emulator, plan.args), {
    env: plan.env,
    stdio: ["ignore", "ignore", "pipe", listener.fd],
  });
  const exited = once(child, "exit");
  t.after(async () => {
    child.kill("SIGKILL");
    await exited;
  });
  let last = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    last += text;
  });
  await listener.release();
  try {
    const monitor = await QmpMonitor.over(await connectUnix(socket.path), { timeout: 180_000 });
    t.after(() => monitor.close());
    return await monitor.execute("query-status");
  } catch (error) {
    await exited;
    throw new Error(`QEMU says: ${last}`, { cause: error });
  }
}

/** Plans a guest and starts it; its disks are empty files named by `images`. */
async function accepts(t: TestContext, guest: (folder: string) => GuestText): Promise<void> {
  const folder = await temporaryFolder(t);
  for (const image of ["a", "b", "c"]) await writeFile(join(folder, `${image}.img`), new Uint8Array(65536));
  const domain = complete(document(guest(folder)));
  prepareLaunch(domain, prepareContext(folder));
  const { nvram } = domain.os;
  if (nvram?.template !== undefined && nvram.value !== undefined) await copyFile(nvram.template, nvram.value);
  const status = (await startPlan(t, planLaunch(domain, launchContext(folder)))) as { status?: string };
  assert.equal(status.status, "prelaunch");
}

const options = { skip: skipWithoutQemu };

test("a guest with nothing", options, (t) => accepts(t, () => ({ machine: "pc" })));

test("a server", options, (t) =>
  accepts(t, (folder) => ({
    os: "<boot dev='hd'/><bootmenu enable='yes' timeout='100'/>",
    head: "<vcpu current='2'>4</vcpu><iothreads>2</iothreads>",
    body:
      "<features><acpi/><apic/><vmport state='off'/><smm state='on'/></features>" +
      "<cpu mode='custom'><model>qemu64</model><topology sockets='2' cores='2' threads='1'/></cpu>" +
      "<clock offset='utc'><timer name='rtc' tickpolicy='catchup'/><timer name='hpet' present='no'/></clock>" +
      "<on_crash>restart</on_crash><pm><suspend-to-mem enabled='no'/><suspend-to-disk enabled='no'/></pm>",
    devices:
      `<disk type='file' device='disk'><driver name='qemu' type='raw' cache='none' discard='unmap' iothread='1'/>` +
      `<source file='${folder}/a.img'/><target dev='vda' bus='virtio'/></disk>` +
      `<disk type='file' device='cdrom'><source file='${folder}/b.img'/><target dev='sda' bus='sata'/><readonly/></disk>` +
      `<disk type='file' device='disk'><source file='${folder}/c.img'/><target dev='sdb' bus='scsi'/></disk>` +
      "<controller type='scsi' model='virtio-scsi'/><controller type='usb' model='qemu-xhci' ports='15'/>" +
      "<interface type='user'><model type='virtio'/></interface><serial type='pty'/>" +
      "<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>" +
      "<input type='tablet' bus='usb'/><graphics type='vnc' autoport='yes'/><video><model type='virtio'/></video>" +
      "<rng model='virtio'><backend model='random'>/dev/urandom</backend></rng><memballoon model='virtio'/>" +
      "<watchdog model='i6300esb' action='reset'/><panic model='isa'/>",
  })),
);

test("a desktop of old", options, (t) =>
  accepts(t, (folder) => ({
    machine: "pc",
    os: "<boot dev='fd'/><boot dev='network'/><bios rebootTimeout='100'/>",
    body:
      "<sysinfo type='smbios'><system><entry name='manufacturer'>a, b</entry></system></sysinfo>" +
      "<features><acpi/><apic/></features><clock offset='localtime'/>",
    devices:
      `<disk type='file' device='floppy'><source file='${folder}/a.img'/><target dev='fda' bus='fdc'/></disk>` +
      `<disk type='file' device='disk'><source file='${folder}/b.img'/><target dev='hda' bus='ide'/></disk>` +
      `<disk type='file' device='disk'><source file='${folder}/c.img'/><target dev='sda' bus='usb'/></disk>` +
      "<interface type='user'><model type='rtl8139'/></interface><interface type='user'><model type='e1000'/></interface>" +
      `<serial type='file'><source path='${folder}/serial'/></serial><parallel type='null'/>` +
      "<sound model='ich6'/><graphics type='vnc' port='-1'><listen type='socket'/></graphics>" +
      "<video><model type='cirrus'/></video>",
  })),
);

test("NUMA nodes, memory in files and modules of memory", options, (t) =>
  accepts(t, () => ({
    head:
      "<maxMemory slots='4' unit='MiB'>512</maxMemory>" +
      "<memoryBacking><source type='file'/><access mode='shared'/></memoryBacking><vcpu>2</vcpu>",
    body:
      "<features><acpi/></features><cpu><numa><cell id='0' cpus='0' memory='32' unit='MiB'><distances><sibling id='1' value='21'/></distances></cell>" +
      "<cell id='1' cpus='1' memory='32' unit='MiB'/></numa></cpu>",
    devices: "<memory model='dimm'><target><size unit='MiB'>64</size><node>1</node></target></memory>",
  })),
);

test("locked-down memory, Hyper-V and a clock that is ahead", options, (t) =>
  accepts(t, () => ({
    head: "<genid/><memoryBacking><source type='memfd'/><access mode='shared'/><allocation mode='immediate'/></memoryBacking>",
    body:
      "<features><acpi/><hyperv><relaxed state='on'/><spinlocks state='on' retries='8191'/></hyperv>" +
      "<kvm><hidden state='on'/></kvm><vmcoreinfo state='on'/></features><clock offset='variable' adjustment='3600'/>",
  })),
);

test("UEFI with variables of its own", options, (t) => {
  if (!firmware.some(({ interfaces }) => interfaces.includes("uefi"))) return t.skip("no UEFI firmware is installed");
  return accepts(t, () => ({ firmware: "efi", body: "<features><acpi/></features>" }));
});
