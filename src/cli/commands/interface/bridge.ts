/** Turning an interface into a bridge, and back. */

import type { Connection, Interface } from "../../../api/index.ts";
import { InterfaceXMLFlags } from "../../../protocol/constants/index.ts";
import { command } from "../../command.ts";
import { attempt, CommandError } from "../../error.ts";
import { firstFound, isNotFound } from "../../objects/lookup.ts";
import { data, flag, uint } from "../../option.ts";
import { childDraft, type Draft, draftOf, formatDraft, newDraft, removeChild } from "../../shared/rewrite.ts";
import { readDocument } from "../../shared/xml.ts";

export const ifaceBridge = command({
  name: "iface-bridge",
  summary: "put an interface into a new bridge",
  description: "Makes a bridge of one of the host's network interfaces, which becomes the bridge's port.",
  options: {
    interface: data("name of the interface"),
    bridge: data("name of the new bridge"),
    noStp: flag("without the spanning tree protocol"),
    delay: uint("seconds that a new port waits before it forwards"),
    noStart: flag("do not start the bridge"),
  },
  async run({ connection, options, notice }) {
    const name = options.interface;
    const port = await find(connection, name);
    if (await exists(connection, options.bridge)) {
      throw new CommandError(`Network device ${options.bridge} already exists`);
    }
    const original = draftOf(readDocument(await port.xmlDesc(InterfaceXMLFlags.INACTIVE), "interface_definition"));
    const type = original.attributes.get("type");
    if (type === undefined) throw new CommandError(`Existing device ${name} has no type`);
    if (type === "bridge") throw new CommandError(`Existing device ${name} is already a bridge`);
    const bridge = bridged(original, options.bridge, !options.noStp, options.delay ?? 0);
    const defined = await attempt(`Failed to define new bridge interface ${options.bridge}`, () =>
      connection.interfaceDefineXML(formatDraft(bridge), 0),
    );
    notice(`Created bridge ${options.bridge} with attached device ${name}\n`);
    if (options.noStart) return;
    await attempt(`Failed to start bridge interface ${options.bridge}`, () => defined.create(0));
    notice(`Bridge interface ${options.bridge} started\n`);
  },
});

function find(connection: Connection, name: string): Promise<Interface> {
  return firstFound(`failed to get interface '${name}'`, [() => connection.interfaceLookupByName(name)]);
}

async function exists(connection: Connection, name: string): Promise<boolean> {
  try {
    await connection.interfaceLookupByName(name);
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

/** What stays with the interface itself; all else, addresses above all, goes to the bridge. */
const ownParts = new Set(["mac", "bond", "vlan"]);

function bridged(port: Draft, name: string, stp: boolean, delay: number): Draft {
  const type = port.attributes.get("type") ?? "ethernet";
  const inner = newDraft("interface", { type, name: port.attributes.get("name") ?? "" });
  const outer = newDraft("interface", { type: "bridge", name });
  const bridge = newDraft("bridge", { stp: stp ? "on" : "off", delay: String(delay) });
  for (const node of port.nodes) {
    if (node.kind !== "element") continue;
    (ownParts.has(node.name) ? inner : outer).nodes.push(node);
  }
  bridge.nodes.push(inner);
  outer.nodes.push(bridge);
  return outer;
}

export const ifaceUnbridge = command({
  name: "iface-unbridge",
  summary: "take an interface out of its bridge, and remove that",
  description: "Undoes what 'iface-bridge' did.",
  options: {
    bridge: data("name of the bridge"),
    noStart: flag("do not start the interface"),
  },
  async run({ connection, options, notice }) {
    const name = options.bridge;
    const bridge = await find(connection, name);
    const outer = draftOf(readDocument(await bridge.xmlDesc(InterfaceXMLFlags.INACTIVE), "interface_definition"));
    const port = unbridged(outer, name);
    const portName = port.attributes.get("name") ?? "";
    if (await bridge.isActive()) {
      await attempt(`Failed to destroy bridge interface ${name}`, () => bridge.destroy(0));
    }
    await attempt(`Failed to undefine bridge interface ${name}`, () => bridge.undefine());
    const defined = await attempt(`Failed to define new interface ${portName}`, () =>
      connection.interfaceDefineXML(formatDraft(port), 0),
    );
    notice(`Device ${portName} un-attached from bridge ${name}\n`);
    if (options.noStart) return;
    await attempt(`Failed to start interface ${portName}`, () => defined.create(0));
    notice(`Interface ${portName} started\n`);
  },
});

/** The bridge's only port, with what the bridge had in its name. @throws {CommandError} */
function unbridged(outer: Draft, name: string): Draft {
  const bridge = childDraft(outer, "bridge");
  if (outer.attributes.get("type") !== "bridge" || bridge === undefined) {
    throw new CommandError(`Device ${name} is not a bridge`);
  }
  const ports = bridge.nodes.filter((node): node is Draft => node.kind === "element" && node.name === "interface");
  const [port, second] = ports;
  if (port === undefined) throw new CommandError("No interface attached to bridge");
  if (second !== undefined) throw new CommandError("Multiple interfaces attached to bridge");
  removeChild(outer, bridge);
  port.nodes.unshift(...outer.nodes.filter((node) => node.kind === "element"));
  return port;
}
