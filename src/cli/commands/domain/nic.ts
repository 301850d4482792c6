/** Network interfaces without writing XML. */
import { DomainXMLFlags, DomainDeviceModifyFlags as Modify } from "../../../protocol/constants/index.ts";
import type { XmlElement } from "../../../xml/tree.ts";
import { command } from "../../command.ts";
import { oneOf } from "../../completer.ts";
import { attempt, CommandError } from "../../error.ts";
import { domainOf, domainOption } from "../../objects/domain.ts";
import { isNic, nicElements, nicKeys, nicMacs } from "../../objects/nic.ts";
import { data, flag, type OptionValues, text } from "../../option.ts";
import { impactFlags, impactOptions, persistentImpactOptions } from "../../shared/impact.ts";
import { printParameters, setParameters } from "../../shared/parameters.ts";
import { checkRate, parseRate, type Rate } from "../../shared/rate.ts";
import { draftOf, formatDraft, setChildAttribute } from "../../shared/rewrite.ts";
import { attributeAt, element } from "../../shared/xml.ts";
import { deviceFlags } from "./device.ts";

const inbound = text("limits on what it receives: AVERAGE,PEAK,BURST,FLOOR in KiB a second and KiB");
const outbound = text("limits on what it sends: AVERAGE,PEAK,BURST in KiB a second and KiB");
const type = data("kind of interface", { complete: oneOf("network", "bridge", "direct", "hostdev", "vhostuser") });

const attachOptions = {
  domain: domainOption(),
  type,
  source: data("what it is connected to"),
  target: text("name of the host's end"),
  mac: text("MAC address"),
  script: text("script that connects it"),
  model: text("what the guest sees, like virtio"),
  alias: text("alias"),
  inbound,
  outbound,
  ...persistentImpactOptions,
  printXml: flag("print the interface's XML, and change nothing"),
  managed: flag("take the host's device from its driver, and give it back"),
  sourceMode: text("who opens the socket: server or client", { complete: oneOf("server", "client") }),
};

type AttachOptions = OptionValues<typeof attachOptions>;

export const attachInterface = command({
  name: "attach-interface",
  summary: "plug in a network interface",
  description: "Gives a domain another network interface.",
  options: attachOptions,
  async run(context) {
    const { options, print, notice } = context;
    const xml = interfaceXml(options);
    if (options.printXml) {
      print(xml);
      return;
    }
    const domain = await domainOf(context);
    const flags = await deviceFlags(domain, options);
    await attempt("Failed to attach interface", () =>
      flags === 0 ? domain.attachDevice(xml) : domain.attachDeviceFlags(xml, flags),
    );
    notice("Interface attached successfully\n");
  },
});

/** @throws {CommandError} for what such an interface cannot be */
function interfaceXml(options: AttachOptions): string {
  const rates = [rateElement("inbound", options.inbound), rateElement("outbound", options.outbound)];
  return element("interface", { type: options.type, managed: options.managed ? "yes" : undefined }, [
    sourceElement(options),
    options.target === undefined ? undefined : element("target", { dev: options.target }),
    options.mac === undefined ? undefined : element("mac", { address: options.mac }),
    options.script === undefined ? undefined : element("script", { path: options.script }),
    options.model === undefined ? undefined : element("model", { type: options.model }),
    options.alias === undefined ? undefined : element("alias", { name: options.alias }),
    rates.every((rate) => rate === undefined) ? undefined : element("bandwidth", {}, rates),
  ]);
}

function sourceElement({ type, source, sourceMode }: AttachOptions): string {
  if (sourceMode !== undefined && sourceMode !== "server" && sourceMode !== "client") {
    throw new CommandError(`Invalid source mode: ${sourceMode}`);
  }
  switch (type) {
    case "network":
      return element("source", { network: source });
    case "bridge":
      return element("source", { bridge: source });
    case "direct":
      return element("source", { dev: source });
    case "hostdev":
      return element("source", {}, [pciAddress(source)]);
    case "vhostuser":
      if (sourceMode === undefined) throw new CommandError("source-mode is mandatory");
      return element("source", { type: "unix", path: source, mode: sourceMode });
    default:
      throw new CommandError(`No support for ${type} in command 'attach-interface'`);
  }
}

function pciAddress(text: string): string {
  const match = /^([0-9a-f]{1,4}):([0-9a-f]{1,2}):([0-9a-f]{1,2})\.([0-7])$/i.exec(text);
  if (match === null) throw new CommandError(`cannot parse pci address '${text}' for network interface`);
  const [domain = "", bus = "", slot = "", func = ""] = match.slice(1).map((digits) => digits.toLowerCase());
  return element("address", {
    type: "pci",
    domain: `0x${domain.padStart(4, "0")}`,
    bus: `0x${bus.padStart(2, "0")}`,
    slot: `0x${slot.padStart(2, "0")}`,
    function: `0x${func}`,
  });
}

function rateElement(direction: "inbound" | "outbound", text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const { average, peak, burst, floor } = checkRate(direction, parseRate(text));
  return element(direction, {
    average: average || undefined,
    peak: peak || undefined,
    burst: burst || undefined,
    floor: floor || undefined,
  });
}

export const detachInterface = command({
  name: "detach-interface",
  summary: "unplug a network interface",
  description: "Takes a network interface away from a domain.",
  options: {
    domain: domainOption(),
    type,
    mac: text("MAC address, when there are several of that kind", { complete: nicMacs }),
    ...persistentImpactOptions,
    printXml: flag("print the interface's XML, and change nothing"),
  },
  async run(context) {
    const { options, print, notice } = context;
    const domain = await domainOf(context);
    const flags = await deviceFlags(domain, options);
    const xml = await domain.xmlDesc(
      (flags & Modify.CONFIG) !== 0 && (flags & Modify.LIVE) === 0 ? DomainXMLFlags.INACTIVE : 0,
    );
    const nic = formatDraft(draftOf(chooseNic(xml, options.type, options.mac)));
    if (options.printXml) {
      print(nic);
      return;
    }
    await attempt("Failed to detach interface", () =>
      flags === 0 ? domain.detachDevice(nic) : domain.detachDeviceFlags(nic, flags),
    );
    notice("Interface detached successfully\n");
  },
});

/** The one interface of that kind, and with that MAC address. @throws {CommandError} when there is not one */
function chooseNic(xml: string, type: string, mac: string | undefined): XmlElement {
  const ofKind = nicElements(xml).filter((nic) => nic.attribute("type") === type);
  const failure = (message: string) => new CommandError([message, "Failed to detach interface"]);
  if (ofKind.length === 0) throw failure(`No interface found whose type is ${type}`);
  if (mac === undefined && ofKind.length > 1) {
    throw failure(`Domain has ${ofKind.length} interfaces. Please specify which one to detach using --mac`);
  }
  const matching = ofKind.filter((nic) => mac === undefined || sameMac(nic, mac));
  const [nic] = matching;
  if (nic === undefined) throw failure(`No interface with MAC address ${mac} was found`);
  if (matching.length > 1) {
    throw failure(
      `Domain has multiple interfaces matching MAC address ${mac}. You must use detach-device and specify the device pci address to remove it.`,
    );
  }
  return nic;
}

function sameMac(nic: XmlElement, mac: string): boolean {
  return attributeAt(nic, "mac", "address")?.toLowerCase() === mac.toLowerCase();
}

export const domifSetlink = command({
  name: "domif-setlink",
  summary: "plug a network cable in or out",
  description: "Sets the state of the link of a domain's network interface.",
  options: {
    domain: domainOption(),
    interface: data("the interface's host end or MAC address", { complete: nicKeys }),
    state: data("up or down", { complete: oneOf("up", "down") }),
    config: flag("from the next start on"),
    printXml: flag("print the interface's XML, and change nothing"),
  },
  aliases: { persistent: "config" },
  async run(context) {
    const { options, print, notice } = context;
    if (options.state !== "up" && options.state !== "down") {
      throw new CommandError(`invalid link state '${options.state}'`);
    }
    const domain = await domainOf(context);
    const active = domain.id() >= 0;
    const flags = options.config || !active ? Modify.CONFIG : Modify.LIVE;
    const xml = await domain.xmlDesc(options.config ? DomainXMLFlags.INACTIVE : 0);
    const [nic, second] = nicElements(xml).filter((candidate) => isNic(candidate, options.interface));
    if (nic === undefined) throw new CommandError(`interface '${options.interface}' not found`);
    if (second !== undefined) throw new CommandError("multiple matching interfaces found");
    const draft = draftOf(nic);
    setChildAttribute(draft, "link", "state", options.state);
    if (options.printXml) {
      print(formatDraft(draft));
      return;
    }
    await attempt("Failed to update interface link state", () => domain.updateDeviceFlags(formatDraft(draft), flags));
    notice("Device updated successfully\n");
  },
});

export const domiftune = command({
  name: "domiftune",
  summary: "limits on a network interface",
  description: "Sets limits on what goes through a network interface; without one, shows them.",
  options: {
    domain: domainOption(),
    interface: data("the interface's host end or MAC address", { complete: nicKeys }),
    inbound,
    outbound,
    ...impactOptions,
  },
  async query(context) {
    const { options } = context;
    const flags = impactFlags(options);
    const domain = await domainOf(context);
    const wanted = setParameters({
      ...rateParameters("inbound", options.inbound),
      ...rateParameters("outbound", options.outbound),
    });
    if (wanted === undefined) {
      return attempt("Unable to get interface parameters", () => domain.interfaceParameters(options.interface, flags));
    }
    await attempt("Unable to set interface parameters", () =>
      domain.setInterfaceParameters(options.interface, wanted, flags),
    );
    return undefined;
  },
  print: (parameters) => printParameters(parameters),
});

/** A rate as typed parameters; an average of 0 takes the limits away. */
function rateParameters(direction: "inbound" | "outbound", text: string | undefined): Record<string, number> {
  if (text === undefined) return {};
  const rate = parseRate(text);
  const parameters: Record<string, number> = {};
  for (const [name, value] of Object.entries(rate) as [keyof Rate, bigint][]) {
    if (value > 0xffffffffn) throw new CommandError(`${direction} rate larger than maximum ${0xffffffff}`);
    if (value > 0n || name === "average") parameters[`${direction}.${name}`] = Number(value);
  }
  return parameters;
}
