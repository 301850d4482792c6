/** A domain as libxl describes it (`xl list -l`), for those that others made: what is known of it becomes a definition. */
import { LibvirtError } from "../../errors.ts";
import { mac, uuid } from "../../xml/index.ts";
import {
  channel,
  type Disk,
  type Domain,
  diskBusOf,
  disk as diskShape,
  domainDocument,
  type Graphics,
  graphics as graphicsShape,
  type Interface,
  type ParsedDomain,
} from "../domain/index.ts";
import { setBootOrder } from "./boot.ts";
import { finishXenDomain } from "./definition.ts";
import { setClock } from "./features.ts";
import { setGuestType } from "./general.ts";
import { readListen } from "./graphics.ts";
import { blockImage, fileImage } from "./images.ts";
import { usualHost, type XenHost } from "./setting.ts";
import { readVif } from "./vif.ts";

type Json = Readonly<Record<string, unknown>>;

/** The longest description that is read, in characters; the most devices of a kind. */
const maxLength = 16 * 1024 * 1024;
const maxDevices = 4096;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const object = (value: unknown): Json => (isObject(value) ? value : {});
const objects = (value: unknown): Json[] => (Array.isArray(value) ? value.slice(0, maxDevices).filter(isObject) : []);
const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);
const count = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
/** libxl's booleans may be words. */
const yes = (value: unknown): boolean => value === true || value === 1 || value === "True";

/** The description of a domain in a list of them, by its number; undefined when it is not there. */
export function libxlEntry(list: string, id: number): Json | undefined {
  if (list.length > maxLength) throw malformed(`it is longer than ${maxLength} characters`);
  let all: unknown;
  try {
    all = JSON.parse(list);
  } catch (error) {
    throw malformed(error instanceof Error ? error.message : String(error));
  }
  const found = objects(all).find(({ domid }) => domid === id);
  return found === undefined ? undefined : object(found.config);
}

const malformed = (detail: string): LibvirtError =>
  new LibvirtError("INTERNAL_ERROR", "LIBXL", `libxl's description of domains cannot be read: ${detail}`);

const guestTypes = { pv: "xen", pvh: "xenpvh", hvm: "hvm" } as const;

/** The definition that a description stands for; null when it does not even say a name. */
export function definitionOfLibxl(config: Json, host: XenHost = usualHost): Domain | null {
  const [created, built] = [object(config.c_info), object(config.b_info)];
  const [name, id, type] = [text(created.name), text(created.uuid), text(created.type)];
  if (name === undefined || id === undefined) return null;
  const draft = domainDocument.make({ type: "xen", name });
  draft.uuid = uuid.parse(id) ?? id;
  setGuestType(
    draft,
    type !== undefined && Object.hasOwn(guestTypes, type) ? guestTypes[type as keyof typeof guestTypes] : "xen",
    host,
  );
  setClock(draft, { seconds: 0n, isLocal: false });
  readSizes(draft, built);
  readBoot(draft, built);
  readEndings(draft, config);
  readDevices(draft, config);
  return finishXenDomain({ value: draft, unknown: [] }, { host, skipValidation: true });
}

function readSizes(draft: ParsedDomain, built: Json): void {
  const most = count(built.max_memkb) ?? count(built.target_memkb) ?? 0;
  draft.memory.value = BigInt(Math.max(1, most));
  draft.currentMemory = BigInt(count(built.target_memkb) ?? most);
  draft.vcpu.value = Math.min(Math.max(1, count(built.max_vcpus) ?? 1), 16384);
  const there = Array.isArray(built.avail_vcpus) ? built.avail_vcpus.length : draft.vcpu.value;
  if (there > 0 && there < draft.vcpu.value) draft.vcpu.current = there;
}

function readBoot(draft: ParsedDomain, built: Json): void {
  const { os } = draft;
  const own = object(built[`type.${os.type.value === "xen" ? "pv" : os.type.value === "xenpvh" ? "pvh" : "hvm"}`]);
  const of = (key: string): string | undefined => text(built[key]) ?? text(own[key]);
  const [kernel, initrd, cmdline, bootloader] = ["kernel", "ramdisk", "cmdline", "bootloader"].map(of);
  if (kernel !== undefined) os.kernel = kernel;
  if (initrd !== undefined) os.initrd = initrd;
  if (cmdline !== undefined) os.cmdline = cmdline;
  if (os.type.value !== "hvm") {
    if (bootloader !== undefined) draft.bootloader = bootloader;
    return;
  }
  draft.features = { ...draft.features, acpi: yes(built.acpi), pae: yes(own.pae), viridian: false, privnet: false };
  if (yes(built.apic)) draft.features.apic = {};
  setBootOrder(draft, of("boot") ?? "c");
  const emulator = text(built.device_model);
  if (emulator !== undefined) draft.devices.emulator = emulator;
  if (yes(object(own.vnc).enable)) draft.devices.graphics.push(screenOf(object(own.vnc)));
}

const actions = ["destroy", "restart", "rename-restart", "preserve"] as const;
const crashActions = [...actions, "coredump-destroy", "coredump-restart"] as const;

function readEndings(draft: ParsedDomain, config: Json): void {
  const action = <A extends string>(key: string, words: readonly A[]): A | undefined => {
    const word = text(config[key])?.replaceAll("_", "-");
    return words.find((one) => one === word);
  };
  draft.on_poweroff = action("on_poweroff", actions) ?? "destroy";
  draft.on_reboot = action("on_reboot", actions) ?? "destroy";
  draft.on_crash = action("on_crash", crashActions) ?? "destroy";
}

function readDevices(draft: ParsedDomain, config: Json): void {
  const { devices, os } = draft;
  devices.disks.push(...objects(config.disks).flatMap(diskOf));
  devices.interfaces.push(...objects(config.nics).map(cardOf));
  if (os.type.value !== "hvm") {
    for (const frame of objects(config.vfbs))
      if (yes(object(frame.vnc).enable)) devices.graphics.push(screenOf(object(frame.vnc)));
  }
  for (const one of objects(config.channels)) {
    const name = text(one.name);
    const target = { type: "xen" as const, ...(name && { name }) };
    devices.channels.push(channel.make({ backend: { type: "pty" }, target }));
  }
}

const drivers: Readonly<Record<string, string>> = { qdisk: "qemu", phy: "phy", tap: "tap" };
const formats = { raw: "raw", qcow: "qcow", qcow2: "qcow2", qed: "qed", vhd: "vpc" } as const;

function diskOf(said: Json): Disk[] {
  const dev = text(said.vdev);
  if (dev === undefined || !/^[a-z]{2,4}[a-z0-9]*$/.test(dev)) return [];
  const path = text(said.pdev_path);
  const driver = drivers[text(said.backend) ?? ""];
  const format = text(said.format) ?? "raw";
  const type = Object.hasOwn(formats, format) ? formats[format as keyof typeof formats] : "raw";
  return [
    diskShape.make({
      device: yes(said.is_cdrom) ? "cdrom" : "disk",
      driver: { type, ...(driver && { name: driver }) },
      storage: path?.startsWith("/dev/") ? blockImage(path) : fileImage(path),
      target: { dev, bus: diskBusOf(dev) ?? "ide" },
      readonly: !yes(said.readwrite),
    }),
  ];
}

function cardOf(said: Json): Interface {
  const facts = new Map<string, string>();
  for (const [key, name] of [
    ["bridge", "bridge"],
    ["ip", "ip"],
    ["script", "script"],
    ["model", "model"],
    ["ifname", "vifname"],
  ] as const) {
    const value = text(said[key]);
    if (value !== undefined) facts.set(name, value);
  }
  const card = readVif(facts);
  const address = text(said.mac);
  if (address !== undefined) card.mac = { address: mac.parse(address) ?? address };
  return card;
}

const firstVncPort = 5900;

function screenOf(vnc: Json): Graphics {
  const said = text(vnc.listen);
  const { address: listen, display: own } = said === undefined ? { address: undefined } : readListen(said);
  const display = own ?? count(vnc.display);
  const known = display !== undefined && !yes(vnc.findunused);
  return graphicsShape.make({
    type: "vnc",
    autoport: !known,
    ...(known && { port: firstVncPort + Math.min(display, 65535 - firstVncPort) }),
    listens: listen === undefined ? [] : [{ type: "address", address: listen }],
  });
}
