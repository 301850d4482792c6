/** A domain's XML, and other hypervisors' formats. */
import { DomainXMLFlags } from "../../../protocol/constants/index.ts";
import { command } from "../../command.ts";
import { CommandError } from "../../error.ts";
import { domainNames, domainOf, domainOption, lookupDomain } from "../../objects/domain.ts";
import { data, flag, text } from "../../option.ts";
import { readXmlFile } from "../../shared/files.ts";
import { exclusive, flagsOf } from "../../shared/rules.ts";
import { fileNames, xpathOptions } from "../../shared/xml-options.ts";
import { printXml, xmlAnswer } from "../../shared/xml-query.ts";

export const dumpxml = command({
  name: "dumpxml",
  summary: "a domain's XML",
  description: "Prints a domain's XML.",
  options: {
    domain: domainOption(),
    inactive: flag("of its persistent definition"),
    securityInfo: flag("with passwords and the like"),
    updateCpu: flag("with the CPU as this host would make it"),
    migratable: flag("as another host can take it"),
    ...xpathOptions,
  },
  async query(context) {
    const { options } = context;
    const flags = flagsOf(options, {
      inactive: DomainXMLFlags.INACTIVE,
      securityInfo: DomainXMLFlags.SECURE,
      updateCpu: DomainXMLFlags.UPDATE_CPU,
      migratable: DomainXMLFlags.MIGRATABLE,
    });
    return xmlAnswer(await (await domainOf(context)).xmlDesc(flags), options);
  },
  print: printXml,
});

export const domxmlFromNative = command({
  name: "domxml-from-native",
  summary: "domain XML from another format",
  description: "Prints the domain XML for a hypervisor's own configuration.",
  options: {
    format: data("name of the format"),
    config: data("file in that format", { complete: fileNames }),
  },
  async query({ connection, options }) {
    const config = await readXmlFile(options.config);
    return { xml: await connection.domainXMLFromNative(options.format, config) };
  },
  print: printXml,
});

export const domxmlToNative = command({
  name: "domxml-to-native",
  summary: "domain XML in another format",
  description: "Prints a domain's configuration as a hypervisor's own tools take it.",
  options: {
    format: data("name of the format"),
    domain: text("name, ID or UUID of the domain", { named: true, complete: domainNames() }),
    xml: text("file with the XML of a domain", { complete: fileNames }),
  },
  async query({ connection, options }) {
    exclusive(options, ["domain", "xml"]);
    return { config: await connection.domainXMLToNative(options.format, await xmlOf()) };

    async function xmlOf(): Promise<string> {
      if (options.domain !== undefined) return (await lookupDomain(connection, options.domain)).xmlDesc();
      if (options.xml !== undefined) return readXmlFile(options.xml);
      throw new CommandError("need either domain or domain XML");
    }
  },
  print: ({ config }) => config,
});
