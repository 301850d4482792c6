/** Pools without writing XML. */
import { command } from "../../command.ts";
import { attempt } from "../../error.ts";
import { data, flag, type OptionValues, text } from "../../option.ts";
import { element, optionalElement } from "../../shared/xml.ts";
import { buildOptions, createFlags } from "./pool.ts";

const sourceOptions = {
  name: data("name of the pool"),
  type: data("kind of pool, like dir, fs, netfs, logical"),
  printXml: flag("print its XML, and change nothing"),
  sourceHost: text("host that has the storage"),
  sourcePath: text("directory on that host"),
  sourceDev: text("device that holds the storage"),
  sourceName: text("name of the storage, like a volume group's"),
  target: text("where it appears on this host"),
  sourceFormat: text("format of the storage"),
  authType: text("kind of authentication"),
  authUsername: text("user to authenticate as"),
  secretUsage: text("usage of the secret with the password"),
  secretUuid: text("UUID of the secret with the password"),
  adapterName: text("name of the SCSI adapter"),
  adapterWwnn: text("node name of the fibre channel adapter"),
  adapterWwpn: text("port name of the fibre channel adapter"),
  adapterParent: text("its parent, scsi_hostN"),
  adapterParentWwnn: text("node name of its parent"),
  adapterParentWwpn: text("port name of its parent"),
  adapterParentFabricWwn: text("fabric name of its parent"),
  sourceProtocolVer: text("version of NFS"),
  sourceInitiator: text("name of the iSCSI initiator"),
};

type Source = OptionValues<typeof sourceOptions>;

export const poolDefineAs = command({
  name: "pool-define-as",
  summary: "keep a pool's definition, made of options",
  description: "Defines a pool by options instead of XML.",
  options: sourceOptions,
  async run({ connection, options, print, notice }) {
    const xml = poolXml(options);
    if (options.printXml) {
      print(xml);
      return;
    }
    const pool = await attempt(`Failed to define pool ${options.name}`, () => connection.storagePoolDefineXML(xml, 0));
    notice(`Pool ${pool.name()} defined\n`);
  },
});

export const poolCreateAs = command({
  name: "pool-create-as",
  summary: "start a pool made of options",
  description: "Starts a pool by options instead of XML; it is gone when it stops.",
  options: { ...sourceOptions, ...buildOptions },
  async run({ connection, options, print, notice }) {
    const flags = createFlags(options);
    const xml = poolXml(options);
    if (options.printXml) {
      print(xml);
      return;
    }
    const pool = await attempt(`Failed to create pool ${options.name}`, () =>
      connection.storagePoolCreateXML(xml, flags),
    );
    notice(`Pool ${pool.name()} created\n`);
  },
});

function poolXml(options: Source): string {
  const source = sourceElements(options);
  return element("pool", { type: options.type }, [
    element("name", {}, options.name),
    source.length === 0 ? undefined : element("source", {}, source),
    options.target === undefined ? undefined : element("target", {}, [element("path", {}, options.target)]),
  ]);
}

function sourceElements(options: Source): string[] {
  const elements = [
    options.sourceHost && element("host", { name: options.sourceHost }),
    options.sourcePath && element("dir", { path: options.sourcePath }),
    options.sourceDev && element("device", { path: options.sourceDev }),
    options.sourceInitiator && element("initiator", {}, [element("iqn", { name: options.sourceInitiator })]),
    adapter(options),
    auth(options),
    optionalFormat(options.sourceFormat),
    options.sourceProtocolVer && element("protocol", { ver: options.sourceProtocolVer }),
    optionalElement("name", options.sourceName),
  ];
  return elements.filter((one): one is string => one !== undefined && one !== "");
}

function optionalFormat(type: string | undefined): string | undefined {
  return type === undefined ? undefined : element("format", { type });
}

function adapter(options: Source): string | undefined {
  if (options.adapterName !== undefined) return element("adapter", { type: "scsi_host", name: options.adapterName });
  if (options.adapterWwnn === undefined || options.adapterWwpn === undefined) return undefined;
  return element("adapter", {
    type: "fc_host",
    parent: options.adapterParent,
    parent_wwnn: options.adapterParentWwnn,
    parent_wwpn: options.adapterParentWwpn,
    parent_fabric_wwn: options.adapterParentFabricWwn,
    wwnn: options.adapterWwnn,
    wwpn: options.adapterWwpn,
  });
}

function auth(options: Source): string | undefined {
  const { authType: type, authUsername: username, secretUsage: usage, secretUuid: uuid } = options;
  if (type === undefined || username === undefined || (usage === undefined && uuid === undefined)) return undefined;
  return element("auth", { type, username }, [element("secret", usage === undefined ? { uuid } : { usage })]);
}
