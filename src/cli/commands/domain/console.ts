/** Consoles and displays. */
import { DomainConsoleFlags, DomainXMLFlags } from "../../../protocol/constants/index.ts";
import type { XmlElement } from "../../../xml/tree.ts";
import { command } from "../../command.ts";
import { oneOf } from "../../completer.ts";
import { CommandError } from "../../error.ts";
import { DomainFilter, domainOf, domainOption } from "../../objects/domain.ts";
import { flag, text } from "../../option.ts";
import { openConsole } from "../../shared/console.ts";
import { exclusive, flagsOf } from "../../shared/rules.ts";
import { attributeAt, elementsAt, readDocument } from "../../shared/xml.ts";

const domain = domainOption({ filter: DomainFilter.ACTIVE });

export const console = command({
  name: "console",
  summary: "sit at a guest's serial console",
  description:
    "Connects this terminal to a running guest's console.\nThe escape character, Ctrl-] unless -e says otherwise, leaves it.",
  options: {
    domain,
    devname: text("alias of the character device; the first console when left out"),
    force: flag("throw out whoever is connected"),
    safe: flag("only if nobody else can be connected"),
  },
  async run(context) {
    const { options } = context;
    exclusive(options, ["force", "safe"]);
    const flags = flagsOf(options, { force: DomainConsoleFlags.FORCE, safe: DomainConsoleFlags.SAFE });
    await openConsole(await domainOf(context), context, options.devname, flags);
  },
});

export const ttyconsole = command({
  name: "ttyconsole",
  summary: "the host's end of a guest's console",
  description: "Shows which terminal of the host a guest's console is.",
  options: { domain },
  async query(context) {
    const xml = readDocument(await (await domainOf(context)).xmlDesc());
    const tty = elementsAt(xml, "devices/console")[0]?.attribute("tty");
    // Like virsh, a failure without a word.
    if (tty === undefined) throw new CommandError([]);
    return { tty };
  },
  print: ({ tty }) => `${tty}\n`,
});

export const vncdisplay = command({
  name: "vncdisplay",
  summary: "where a guest's VNC display is",
  description: "Shows address and number of a guest's VNC display.",
  options: { domain },
  async query(context) {
    const xml = readDocument(await (await domainOf(context)).xmlDesc());
    const vnc = elementsAt(xml, "devices/graphics").find((display) => display.attribute("type") === "vnc");
    const port = Number(vnc?.attribute("port") ?? -1);
    if (vnc === undefined || port < 0) throw new CommandError("Failed to get VNC port. Is this domain using VNC?");
    const address = listenAddress(vnc);
    return { address: address === undefined || isAny(address) ? null : address, display: port - VNC_BASE };
  },
  print: ({ address, display }) => `${address ?? ""}:${display}\n`,
});

/** VNC's display 0. */
const VNC_BASE = 5900;

/** A display that can be reached from anywhere says so with this address. */
function isAny(address: string): boolean {
  return address === "0.0.0.0" || address === "::";
}

function listenAddress(display: XmlElement): string | undefined {
  return attributeAt(display, "listen", "address") ?? display.attribute("listen");
}

const schemes = ["vnc", "spice", "rdp", "dbus"];

export const domdisplay = command({
  name: "domdisplay",
  summary: "URI of a guest's display",
  description: "Shows the URI that a viewer needs for a guest's graphical display.",
  options: {
    domain,
    includePassword: flag("with the password"),
    type: text("only a display of this kind: vnc, spice, rdp, dbus", { complete: oneOf(...schemes) }),
    all: flag("all displays"),
  },
  async query(context) {
    const { options } = context;
    const domain = await domainOf(context);
    if (domain.id() < 0) throw new CommandError("Domain is not running");
    const xml = readDocument(await domain.xmlDesc(options.includePassword ? DomainXMLFlags.SECURE : 0));
    const displays = elementsAt(xml, "devices/graphics").filter(
      (display) => options.type === undefined || display.attribute("type") === options.type,
    );
    const uris = displays.flatMap((display) => displayUri(display, options.includePassword) ?? []);
    if (uris.length === 0) {
      const { type } = options;
      throw new CommandError(
        type === undefined ? "No graphical display found" : `No graphical display with type '${type}' found`,
      );
    }
    return options.all ? uris : uris.slice(0, 1);
  },
  print: (uris) => uris.join("\n"),
});

/** Undefined for a display that nothing can connect to. */
function displayUri(display: XmlElement, withPassword: boolean): string | undefined {
  const type = display.attribute("type") ?? "";
  const socket = attributeAt(display, "listen", "socket") ?? display.attribute("socket");
  if (type === "dbus") return display.attribute("address");
  if (socket !== undefined) return `${type}+unix://${socket}`;
  const port = Number(display.attribute("port") ?? 0);
  const tlsPort = Number(display.attribute("tlsPort") ?? 0);
  if (!schemes.includes(type) || (port <= 0 && tlsPort <= 0)) return undefined;
  const address = listenAddress(display);
  const host = address === undefined || isAny(address) ? "localhost" : address;
  const authority = host.includes(":") ? `[${host}]` : host;
  const shown = port > 0 ? `:${type === "vnc" ? port - VNC_BASE : port}` : "";
  const password = withPassword ? display.attribute("passwd") : undefined;
  const credentials = type === "vnc" && password !== undefined ? `:${password}@` : "";
  const parameters = [
    ...(tlsPort > 0 ? [`tls-port=${tlsPort}`] : []),
    ...(type === "spice" && password !== undefined ? [`password=${password}`] : []),
  ];
  return `${type}://${credentials}${authority}${shown}${parameters.length > 0 ? `?${parameters.join("&")}` : ""}`;
}
