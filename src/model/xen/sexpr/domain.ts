/** Domains in xend's language, from and to definitions: the settings of xm, each in its place. */

import { InvalidValue } from "../../../xml/index.ts";
import type { ConfigurationValue } from "../../configuration.ts";
import type { Disk, Domain, Hostdev, ParsedDomain } from "../../domain/index.ts";
import { malformed } from "../../domain/refuse.ts";
import { readSettings, writeSettings } from "../configuration.ts";
import { readOldDisk, writeOldDisk } from "../disk-xm.ts";
import { Given } from "../given.ts";
import { framebufferOf, readFramebuffer } from "../graphics.ts";
import { isPci, readPci } from "../hostdev.ts";
import type { Pairs } from "../pairs.ts";
import { isHvm, usualHost, type XenHost } from "../setting.ts";
import { readVif, writeVif } from "../vif.ts";
import { formatSexpr, listsOf, parseSexpr, type Sexpr, wordAfter } from "./syntax.ts";

/** Settings of the domain; all others belong to its image. */
const ofDomain: ReadonlySet<string> = new Set([
  ...["name", "uuid", "memory", "maxmem", "vcpus", "vcpu_avail", "cpus", "on_poweroff", "on_reboot", "on_crash"],
  ...["bootloader", "bootargs"],
]);
/** Those that are devices there. */
const asDevices: ReadonlySet<string> = new Set(["disk", "vif", "vfb", "pci"]);
/** What is called otherwise there. */
const renamed: Readonly<Record<string, string>> = {
  extra: "args",
  bootargs: "bootloader_args",
  device_model_override: "device_model",
};
const named = new Map(Object.entries(renamed).map(([name, there]) => [there, name]));

/**
 * The definition that xend's description of a domain stands for.
 * @throws LibvirtError SEXPR_SERIAL, CONF_SYNTAX, XML_ERROR
 */
export function parseXendDomain(text: string, host: XenHost = usualHost): Domain {
  return xendDomain(parseSexpr(text), host);
}

/** Like {@link parseXendDomain}, of an expression that was read. */
export function xendDomain(root: Sexpr, host: XenHost = usualHost): Domain {
  if (typeof root === "string" || (root[0] !== "domain" && root[0] !== "vm")) {
    malformed("a domain in xend's language begins with (domain or (vm");
  }
  const settings = new Map<string, Given>();
  addSettings(settings, root);
  const [, image] = listsOf(root, "image")[0] ?? [];
  if (image !== undefined && typeof image !== "string") {
    settings.set("builder", new Given("image", String(image[0]), 1));
    addSettings(settings, image);
  }
  completeMemory(settings);
  const domain = readSettings(settings, "xm", host, (draft) => addDevices(root, draft));
  const id = wordAfter(root, "domid");
  if (id !== undefined && /^\d{1,5}$/.test(id)) domain.id = Number(id);
  return domain;
}

/** Lists of a word and its value, or its values. */
function addSettings(settings: Map<string, Given>, list: readonly Sexpr[]): void {
  for (const one of list) {
    if (typeof one === "string") continue;
    const [key, value] = one;
    if (typeof key !== "string" || value === undefined) continue;
    const name = named.get(key) ?? key;
    if (asDevices.has(name)) continue;
    const words = typeof value === "string" ? value : value.filter((word) => typeof word === "string");
    if (words.length > 0 || typeof words === "string")
      settings.set(name, new Given(key, words as ConfigurationValue, 1));
  }
}

/** xend counts MiB, in some versions with a fraction. */
function completeMemory(settings: Map<string, Given>): void {
  for (const name of ["memory", "maxmem"]) {
    const text = settings.get(name)?.value;
    if (typeof text === "string" && /^\d+\.\d+$/.test(text))
      settings.set(name, new Given(name, text.replace(/\..*/, ""), 1));
  }
}

function addDevices(root: Sexpr, draft: ParsedDomain): void {
  for (const [, device] of listsOf(root, "device")) {
    if (device === undefined || typeof device === "string") continue;
    try {
      addDevice(device, draft);
    } catch (error) {
      if (error instanceof InvalidValue) malformed(`device ${String(device[0])}: ${error.message}`);
      throw error;
    }
  }
}

function addDevice(device: readonly Sexpr[], { os, devices }: ParsedDomain): void {
  switch (device[0]) {
    case "vbd":
    case "tap":
    case "tap2":
      devices.disks.push(
        readOldDisk({
          uname: wordAfter(device, "uname") ?? "",
          dev: wordAfter(device, "dev") ?? "",
          mode: wordAfter(device, "mode") ?? "w",
        }),
      );
      break;
    case "vif":
      devices.interfaces.push(readVif(pairsOf(device)));
      break;
    case "vfb": {
      const graphics = isHvm({ os }) ? undefined : readFramebuffer(pairsOf(device));
      if (graphics !== undefined) devices.graphics.push(graphics);
      break;
    }
    case "pci":
      for (const address of listsOf(device, "dev")) devices.hostdevs.push(pciOf(address));
      break;
  }
}

function pairsOf(device: readonly Sexpr[]): Map<string, string> {
  return new Map(
    device.flatMap((one) => {
      if (typeof one === "string") return [];
      const [name, value] = one;
      return typeof name === "string" && typeof value === "string" ? [[name, value] as const] : [];
    }),
  );
}

/** The four numbers of an address stand apart, in hexadecimal. */
function pciOf(address: readonly Sexpr[]): Hostdev {
  const part = (name: string): string => (wordAfter(address, name) ?? "0").replace(/^0x/i, "");
  return readPci(`${part("domain")}:${part("bus")}:${part("slot")}.${part("func")}`);
}

/**
 * A completed definition as xend is told it.
 * @throws LibvirtError CONFIG_UNSUPPORTED
 */
export function formatXendDomain(domain: Domain, host: XenHost = usualHost): string {
  const settings = writeSettings(domain, "xm", host).filter(({ name }) => !asDevices.has(name));
  const root: Sexpr[] = ["vm"];
  const image: Sexpr[] = [isHvm(domain) ? "hvm" : "linux"];
  for (const { name, value } of settings) {
    if (name === "builder" || name === "maxvcpus" || name === "vcpus") continue;
    const list = [renamed[name] ?? name, wordsOf(value)];
    (ofDomain.has(name) ? root : image).push(list);
  }
  root.push(...processorsOf(domain), ["image", image]);
  root.push(...devicesOf(domain).map((device) => ["device", device]));
  return formatSexpr(root);
}

function wordsOf(value: ConfigurationValue): Sexpr {
  return typeof value === "object" ? value.map((one) => String(one)) : String(value);
}

/** All there can be, and a mask of those that are there. */
function processorsOf({ vcpu }: Domain): Sexpr[] {
  const all: Sexpr[] = [["vcpus", String(vcpu.value)]];
  if (vcpu.current !== undefined) all.push(["vcpu_avail", String((1n << BigInt(vcpu.current)) - 1n)]);
  return all;
}

function devicesOf(domain: Domain): Sexpr[] {
  const { disks, interfaces, graphics, hostdevs } = domain.devices;
  const screens = isHvm(domain) ? [] : graphics.map((one) => ["vfb", ...listed(framebufferOf(one, "xm"))]);
  const pci = hostdevs.filter(isPci).map(pciWords);
  return [
    ...disks.filter(({ device }) => device !== "floppy").map(diskExpression),
    ...interfaces.map((card) => interfaceExpression(card, isHvm(domain))),
    ...screens.flatMap((screen) => [["vkbd"], screen]),
    ...(pci.length === 0 ? [] : [["pci", ...pci]]),
  ];
}

/** A disk as xend is told it; taps are a kind of their own. */
export function diskExpression(disk: Disk): Sexpr {
  const { uname, dev, mode } = writeOldDisk(disk);
  const [kind] = /^tap2?(?=:)/.exec(uname) ?? ["vbd"];
  return [kind, ["dev", dev.includes(":") ? dev : `${dev}:disk`], ["uname", uname], ["mode", mode]];
}

export function interfaceExpression(card: Parameters<typeof writeVif>[0], hvm: boolean): Sexpr {
  const { type = hvm ? "ioemu" : undefined, ...facts } = writeVif(card, hvm, "xm");
  return ["vif", ...listed({ ...facts, type })];
}

const listed = (pairs: Pairs): Sexpr[] =>
  Object.entries(pairs).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));

function pciWords({ device }: Hostdev): Sexpr {
  if (device.type !== "pci") throw new TypeError("not a PCI device");
  const { domain, bus, slot, function: part } = device.source.address;
  const hex = (value: number): string => `0x${value.toString(16)}`;
  return ["dev", ["domain", hex(domain)], ["bus", hex(bus)], ["slot", hex(slot)], ["func", hex(part)]];
}
