/** The host's network interfaces. */

import type { Connection, Interface } from "../../../api/index.ts";
import {
  ConnectListAllInterfacesFlags as Filter,
  InterfaceDefineFlags,
  InterfaceXMLFlags,
} from "../../../protocol/constants/index.ts";
import { command } from "../../command.ts";
import type { Completer } from "../../completer.ts";
import { attempt } from "../../error.ts";
import { compareNames, firstFound } from "../../objects/lookup.ts";
import { isMac } from "../../objects/nic.ts";
import { data, flag } from "../../option.ts";
import { column, formatTable } from "../../output/table.ts";
import { editObject } from "../../shared/edit-object.ts";
import { readXmlFile } from "../../shared/files.ts";
import { noteIgnored } from "../../shared/ignored.ts";
import { validate, xmlFile, xpathOptions } from "../../shared/xml-options.ts";
import { printXml, xmlAnswer } from "../../shared/xml-query.ts";

const names: Completer = async ({ connection }) =>
  (await (await connection()).listAllInterfaces(0)).map((one) => one.name()).sort();

const macs: Completer = async ({ connection }) =>
  (await (await connection()).listAllInterfaces(0)).map((one) => one.macString()).sort();

const named = data("name or MAC address of the interface", { complete: names });

interface Asking {
  readonly connection: Connection;
  readonly options: { readonly interface: string };
}

/** The interface by its name, or by its MAC address. @throws {CommandError} */
function interfaceOf({ connection, options }: Asking, by: "both" | "name" | "mac" = "both"): Promise<Interface> {
  const key = options.interface;
  const lookups: (() => Promise<Interface>)[] = [];
  if (by !== "mac") lookups.push(() => connection.interfaceLookupByName(key));
  if (by !== "name" && isMac(key)) lookups.push(() => connection.interfaceLookupByMACString(key));
  return firstFound(`failed to get interface '${key}'`, lookups);
}

export const ifaceList = command({
  name: "iface-list",
  summary: "which network interfaces the host has",
  description: "Lists the host's network interfaces: the active ones, unless other ones are asked for.",
  options: {
    inactive: flag("those that are off"),
    all: flag("all, active or not"),
  },
  async query({ connection, options }) {
    const flags = options.all ? Filter.ACTIVE | Filter.INACTIVE : options.inactive ? Filter.INACTIVE : Filter.ACTIVE;
    const found = await attempt("Failed to list interfaces", () => connection.listAllInterfaces(flags));
    const rows = await Promise.all(
      found.map(async (one) => ({ name: one.name(), active: await one.isActive(), mac: one.macString() })),
    );
    return rows.sort((a, b) => compareNames(a.name, b.name));
  },
  print(rows, { shell }) {
    type Row = (typeof rows)[number];
    return formatTable(
      [
        column<Row>("Name", ({ name }) => name),
        column<Row>("State", ({ active }) => (active ? "active" : "inactive")),
        column<Row>("MAC Address", ({ mac }) => mac),
      ],
      rows,
      shell.settings.quiet,
    );
  },
});

export const ifaceName = command({
  name: "iface-name",
  summary: "an interface's name",
  options: { interface: data("MAC address of the interface", { complete: macs }) },
  async query(context) {
    return { name: (await interfaceOf(context, "mac")).name() };
  },
  print: ({ name }) => `${name}\n`,
});

export const ifaceMac = command({
  name: "iface-mac",
  summary: "an interface's MAC address",
  options: { interface: data("name of the interface", { complete: names }) },
  async query(context) {
    return { mac: (await interfaceOf(context, "name")).macString() };
  },
  print: ({ mac }) => `${mac}\n`,
});

export const ifaceDumpxml = command({
  name: "iface-dumpxml",
  summary: "an interface's XML",
  description: "Prints the XML of one of the host's network interfaces.",
  options: { interface: named, inactive: flag("of its persistent definition"), ...xpathOptions },
  async query(context) {
    const { options } = context;
    const found = await interfaceOf(context);
    return xmlAnswer(await found.xmlDesc(options.inactive ? InterfaceXMLFlags.INACTIVE : 0), options);
  },
  print: printXml,
});

export const ifaceDefine = command({
  name: "iface-define",
  summary: "keep an interface's definition, without starting it",
  description: "Defines one of the host's network interfaces, or gives one a new definition.",
  options: { file: xmlFile("an interface"), validate },
  async run({ connection, options, notice, shell }) {
    const xml = await readXmlFile(options.file);
    const flags = options.validate ? InterfaceDefineFlags.VALIDATE : 0;
    const defined = await attempt(`Failed to define interface from ${options.file}`, () =>
      connection.interfaceDefineXML(xml, flags),
    );
    notice(`Interface ${defined.name()} defined from ${options.file}\n`);
    await noteIgnored(shell, "interface", xml);
  },
});

export const ifaceEdit = command({
  name: "iface-edit",
  summary: "edit an interface's XML",
  description: "Opens the XML of one of the host's network interfaces in your editor.",
  options: { interface: named },
  async run(context) {
    const found = await interfaceOf(context);
    let name = found.name();
    await editObject({
      shell: context.shell,
      fetch: () => found.xmlDesc(InterfaceXMLFlags.INACTIVE),
      async store(xml) {
        name = (await context.connection.interfaceDefineXML(xml, 0)).name();
      },
      unchanged: `Interface ${name} XML configuration not changed.\n`,
      edited: () => `Interface ${name} XML configuration edited.\n`,
    });
  },
});

export const ifaceUndefine = command({
  name: "iface-undefine",
  summary: "forget an interface's definition",
  description: "Removes the definition of one of the host's network interfaces.",
  options: { interface: named },
  async run(context) {
    const found = await interfaceOf(context);
    await attempt(`Failed to undefine interface ${found.name()}`, () => found.undefine());
    context.notice(`Interface ${found.name()} undefined\n`);
  },
});

export const ifaceStart = command({
  name: "iface-start",
  summary: "start an interface",
  description: "Brings one of the host's network interfaces up.",
  options: { interface: named },
  async run(context) {
    const found = await interfaceOf(context);
    await attempt(`Failed to start interface ${found.name()}`, () => found.create(0));
    context.notice(`Interface ${found.name()} started\n`);
  },
});

export const ifaceDestroy = command({
  name: "iface-destroy",
  summary: "stop an interface",
  description: "Takes one of the host's network interfaces down.",
  options: { interface: named },
  async run(context) {
    const found = await interfaceOf(context);
    await attempt(`Failed to destroy interface ${found.name()}`, () => found.destroy(0));
    context.notice(`Interface ${found.name()} destroyed\n`);
  },
});

export const ifaceBegin = command({
  name: "iface-begin",
  summary: "begin to change interfaces, with a way back",
  description:
    "Remembers the definitions of the host's network interfaces,\nuntil 'iface-commit' keeps or 'iface-rollback' undoes what follows.",
  async run({ connection, notice }) {
    await attempt("Failed to begin network config change transaction", () => connection.changeBegin(0));
    notice("Network config change transaction started\n");
  },
});

export const ifaceCommit = command({
  name: "iface-commit",
  summary: "keep what was changed since iface-begin",
  description: "Keeps all changes since 'iface-begin'.",
  async run({ connection, notice }) {
    await attempt("Failed to commit network config change transaction", () => connection.changeCommit(0));
    notice("Network config change transaction committed\n");
  },
});

export const ifaceRollback = command({
  name: "iface-rollback",
  summary: "undo what was changed since iface-begin",
  description: "Undoes all changes since 'iface-begin'.",
  async run({ connection, notice }) {
    await attempt("Failed to rollback network config change transaction", () => connection.changeRollback(0));
    notice("Network config change transaction rolled back\n");
  },
});
