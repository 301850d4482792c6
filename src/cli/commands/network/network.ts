/** Virtual networks: defining, starting, stopping. */
import { NetworkCreateFlags, NetworkDefineFlags, NetworkXMLFlags } from "../../../protocol/constants/index.ts";
import { command } from "../../command.ts";
import { attempt } from "../../error.ts";
import { networkNames, networkOf, networkOption, networkUuids } from "../../objects/network.ts";
import { data, flag } from "../../option.ts";
import { formatFields } from "../../output/table.ts";
import { editObject } from "../../shared/edit-object.ts";
import { readXmlFile } from "../../shared/files.ts";
import { noteIgnored } from "../../shared/ignored.ts";
import { unlessUnsupported } from "../../shared/unsupported.ts";
import { validate, xmlFile, xpathOptions } from "../../shared/xml-options.ts";
import { printXml, xmlAnswer } from "../../shared/xml-query.ts";

const network = networkOption();

export const netDefine = command({
  name: "net-define",
  summary: "keep a network's definition, without starting it",
  description: "Defines a network, or gives one a new definition.",
  options: { file: xmlFile("a network"), validate },
  async run({ connection, options, notice, shell }) {
    const xml = await readXmlFile(options.file);
    const flags = options.validate ? NetworkDefineFlags.VALIDATE : 0;
    const defined = await attempt(`Failed to define network from ${options.file}`, () =>
      connection.networkDefineXMLFlags(xml, flags),
    );
    notice(`Network ${defined.name()} defined from ${options.file}\n`);
    await noteIgnored(shell, "network", xml);
  },
});

export const netCreate = command({
  name: "net-create",
  summary: "start a network from its XML alone",
  description: "Starts a network that is gone when it stops.",
  options: { file: xmlFile("a network"), validate },
  async run({ connection, options, notice, shell }) {
    const xml = await readXmlFile(options.file);
    const flags = options.validate ? NetworkCreateFlags.VALIDATE : 0;
    const created = await attempt(`Failed to create network from ${options.file}`, () =>
      connection.networkCreateXMLFlags(xml, flags),
    );
    notice(`Network ${created.name()} created from ${options.file}\n`);
    await noteIgnored(shell, "network", xml);
  },
});

export const netStart = command({
  name: "net-start",
  summary: "start a network that is defined",
  description: "Starts a network.",
  options: { network },
  async run(context) {
    const found = await networkOf(context, "name");
    await attempt(`Failed to start network ${found.name()}`, () => found.create());
    context.notice(`Network ${found.name()} started\n`);
  },
});

export const netDestroy = command({
  name: "net-destroy",
  summary: "stop a network",
  description: "Stops a network, even if guests use it.",
  options: { network },
  async run(context) {
    const found = await networkOf(context);
    await attempt(`Failed to destroy network ${found.name()}`, () => found.destroy());
    context.notice(`Network ${found.name()} destroyed\n`);
  },
});

export const netUndefine = command({
  name: "net-undefine",
  summary: "forget a network's definition",
  description: "Removes a network's definition.",
  options: { network },
  async run(context) {
    const found = await networkOf(context);
    await attempt(`Failed to undefine network ${found.name()}`, () => found.undefine());
    context.notice(`Network ${found.name()} has been undefined\n`);
  },
});

export const netAutostart = command({
  name: "net-autostart",
  summary: "start a network with its host, or not",
  description: "Sets whether a network is started when its host boots.",
  options: { network, disable: flag("do not") },
  async run(context) {
    const { disable } = context.options;
    const found = await networkOf(context);
    const failure = `failed to ${disable ? "unmark" : "mark"} network ${found.name()} as autostarted`;
    await attempt(failure, () => found.setAutostart(!disable));
    context.notice(`Network ${found.name()} ${disable ? "unmarked" : "marked"} as autostarted\n`);
  },
});

export const netDumpxml = command({
  name: "net-dumpxml",
  summary: "a network's XML",
  description: "Prints a network's XML.",
  options: { network, inactive: flag("of its persistent definition"), ...xpathOptions },
  async query(context) {
    const { options } = context;
    const found = await networkOf(context);
    return xmlAnswer(await found.xmlDesc(options.inactive ? NetworkXMLFlags.INACTIVE : 0), options);
  },
  print: printXml,
});

export const netEdit = command({
  name: "net-edit",
  summary: "edit a network's XML",
  description: "Opens a network's XML in your editor, and defines what you save.",
  options: { network },
  async run(context) {
    const found = await networkOf(context);
    let name = found.name();
    await editObject({
      shell: context.shell,
      fetch: () => found.xmlDesc(NetworkXMLFlags.INACTIVE),
      async store(xml) {
        name = (await context.connection.networkDefineXML(xml)).name();
      },
      unchanged: `Network ${name} XML configuration not changed.\n`,
      edited: () => `Network ${name} XML configuration edited.\n`,
    });
  },
});

export const netInfo = command({
  name: "net-info",
  summary: "basic facts of a network",
  description: "Shows a network's identity, state and settings.",
  options: { network },
  async query(context) {
    const found = await networkOf(context);
    return {
      name: found.name(),
      uuid: found.uuidString(),
      active: await found.isActive(),
      persistent: await found.isPersistent(),
      autostart: (await unlessUnsupported(found.autostart())) ?? null,
      bridge: (await unlessUnsupported(found.bridgeName(), "INTERNAL_ERROR")) ?? null,
    };
  },
  print(info) {
    return formatFields([
      ["Name", info.name],
      ["UUID", info.uuid],
      ["Active", info.active ? "yes" : "no"],
      ["Persistent", info.persistent ? "yes" : "no"],
      ["Autostart", info.autostart === null ? "no autostart" : info.autostart ? "yes" : "no"],
      ...(info.bridge === null ? [] : [["Bridge", info.bridge] as const]),
    ]);
  },
});

export const netName = command({
  name: "net-name",
  summary: "a network's name",
  options: { network: data("UUID of the network", { complete: networkUuids }) },
  async query(context) {
    return { name: (await networkOf(context, "uuid")).name() };
  },
  print: ({ name }) => `${name}\n`,
});

export const netUuid = command({
  name: "net-uuid",
  summary: "a network's UUID",
  options: { network: data("name of the network", { complete: networkNames }) },
  async query(context) {
    return { uuid: (await networkOf(context, "name")).uuidString() };
  },
  print: ({ uuid }) => `${uuid}\n`,
});
