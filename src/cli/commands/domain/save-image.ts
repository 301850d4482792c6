/** The XML inside of images that 'save' and 'managedsave' wrote. */
import {
  DomainSaveRestoreFlags as Save,
  DomainSaveImageXMLFlags as SaveImageXml,
} from "../../../protocol/constants/index.ts";
import { command } from "../../command.ts";
import { attempt } from "../../error.ts";
import { DomainFilter, domainOf, domainOption } from "../../objects/domain.ts";
import { data, flag } from "../../option.ts";
import { editObject } from "../../shared/edit-object.ts";
import { readXmlFile } from "../../shared/files.ts";
import { flagsOf } from "../../shared/rules.ts";
import { fileNames, xpathOptions } from "../../shared/xml-options.ts";
import { printXml, xmlAnswer } from "../../shared/xml-query.ts";

const file = data("the image", { complete: fileNames });
const xml = data("file with the new XML", { complete: fileNames });
const securityInfo = flag("with passwords and the like");
const onRestore = { running: flag("it shall run when restored"), paused: flag("it shall be paused when restored") };
const onStart = { running: flag("it shall run when started"), paused: flag("it shall be paused when started") };
const domain = domainOption({ filter: DomainFilter.MANAGEDSAVE });

function stateFlags(options: { readonly running: boolean; readonly paused: boolean }): number {
  return flagsOf({ ...options }, { running: Save.RUNNING, paused: Save.PAUSED });
}

export const saveImageDumpxml = command({
  name: "save-image-dumpxml",
  summary: "the XML in a saved image",
  description: "Prints the domain XML that is stored in a saved image.",
  options: { file, securityInfo, ...xpathOptions },
  async query({ connection, options }) {
    const flags = options.securityInfo ? SaveImageXml.SECURE : 0;
    return xmlAnswer(await connection.saveImageGetXMLDesc(options.file, flags), options);
  },
  print: printXml,
});

export const saveImageDefine = command({
  name: "save-image-define",
  summary: "put other XML into a saved image",
  description: "Replaces the domain XML that is stored in a saved image.",
  options: { file, xml, ...onRestore },
  async run({ connection, options, notice }) {
    const flags = stateFlags(options);
    const text = await readXmlFile(options.xml);
    await attempt(`Failed to update ${options.file}`, () => connection.saveImageDefineXML(options.file, text, flags));
    notice(`State file ${options.file} updated.\n`);
  },
});

export const saveImageEdit = command({
  name: "save-image-edit",
  summary: "edit the XML in a saved image",
  description: "Opens the domain XML that is stored in a saved image in your editor.",
  options: { file, ...onRestore },
  async run({ connection, options, shell }) {
    const flags = stateFlags(options);
    await editObject({
      shell,
      fetch: () => connection.saveImageGetXMLDesc(options.file, SaveImageXml.SECURE),
      store: (text) => connection.saveImageDefineXML(options.file, text, flags),
      unchanged: `Saved image ${options.file} XML configuration not changed.\n`,
      edited: () => `State file ${options.file} edited.\n`,
    });
  },
});

export const managedsaveDumpxml = command({
  name: "managedsave-dumpxml",
  summary: "the XML in a managed save image",
  description: "Prints the domain XML that is stored in a domain's managed save image.",
  options: { domain, securityInfo, ...xpathOptions },
  async query(context) {
    const flags = context.options.securityInfo ? SaveImageXml.SECURE : 0;
    return xmlAnswer(await (await domainOf(context)).managedSaveGetXMLDesc(flags), context.options);
  },
  print: printXml,
});

export const managedsaveDefine = command({
  name: "managedsave-define",
  summary: "put other XML into a managed save image",
  description: "Replaces the domain XML that is stored in a domain's managed save image.",
  options: { domain, xml, ...onStart },
  async run(context) {
    const { options, notice } = context;
    const flags = stateFlags(options);
    const target = await domainOf(context);
    const text = await readXmlFile(options.xml);
    await attempt(`Failed to update ${target.name()} XML configuration`, () =>
      target.managedSaveDefineXML(text, flags),
    );
    notice(`Managed save state file of domain '${target.name()}' updated.\n`);
  },
});

export const managedsaveEdit = command({
  name: "managedsave-edit",
  summary: "edit the XML in a managed save image",
  description: "Opens the domain XML that is stored in a domain's managed save image in your editor.",
  options: { domain, ...onStart },
  async run(context) {
    const flags = stateFlags(context.options);
    const target = await domainOf(context);
    await editObject({
      shell: context.shell,
      fetch: () => target.managedSaveGetXMLDesc(SaveImageXml.SECURE),
      store: (text) => target.managedSaveDefineXML(text, flags),
      unchanged: `Managed save image of domain '${target.name()}' XML configuration not changed.\n`,
      edited: () => `Managed save image of Domain '${target.name()}' XML configuration edited.\n`,
    });
  },
});
