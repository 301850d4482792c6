/** What storage could become a pool, and what kinds of pools there can be. */
import { command } from "../../command.ts";
import { attempt } from "../../error.ts";
import { data, text } from "../../option.ts";
import { readXmlFile } from "../../shared/files.ts";
import { element } from "../../shared/xml.ts";
import { fileNames } from "../../shared/xml-options.ts";
import { printXml } from "../../shared/xml-query.ts";

const type = data("kind of pool, like logical or netfs");

export const findStoragePoolSourcesAs = command({
  name: "find-storage-pool-sources-as",
  summary: "find storage that could become a pool",
  description: "Prints, as XML, what storage of a kind there is.",
  options: {
    type,
    host: text("host to ask"),
    port: text("its port"),
    initiator: text("name of the iSCSI initiator to ask as"),
  },
  async query({ connection, options }) {
    const xml = options.host === undefined ? null : sourceXml(options.host, options.port, options.initiator);
    return { xml: await find(connection.findStoragePoolSources(options.type, xml, 0), options.type) };
  },
  print: printXml,
});

function sourceXml(host: string, port: string | undefined, initiator: string | undefined): string {
  return element("source", {}, [
    element("host", { name: host, port }),
    initiator === undefined ? undefined : element("initiator", {}, [element("iqn", { name: initiator })]),
  ]);
}

export const findStoragePoolSources = command({
  name: "find-storage-pool-sources",
  summary: "find storage that could become a pool, as a file says",
  description: "Prints, as XML, what storage of a kind there is.",
  options: {
    type,
    srcSpec: text("file with the XML of where to look", { name: "srcSpec", complete: fileNames }),
  },
  async query({ connection, options }) {
    const xml = options.srcSpec === undefined ? null : await readXmlFile(options.srcSpec);
    return { xml: await find(connection.findStoragePoolSources(options.type, xml, 0), options.type) };
  },
  print: printXml,
});

function find(search: Promise<string>, type: string): Promise<string> {
  return attempt(`Failed to find any ${type} pool sources`, search);
}

export const poolCapabilities = command({
  name: "pool-capabilities",
  summary: "what kinds of pools there can be",
  description: "Prints, as XML, what kinds of pools this host can have.",
  async query({ connection }) {
    const xml = await attempt("failed to get storage pool capabilities", () =>
      connection.getStoragePoolCapabilities(0),
    );
    return { xml };
  },
  print: ({ xml }) => `${xml}\n`,
});
