/** The host's devices. */

import type { Connection, NodeDevice } from "../../../api/index.ts";
import {
  ConnectListAllNodeDeviceFlags as Filter,
  NodeDeviceCreateXMLFlags,
  NodeDeviceDefineXMLFlags,
} from "../../../protocol/constants/index.ts";
import { command } from "../../command.ts";
import { someOf } from "../../completer.ts";
import { attempt, CommandError } from "../../error.ts";
import { deviceNames, lookupDevice } from "../../objects/device.ts";
import { data, flag, text } from "../../option.ts";
import { formatFields } from "../../output/table.ts";
import { formatTrees } from "../../output/tree.ts";
import { readXmlFile } from "../../shared/files.ts";
import { noteIgnored } from "../../shared/ignored.ts";
import { exclusive } from "../../shared/rules.ts";
import { validate, xmlFile, xpathOptions } from "../../shared/xml-options.ts";
import { printXml, xmlAnswer } from "../../shared/xml-query.ts";

const device = data("name of the device, or its WWNN,WWPN", { complete: deviceNames });
const key = data("name of the device", { complete: deviceNames });

interface Asking {
  readonly connection: Connection;
  readonly options: { readonly device: string };
}

/** The device by its name, or by its fibre channel names. @throws {CommandError} */
function deviceOf({ connection, options }: Asking): Promise<NodeDevice> {
  return lookupDevice(connection, options.device);
}

/** The kinds of devices, by the names that people use. */
const capabilities: Readonly<Record<string, number>> = {
  system: Filter.CAP_SYSTEM,
  pci: Filter.CAP_PCI_DEV,
  usb_device: Filter.CAP_USB_DEV,
  usb: Filter.CAP_USB_INTERFACE,
  net: Filter.CAP_NET,
  scsi_host: Filter.CAP_SCSI_HOST,
  scsi_target: Filter.CAP_SCSI_TARGET,
  scsi: Filter.CAP_SCSI,
  storage: Filter.CAP_STORAGE,
  fc_host: Filter.CAP_FC_HOST,
  vports: Filter.CAP_VPORTS,
  scsi_generic: Filter.CAP_SCSI_GENERIC,
  drm: Filter.CAP_DRM,
  mdev_types: Filter.CAP_MDEV_TYPES,
  mdev: Filter.CAP_MDEV,
  ccw: Filter.CAP_CCW_DEV,
  css: Filter.CAP_CSS_DEV,
  vdpa: Filter.CAP_VDPA,
  ap_card: Filter.CAP_AP_CARD,
  ap_queue: Filter.CAP_AP_QUEUE,
  ap_matrix: Filter.CAP_AP_MATRIX,
  vpd: Filter.CAP_VPD,
};

export const nodedevList = command({
  name: "nodedev-list",
  summary: "which devices the host has",
  options: {
    tree: flag("draw a tree"),
    cap: text("those of these kinds, separated by commas", { complete: someOf(...Object.keys(capabilities)) }),
    inactive: flag("those that are off"),
    all: flag("all, active or not"),
  },
  async query({ connection, options }) {
    exclusive(options, ["inactive", "all"]);
    if (options.tree && (options.cap !== undefined || options.inactive)) {
      throw new CommandError("Option --tree is incompatible with --cap and --inactive");
    }
    const activity = options.all ? Filter.ACTIVE | Filter.INACTIVE : options.inactive ? Filter.INACTIVE : Filter.ACTIVE;
    const kinds = capabilityFlags(options.cap);
    const devices = await attempt("Failed to list node devices", () =>
      connection.listAllDevices((activity | kinds) >>> 0),
    );
    const rows = await Promise.all(
      devices.map(async (one) => ({ name: one.name(), parent: options.tree ? ((await one.parent()) ?? null) : null })),
    );
    return rows.sort((a, b) => (a.name < b.name ? -1 : 1));
  },
  print(rows, { options }) {
    if (options.tree) return formatTrees(rows.map(({ name, parent }) => ({ name, parent: parent ?? undefined })));
    return rows.map(({ name }) => `${name}\n`).join("");
  },
});

function capabilityFlags(list: string | undefined): number {
  let flags = 0;
  for (const word of list?.split(",") ?? []) {
    const bit = capabilities[word];
    if (bit === undefined) throw new CommandError("Invalid capability type");
    flags |= bit;
  }
  return flags;
}

export const nodedevDumpxml = command({
  name: "nodedev-dumpxml",
  summary: "a device's XML",
  description: "Prints the XML of one of the host's devices.",
  options: { device, ...xpathOptions },
  async query(context) {
    return xmlAnswer(await (await deviceOf(context)).xmlDesc(0), context.options);
  },
  print: printXml,
});

export const nodedevInfo = command({
  name: "nodedev-info",
  summary: "basic facts of a device",
  description: "Shows state and settings of one of the host's devices.",
  options: { device },
  async query(context) {
    const found = await deviceOf(context);
    return {
      name: found.name(),
      parent: (await found.parent()) ?? null,
      active: await found.isActive(),
      persistent: await found.isPersistent(),
      autostart: await found.autostart().catch(() => null),
    };
  },
  print: (info) =>
    formatFields([
      ["Name", info.name],
      ["Parent", info.parent ?? ""],
      ["Active", info.active ? "yes" : "no"],
      ["Persistent", info.persistent ? "yes" : "no"],
      ["Autostart", info.autostart === null ? "no autostart" : info.autostart ? "yes" : "no"],
    ]),
});

export const nodedevCreate = command({
  name: "nodedev-create",
  summary: "make a device of the host",
  description: "Makes a device on the host, like a virtual function, that guests can be given.",
  options: { file: xmlFile("a device"), validate },
  async run({ connection, options, notice, shell }) {
    const xml = await readXmlFile(options.file);
    const flags = options.validate ? NodeDeviceCreateXMLFlags.VALIDATE : 0;
    const created = await attempt(`Failed to create node device from ${options.file}`, () =>
      connection.nodeDeviceCreateXML(xml, flags),
    );
    notice(`Node device ${created.name()} created from ${options.file}\n`);
    await noteIgnored(shell, "node device", xml);
  },
});

export const nodedevDefine = command({
  name: "nodedev-define",
  summary: "keep a device's definition, without making it",
  description: "Defines a device of the host, that is made when it is started.",
  options: { file: xmlFile("a device"), validate },
  async run({ connection, options, notice, shell }) {
    const xml = await readXmlFile(options.file);
    const flags = options.validate ? NodeDeviceDefineXMLFlags.VALIDATE : 0;
    const defined = await attempt(`Failed to define node device from '${options.file}'`, () =>
      connection.nodeDeviceDefineXML(xml, flags),
    );
    notice(`Node device '${defined.name()}' defined from '${options.file}'\n`);
    await noteIgnored(shell, "node device", xml);
  },
});

export const nodedevDestroy = command({
  name: "nodedev-destroy",
  summary: "remove a device of the host",
  description: "Removes a device that 'nodedev-create' or 'nodedev-start' made.",
  options: { device },
  aliases: { name: "device" },
  async run(context) {
    const name = context.options.device;
    const found = await deviceOf(context);
    await attempt(`Failed to destroy node device '${name}'`, () => found.destroy());
    context.notice(`Destroyed node device '${name}'\n`);
  },
});

export const nodedevUndefine = command({
  name: "nodedev-undefine",
  summary: "forget a device's definition",
  description: "Removes the definition of a device of the host.",
  options: { device },
  async run(context) {
    const name = context.options.device;
    const found = await deviceOf(context);
    await attempt(`Failed to undefine node device '${name}'`, () => found.undefine(0));
    context.notice(`Undefined node device '${name}'\n`);
  },
});

export const nodedevStart = command({
  name: "nodedev-start",
  summary: "make a device that is defined",
  description: "Makes a device of the host that is defined.",
  options: { device: key },
  async run(context) {
    const name = context.options.device;
    const found = await deviceOf(context);
    await attempt(`Failed to start device ${name}`, () => found.create(0));
    context.notice(`Device ${name} started\n`);
  },
});

export const nodedevAutostart = command({
  name: "nodedev-autostart",
  summary: "make a device with its host's boot, or not",
  description: "Sets whether a device is made when its host boots.",
  options: { device, disable: flag("do not") },
  async run(context) {
    const { device: name, disable } = context.options;
    const found = await deviceOf(context);
    const failure = `failed to ${disable ? "unmark" : "mark"} device ${name} as autostarted`;
    await attempt(failure, () => found.setAutostart(!disable));
    context.notice(`Device ${name} ${disable ? "unmarked" : "marked"} as autostarted\n`);
  },
});

export const nodedevDetach = command({
  name: "nodedev-detach",
  summary: "take a device from the host",
  description: "Takes a device from the host's driver, so that a guest can be given it.",
  options: {
    device: key,
    driver: text("what takes it over for guests, like vfio"),
  },
  async run(context) {
    const { device: name, driver } = context.options;
    const found = await deviceOf(context);
    await attempt(`Failed to detach device ${name}`, () =>
      driver === undefined ? found.dettach() : found.detachFlags(driver, 0),
    );
    context.notice(`Device ${name} detached\n`);
  },
});

export const nodedevReattach = command({
  name: "nodedev-reattach",
  summary: "give a device back to the host",
  description: "Gives a device back to the host's driver, when no guest has it.",
  options: { device: key },
  async run(context) {
    const name = context.options.device;
    const found = await deviceOf(context);
    await attempt(`Failed to re-attach device ${name}`, () => found.reAttach());
    context.notice(`Device ${name} re-attached\n`);
  },
});

export const nodedevReset = command({
  name: "nodedev-reset",
  summary: "reset a device of the host",
  description: "Resets a device, before a guest is given it or after.",
  options: { device: key },
  async run(context) {
    const name = context.options.device;
    const found = await deviceOf(context);
    await attempt(`Failed to reset device ${name}`, () => found.reset());
    context.notice(`Device ${name} reset\n`);
  },
});
