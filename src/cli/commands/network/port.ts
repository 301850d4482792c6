/** Ports of networks: what guests are plugged into. */

import type { Network } from "../../../api/index.ts";
import { NetworkPortCreateFlags } from "../../../protocol/constants/index.ts";
import { command } from "../../command.ts";
import type { Completer } from "../../completer.ts";
import { attempt, CommandError } from "../../error.ts";
import { firstFound } from "../../objects/lookup.ts";
import { lookupNetwork, networkOf, networkOption } from "../../objects/network.ts";
import { data, flag } from "../../option.ts";
import { column, formatTable } from "../../output/table.ts";
import { readXmlFile } from "../../shared/files.ts";
import { noteIgnored } from "../../shared/ignored.ts";
import { validate, xmlFile, xpathOptions } from "../../shared/xml-options.ts";
import { printXml, xmlAnswer } from "../../shared/xml-query.ts";

const network = networkOption();

const portUuids: Completer = async ({ connection, given }) => {
  const found = await lookupNetwork(await connection(), given.get("network") ?? "");
  return (await found.listAllPorts(0)).map((port) => port.uuidString());
};

const port = data("UUID of the port", { complete: portUuids });

function findPort(found: Network, key: string) {
  return firstFound(`failed to get network port '${key}'`, [() => found.portLookupByUuidString(key)]);
}

export const netPortList = command({
  name: "net-port-list",
  summary: "which ports a network has",
  description: "Lists a network's ports.",
  options: {
    network,
    uuid: flag("print UUIDs only"),
    table: flag("print a table, which is the default"),
  },
  async query(context) {
    const { options } = context;
    if (options.uuid && options.table) {
      throw new CommandError("Only one argument from --table and --uuid may be specified.");
    }
    const ports = await (await networkOf(context)).listAllPorts(0);
    return ports.map((one) => ({ uuid: one.uuidString() }));
  },
  print(rows, { options, shell }) {
    if (options.uuid) return rows.map(({ uuid }) => `${uuid}\n`).join("");
    return formatTable([column<(typeof rows)[number]>("UUID", ({ uuid }) => uuid)], rows, shell.settings.quiet);
  },
});

export const netPortCreate = command({
  name: "net-port-create",
  summary: "add a port to a network",
  description: "Adds a port to a network.",
  options: { network, file: xmlFile("a network port"), validate },
  async run(context) {
    const { options, notice, shell } = context;
    const found = await networkOf(context);
    const xml = await readXmlFile(options.file);
    const flags = options.validate ? NetworkPortCreateFlags.VALIDATE : 0;
    const created = await attempt(`Failed to create network from ${options.file}`, () =>
      found.portCreateXML(xml, flags),
    );
    notice(`Network port ${created.uuidString()} created from ${options.file}\n`);
    await noteIgnored(shell, "network port", xml);
  },
});

export const netPortDumpxml = command({
  name: "net-port-dumpxml",
  summary: "a network port's XML",
  description: "Prints the XML of a network's port.",
  options: { network, port, ...xpathOptions },
  async query(context) {
    const found = await findPort(await networkOf(context), context.options.port);
    return xmlAnswer(await found.xmlDesc(0), context.options);
  },
  print: printXml,
});

export const netPortDelete = command({
  name: "net-port-delete",
  summary: "remove a port from a network",
  description: "Removes a port from a network.",
  options: { network, port },
  async run(context) {
    const key = context.options.port;
    const found = await findPort(await networkOf(context), key);
    await attempt(`Failed to delete network port ${key}`, () => found.delete(0));
    context.notice(`Network port ${key} deleted\n`);
  },
});
