/** What is set and asked by the monitor before a guest's processors run: what no command line can say. */
import {
  type CharBackend,
  type Domain as Definition,
  type Disk,
  type Graphics,
  type Interface,
  imageOf,
} from "../../../model/domain/index.ts";
import type { LiveDomain } from "../domain/live.ts";
import { plugListedVcpus } from "../domain/plug-vcpus.ts";
import { throttleDisk } from "../domain/throttle.ts";
import type { LaunchSettings } from "../launch/context.ts";
import { setLink } from "../monitor/commands/device.ts";
import { expirePassword, setPassword } from "../monitor/commands/display.ts";
import { balloon, setGuestStatsInterval } from "../monitor/commands/memory.ts";
import { setAction } from "../monitor/commands/run-state.ts";
import type { QmpMonitor } from "../monitor/qmp.ts";
import { array, fields, string } from "../monitor/shape.ts";
import { placeThreads } from "./host/placement.ts";
import { checkProcessor } from "./host/processor-check.ts";

/** What is independent, at once: QEMU answers in order. Where threads run is said when all of them are there. */
export async function setUp(live: LiveDomain, settings: Pick<LaunchSettings, "vnc" | "spice">): Promise<void> {
  const { monitor, definition } = live;
  await Promise.all([
    ...definition.devices.graphics.map((graphics) => setPasswords(monitor, graphics, settings)),
    setUpDevices(monitor, definition),
    setReboot(live),
    setBalloon(monitor, definition),
    plugListedVcpus(live),
    checkProcessor(live),
  ]);
  await placeThreads(live);
}

/** A reboot of the guest is the end of it where its definition says so. Older emulators were told on the command line. */
async function setReboot({ monitor, definition, capabilities }: LiveDomain): Promise<void> {
  if (definition.on_reboot === "destroy" && capabilities.has("set-action"))
    await setAction(monitor, { reboot: "shutdown" });
}

/** What is said of devices that are there, also of those that were plugged in. */
export async function setUpDevices(monitor: QmpMonitor, definition: Pick<Definition, "devices">): Promise<void> {
  await Promise.all([
    ...definition.devices.interfaces.map((card) => unplugCable(monitor, card)),
    ...definition.devices.disks.map((disk) => limitDisk(monitor, disk)),
    findTerminals(monitor, definition),
  ]);
}

export async function setPasswords(
  monitor: QmpMonitor,
  graphics: Graphics,
  settings: Pick<LaunchSettings, "vnc" | "spice">,
): Promise<void> {
  const { type } = graphics;
  if (type !== "vnc" && type !== "spice") return;
  const passwd = graphics.passwd ?? settings[type].password;
  if (passwd === undefined) return;
  const { passwdValidTo, connected } = graphics;
  const until = passwdValidTo === undefined ? "never" : String(Math.trunc(Date.parse(`${passwdValidTo}Z`) / 1000));
  await Promise.all([setPassword(monitor, type, passwd, connected ?? "keep"), expirePassword(monitor, type, until)]);
}

/** A card comes up with its cable plugged in. */
async function unplugCable(monitor: QmpMonitor, { alias, link }: Interface): Promise<void> {
  if (link === "down" && alias !== undefined) await setLink(monitor, alias, false);
}

/** A drive without a medium has nothing that could be limited. */
async function limitDisk(monitor: QmpMonitor, disk: Disk): Promise<void> {
  if (disk.iotune !== undefined && imageOf(disk.storage) !== undefined) await throttleDisk(monitor, disk, disk.iotune);
}

const chardevs = array(fields({ label: string, filename: string }));

/** Says in the definition which terminals QEMU has made for the guest's ports. */
async function findTerminals(monitor: QmpMonitor, { devices }: Pick<Definition, "devices">): Promise<void> {
  const { serials, parallels, consoles, channels } = devices;
  const ports = [...serials, ...parallels, ...consoles, ...channels].filter(({ backend }) => backend.type === "pty");
  if (ports.length === 0) return;
  const names = new Map<string, string>();
  for (const { label, filename } of await monitor.ask("query-chardev", chardevs)) names.set(label, filename);
  for (const { alias, backend } of ports) {
    const path = /^pty:(\/dev\/pts\/\d+)/.exec(names.get(`char${alias}`) ?? "")?.[1];
    if (path !== undefined) setTerminal(backend, path);
  }
}

function setTerminal(backend: CharBackend, path: string): void {
  if (backend.type === "pty") backend.source = { ...backend.source, path, seclabels: backend.source?.seclabels ?? [] };
}

async function setBalloon(monitor: QmpMonitor, { devices, memory, currentMemory }: Definition): Promise<void> {
  const { memballoon } = devices;
  if (memballoon === undefined || memballoon.model === "none") return;
  const work: Promise<void>[] = [];
  if (currentMemory < memory.value) work.push(balloon(monitor, currentMemory * 1024n));
  const { period } = memballoon.stats ?? {};
  if (period !== undefined && memballoon.alias !== undefined) {
    work.push(setGuestStatsInterval(monitor, `/machine/peripheral/${memballoon.alias}`, period));
  }
  await Promise.all(work);
}
