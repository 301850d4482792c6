/** Disks without writing XML. */
import { DomainXMLFlags } from "../../../protocol/constants/index.ts";
import { command } from "../../command.ts";
import { oneOf } from "../../completer.ts";
import { attempt, CommandError } from "../../error.ts";
import { diskTargets, findDisk } from "../../objects/disk.ts";
import { domainOf, domainOption } from "../../objects/domain.ts";
import { data, flag, type OptionValues, text } from "../../option.ts";
import { parseDeviceAddress } from "../../shared/address.ts";
import { persistentImpactOptions } from "../../shared/impact.ts";
import { draftOf, formatDraft } from "../../shared/rewrite.ts";
import { requires } from "../../shared/rules.ts";
import { element, optionalElement } from "../../shared/xml.ts";
import { deviceFlags } from "./device.ts";

const attachOptions = {
  domain: domainOption(),
  source: data("file, device or name of the network disk", { empty: true }),
  target: data("what it is in the guest, like vda"),
  targetbus: text("bus in the guest", { complete: oneOf("ide", "fdc", "scsi", "virtio", "xen", "usb", "sata", "sd") }),
  driver: text("name of the driver"),
  subdriver: text("format of the image"),
  iothread: text("I/O thread that serves it"),
  cache: text("cache mode", {
    complete: oneOf("default", "none", "writethrough", "writeback", "directsync", "unsafe"),
  }),
  io: text("I/O mode", { complete: oneOf("native", "threads", "io_uring") }),
  type: text("what the guest sees: disk, cdrom, floppy, lun", { complete: oneOf("disk", "cdrom", "floppy", "lun") }),
  mode: text("readonly or shareable", { complete: oneOf("readonly", "shareable") }),
  sourcetype: text("what the source is: block, file, network", { complete: oneOf("block", "file", "network") }),
  serial: text("serial number"),
  wwn: text("world wide name"),
  alias: text("alias"),
  rawio: flag("it needs raw I/O"),
  address: text("address in the guest, like pci:0000.00.05.00"),
  multifunction: flag("the PCI slot has several functions"),
  printXml: flag("print the disk's XML, and change nothing"),
  sourceProtocol: text("protocol of a network disk"),
  sourceHostName: text("host of a network disk, perhaps with :PORT"),
  sourceHostTransport: text("transport to that host", { complete: oneOf("tcp", "rdma", "unix") }),
  sourceHostSocket: text("socket to that host"),
  ...persistentImpactOptions,
};

type AttachOptions = OptionValues<typeof attachOptions>;

export const attachDisk = command({
  name: "attach-disk",
  summary: "plug in a disk",
  description: "Gives a domain another disk.",
  options: attachOptions,
  aliases: { shareable: "mode=shareable" },
  async run(context) {
    const { options, print, notice } = context;
    requires(options, "sourceHostName", "sourceProtocol");
    requires(options, "sourceHostTransport", "sourceProtocol");
    requires(options, "sourceHostSocket", "sourceHostTransport");
    const xml = await diskXml(options);
    if (options.printXml) {
      print(xml);
      return;
    }
    const domain = await domainOf(context);
    const flags = await deviceFlags(domain, options);
    await attempt("Failed to attach disk", () =>
      flags === 0 ? domain.attachDevice(xml) : domain.attachDeviceFlags(xml, flags),
    );
    notice("Disk attached successfully\n");
  },
});

const modes = ["readonly", "shareable"];
const sourceTypes: Readonly<Record<string, string>> = { block: "dev", file: "file", network: "name" };

/** @throws {CommandError} for what such a disk cannot be */
async function diskXml(options: AttachOptions): Promise<string> {
  if (options.mode !== undefined && !modes.includes(options.mode)) {
    throw new CommandError(`No support for ${options.mode} in command 'attach-disk'`);
  }
  const type = options.sourcetype ?? (options.sourceProtocol ? "network" : await guessType(options.source));
  const attribute = sourceTypes[type];
  if (attribute === undefined) throw new CommandError(`Unknown source type: '${type}'`);
  if (options.sourceProtocol !== undefined && type !== "network") {
    throw new CommandError("--source-protocol option requires --sourcetype network");
  }
  const { driver, subdriver, cache, io, iothread } = options;
  const hasDriver = [driver, subdriver, cache, io, iothread].some((value) => value !== undefined);
  return element("disk", { type, device: options.type, rawio: options.rawio ? "yes" : undefined }, [
    hasDriver ? element("driver", { name: driver, type: subdriver, cache, io, iothread }) : undefined,
    sourceXml(options, attribute),
    element("target", { dev: options.target, bus: options.targetbus }),
    options.mode === undefined ? undefined : element(options.mode),
    optionalElement("serial", options.serial),
    optionalElement("wwn", options.wwn),
    options.alias === undefined ? undefined : element("alias", { name: options.alias }),
    options.address === undefined
      ? undefined
      : parseDeviceAddress(options.address, options.target, options.multifunction),
  ]);
}

function sourceXml(options: AttachOptions, attribute: string): string {
  const { sourceProtocol: protocol, sourceHostTransport: transport, sourceHostSocket: socket } = options;
  const [, name, port] = /^(.*?)(?::([0-9]+))?$/.exec(options.sourceHostName ?? "") ?? [];
  const hasHost = options.sourceHostName !== undefined || transport !== undefined || socket !== undefined;
  const host = hasHost ? [element("host", { transport, name: name || undefined, port, socket })] : [];
  return element("source", { protocol, [attribute]: options.source }, host);
}

/** A block device if there is one of that name here, else a file. */
async function guessType(source: string): Promise<string> {
  const { stat } = await import("node:fs/promises");
  const found = await stat(source).catch(() => undefined);
  return found?.isBlockDevice() ? "block" : "file";
}

export const detachDisk = command({
  name: "detach-disk",
  summary: "unplug a disk",
  description: "Takes a disk away from a domain.",
  options: {
    domain: domainOption(),
    target: data("target or source of the disk", { complete: diskTargets }),
    ...persistentImpactOptions,
    printXml: flag("print the disk's XML, and change nothing"),
  },
  async run(context) {
    const { options, print, notice } = context;
    const domain = await domainOf(context);
    const flags = await deviceFlags(domain, options);
    const xml = await domain.xmlDesc(options.config ? DomainXMLFlags.INACTIVE : 0);
    const disk = formatDraft(draftOf(findDisk(xml, options.target)));
    if (options.printXml) {
      print(disk);
      return;
    }
    await attempt("Failed to detach disk", () =>
      flags === 0 ? domain.detachDevice(disk) : domain.detachDeviceFlags(disk, flags),
    );
    notice("Disk detached successfully\n");
  },
});
