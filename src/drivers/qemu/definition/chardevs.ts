/** Serial ports, consoles and channels: how they are attached, and names and paths that are QEMU's affair. */
import type { AddressType, Channel, Console, ParsedDomain, Serial } from "../../../model/domain/index.ts";
import type { DefinitionContext } from "./context.ts";
import { isArm, isPseries, isRiscv, isS390, isX86 } from "./machine.ts";

export function completeCharDevices(domain: ParsedDomain, context: DefinitionContext): void {
  completeConsoles(domain);
  for (const serial of domain.devices.serials) completeSerial(domain, serial);
  for (const channel of domain.devices.channels) completeChannel(channel, context);
}

type SerialType = NonNullable<Serial["target"]["type"]>;

/** What an address says of how the port is attached. */
const typeByAddress: { readonly [Type in AddressType]?: SerialType } = {
  usb: "usb-serial",
  pci: "pci-serial",
  "spapr-vio": "spapr-vio-serial",
  isa: "isa-serial",
};

function completeSerial(domain: ParsedDomain, { target, address }: Serial): void {
  // That is how the board's own port was called on every board.
  if (target.type === "isa-serial" && target.model === undefined && !isX86(domain)) delete target.type;
  target.type ??= typeByAddress[address?.type ?? "unassigned"] ?? boardSerial(domain);
  const model = serialModel(domain, target.type);
  if (model !== undefined) target.model ??= model;
}

function boardSerial(domain: ParsedDomain): SerialType | undefined {
  if (isX86(domain)) return "isa-serial";
  if (isPseries(domain)) return "spapr-vio-serial";
  if (isArm(domain) || isRiscv(domain)) return "system-serial";
  return isS390(domain) ? "sclp-serial" : undefined;
}

function serialModel(domain: ParsedDomain, type: SerialType | undefined): Serial["target"]["model"] {
  switch (type) {
    case "isa-serial":
    case "usb-serial":
    case "pci-serial":
      return type;
    case "spapr-vio-serial":
      return "spapr-vty";
    case "system-serial":
      return isArm(domain) ? "pl011" : isRiscv(domain) ? "16550a" : undefined;
    case "sclp-serial":
      return "sclpconsole";
    case "isa-debug":
      return "isa-debugcon";
    case undefined:
      return undefined;
  }
}

/** The first console of an s390 guest is on the service processor. */
function completeConsoles(domain: ParsedDomain): void {
  if (!isS390(domain)) return;
  for (const { target } of domain.devices.consoles) target.type ??= "sclp";
}

function completeChannel(channel: Channel, { channelFolder, live }: DefinitionContext): void {
  const { backend } = channel;
  if (live !== true && isGenerated(channel, channelFolder)) forgetPath(backend);
}

/** The emulator listens at a path of our choice; what else was said of it stays, to be checked. */
function forgetPath(backend: Channel["backend"]): void {
  if (backend.type !== "unix") return;
  if (backend.source?.reconnect === undefined) delete backend.source;
  else backend.source = { ...backend.source, mode: "bind", path: undefined };
}

/** A path that an earlier start chose says nothing: the next start chooses again. */
function isGenerated({ backend, target }: Channel, folder: string): boolean {
  if (backend.type !== "unix" || target.type !== "virtio") return false;
  const path = backend.source?.path;
  const { name } = target;
  if (path === undefined || name === undefined) return false;
  // Older versions put the domain's name before a dot; newer ones make a folder for it, wherever that was.
  if (path.startsWith(`${folder}/`) && /^[^/]+\./.test(path.slice(folder.length + 1))) return true;
  return path.endsWith(`/${name}`) && /domain-[^/]+$/.test(path.slice(0, -name.length - 1));
}

export type { Console };
