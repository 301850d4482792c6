/** Network filters and their bindings. */

import type { Connection, NWFilter, NWFilterBinding } from "../../../api/index.ts";
import { NWFilterBindingCreateFlags, NWFilterDefineFlags } from "../../../protocol/constants/index.ts";
import { command } from "../../command.ts";
import type { Completer } from "../../completer.ts";
import { attempt } from "../../error.ts";
import { compareNames, firstFound, isUuid } from "../../objects/lookup.ts";
import { data } from "../../option.ts";
import { column, formatTable } from "../../output/table.ts";
import { editObject } from "../../shared/edit-object.ts";
import { readXmlFile } from "../../shared/files.ts";
import { validate, xmlFile, xpathOptions } from "../../shared/xml-options.ts";
import { printXml, xmlAnswer } from "../../shared/xml-query.ts";

const filterNames: Completer = async ({ connection }) =>
  (await (await connection()).listAllNWFilters(0)).map((filter) => filter.name()).sort();

const bindingNames: Completer = async ({ connection }) =>
  (await (await connection()).listAllNWFilterBindings(0)).map((binding) => binding.portDev()).sort();

const nwfilter = data("name or UUID of the filter", { complete: filterNames });
const binding = data("host end of the interface it is for", { complete: bindingNames });

interface AskingFilter {
  readonly connection: Connection;
  readonly options: { readonly nwfilter: string };
}

function filterOf({ connection, options }: AskingFilter): Promise<NWFilter> {
  const key = options.nwfilter;
  const lookups = [() => connection.nwfilterLookupByName(key)];
  if (isUuid(key)) lookups.unshift(() => connection.nwfilterLookupByUuidString(key));
  return firstFound(`failed to get nwfilter '${key}'`, lookups);
}

interface AskingBinding {
  readonly connection: Connection;
  readonly options: { readonly binding: string };
}

function bindingOf({ connection, options }: AskingBinding): Promise<NWFilterBinding> {
  const key = options.binding;
  return firstFound(`failed to get nwfilter binding '${key}'`, [() => connection.nwfilterBindingLookupByPortDev(key)]);
}

export const nwfilterDefine = command({
  name: "nwfilter-define",
  summary: "keep a network filter",
  description: "Defines a network filter, or gives one a new definition.",
  options: { file: xmlFile("a network filter"), validate },
  async run({ connection, options, notice }) {
    const xml = await readXmlFile(options.file);
    const flags = options.validate ? NWFilterDefineFlags.VALIDATE : 0;
    const filter = await attempt(`Failed to define network filter from ${options.file}`, () =>
      flags === 0 ? connection.nwfilterDefineXML(xml) : connection.nwfilterDefineXMLFlags(xml, flags),
    );
    notice(`Network filter ${filter.name()} defined from ${options.file}\n`);
  },
});

export const nwfilterUndefine = command({
  name: "nwfilter-undefine",
  summary: "forget a network filter",
  description: "Removes a network filter.",
  options: { nwfilter },
  async run(context) {
    const filter = await filterOf(context);
    await attempt(`Failed to undefine network filter ${filter.name()}`, () => filter.undefine());
    context.notice(`Network filter ${filter.name()} undefined\n`);
  },
});

export const nwfilterDumpxml = command({
  name: "nwfilter-dumpxml",
  summary: "a network filter's XML",
  description: "Prints a network filter's XML.",
  options: { nwfilter, ...xpathOptions },
  async query(context) {
    return xmlAnswer(await (await filterOf(context)).xmlDesc(0), context.options);
  },
  print: printXml,
});

export const nwfilterEdit = command({
  name: "nwfilter-edit",
  summary: "edit a network filter's XML",
  description: "Opens a network filter's XML in your editor.",
  options: { nwfilter },
  async run(context) {
    const filter = await filterOf(context);
    let name = filter.name();
    await editObject({
      shell: context.shell,
      fetch: () => filter.xmlDesc(0),
      async store(xml) {
        name = (await context.connection.nwfilterDefineXML(xml)).name();
      },
      unchanged: `Network filter ${name} XML configuration not changed.\n`,
      edited: () => `Network filter ${name} XML configuration edited.\n`,
    });
  },
});

export const nwfilterList = command({
  name: "nwfilter-list",
  summary: "which network filters there are",
  description: "Lists network filters.",
  async query({ connection }) {
    const filters = await attempt("Failed to list network filters", () => connection.listAllNWFilters(0));
    const rows = filters.map((filter) => ({ uuid: filter.uuidString(), name: filter.name() }));
    return rows.sort((a, b) => compareNames(a.name, b.name));
  },
  print(rows, { shell }) {
    type Row = (typeof rows)[number];
    const columns = [column<Row>("UUID", ({ uuid }) => uuid), column<Row>("Name", ({ name }) => name)];
    return formatTable(columns, rows, shell.settings.quiet);
  },
});

export const nwfilterBindingCreate = command({
  name: "nwfilter-binding-create",
  summary: "apply a network filter to an interface",
  description: "Applies a network filter to the host's end of an interface.",
  options: { file: xmlFile("a network filter binding"), validate },
  async run({ connection, options, notice }) {
    const xml = await readXmlFile(options.file);
    const flags = options.validate ? NWFilterBindingCreateFlags.VALIDATE : 0;
    const created = await attempt(`Failed to create network filter from ${options.file}`, () =>
      connection.nwfilterBindingCreateXML(xml, flags),
    );
    notice(`Network filter binding on ${created.portDev()} created from ${options.file}\n`);
  },
});

export const nwfilterBindingDelete = command({
  name: "nwfilter-binding-delete",
  summary: "take a network filter from an interface",
  description: "Takes the network filter from the host's end of an interface.",
  options: { binding },
  async run(context) {
    const found = await bindingOf(context);
    await attempt(`Failed to delete network filter binding on ${found.portDev()}`, () => found.delete());
    context.notice(`Network filter binding on ${found.portDev()} deleted\n`);
  },
});

export const nwfilterBindingDumpxml = command({
  name: "nwfilter-binding-dumpxml",
  summary: "a network filter binding's XML",
  description: "Prints the XML of a network filter's binding.",
  options: { binding, ...xpathOptions },
  async query(context) {
    return xmlAnswer(await (await bindingOf(context)).xmlDesc(0), context.options);
  },
  print: printXml,
});

export const nwfilterBindingList = command({
  name: "nwfilter-binding-list",
  summary: "which interfaces have network filters",
  description: "Lists the bindings of network filters to interfaces.",
  async query({ connection }) {
    const bindings = await attempt("Failed to list network filter bindings", () =>
      connection.listAllNWFilterBindings(0),
    );
    const rows = bindings.map((one) => ({ portDev: one.portDev(), filter: one.filterName() }));
    return rows.sort((a, b) => compareNames(a.portDev, b.portDev));
  },
  print(rows, { shell }) {
    type Row = (typeof rows)[number];
    const columns = [column<Row>("Port Dev", ({ portDev }) => portDev), column<Row>("Filter", ({ filter }) => filter)];
    return formatTable(columns, rows, shell.settings.quiet);
  },
});
