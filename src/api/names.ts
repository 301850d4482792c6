/**
 * Which method stands for which function of libvirt: the one place that settles names.
 *
 * The rule is the Python binding's, with acronyms as words: the function's name without `vir` and the class, without
 * `Get` (except of a connection), the first word in small letters, `UUID` and `ID` as words.
 *
 *     virDomainGetXMLDesc      domain.xmlDesc()          virConnectGetURI       conn.getURI()
 *     virDomainDefineXML       conn.defineXML()          virNetworkCreateXML    conn.networkCreateXML()
 *     virDomainLookupByUUID    conn.lookupByUuid()       virNetworkGetDHCPLeases  network.dhcpLeases()
 */

/** The classes of the API. */
export type ClassName =
  | "Connection"
  | "Domain"
  | "DomainSnapshot"
  | "DomainCheckpoint"
  | "Network"
  | "NetworkPort"
  | "Interface"
  | "StoragePool"
  | "StorageVol"
  | "NodeDevice"
  | "Secret"
  | "NWFilter"
  | "NWFilterBinding"
  | "Stream"
  | "AdminConnection"
  | "AdminServer"
  | "AdminClient";

/** Where a function of libvirt is found: a method of a class, or a function of its own. */
export interface Binding {
  /** Null for a function that the package exports. */
  readonly class: ClassName | null;
  readonly name: string;
}

/** How functions of a class begin, longer beginnings first, and who makes and finds its objects. */
const prefixes: readonly (readonly [prefix: string, own: ClassName, maker: ClassName])[] = [
  ["DomainSnapshot", "DomainSnapshot", "Domain"],
  ["DomainCheckpoint", "DomainCheckpoint", "Domain"],
  ["Domain", "Domain", "Connection"],
  ["NetworkPort", "NetworkPort", "Network"],
  ["Network", "Network", "Connection"],
  ["Interface", "Interface", "Connection"],
  ["StoragePool", "StoragePool", "Connection"],
  ["StorageVol", "StorageVol", "Connection"],
  ["NodeDevice", "NodeDevice", "Connection"],
  ["Node", "Connection", "Connection"],
  ["Secret", "Secret", "Connection"],
  ["NWFilterBinding", "NWFilterBinding", "Connection"],
  ["NWFilter", "NWFilter", "Connection"],
  ["Stream", "Stream", "Connection"],
  ["AdmServer", "AdminServer", "AdminServer"],
  ["AdmClient", "AdminClient", "AdminClient"],
  ["AdmConnect", "AdminConnection", "AdminConnection"],
  ["Connect", "Connection", "Connection"],
  ["Conn", "Connection", "Connection"],
];

/** What a class's own methods leave out of the names of its functions. */
const stripped: { readonly [Class in ClassName]?: RegExp } = {
  Connection: /^(Domain|Connect|Conn|Node(?!Device))(?=[A-Z])/,
  Domain: /^Domain/,
  Network: /^Network/,
};

/** Functions that make or find objects: methods of what the objects belong to. */
const making = /^(Lookup|CreateXML|DefineXML)/;

/** Where the rule does not lead. */
const exceptions: Readonly<Record<string, `${ClassName}.${string}`>> = {
  virConnectListAllNodeDevices: "Connection.listAllDevices",
  virConnectListDomains: "Connection.listDomainsId",
  virConnectDomainQemuMonitorEventRegister: "Connection.qemuMonitorEventRegister",
  virConnectDomainQemuMonitorEventDeregister: "Connection.qemuMonitorEventDeregister",
  virDomainListGetStats: "Connection.domainListGetStats",
  virDomainQemuAttach: "Connection.qemuAttach",
  virDomainRestore: "Connection.restore",
  virDomainRestoreFlags: "Connection.restoreFlags",
  virDomainRestoreParams: "Connection.restoreParams",
  virDomainSaveImageGetXMLDesc: "Connection.saveImageGetXMLDesc",
  virDomainSaveImageDefineXML: "Connection.saveImageDefineXML",
  virDomainGetTime: "Domain.getTime",
  virDomainSnapshotCurrent: "Domain.snapshotCurrent",
  virDomainSnapshotNum: "Domain.snapshotNum",
  virDomainSnapshotListNames: "Domain.snapshotListNames",
  virInterfaceChangeBegin: "Connection.changeBegin",
  virInterfaceChangeCommit: "Connection.changeCommit",
  virInterfaceChangeRollback: "Connection.changeRollback",
  virStoragePoolLookupByVolume: "StorageVol.storagePoolLookupByVolume",
  virStorageVolLookupByName: "StoragePool.storageVolLookupByName",
  virStorageVolCreateXML: "StoragePool.createXML",
  virStorageVolCreateXMLFrom: "StoragePool.createXMLFrom",
  virStreamSparseSendAll: "Stream.sendAll",
  virStreamSparseRecvAll: "Stream.chunks",
  virStreamRecvHole: "Stream.chunks",
};

/** Functions that are no methods. */
const functions: Readonly<Record<string, string>> = {
  virConnectOpen: "open",
  virConnectOpenReadOnly: "openReadOnly",
  virConnectOpenAuth: "openAuth",
  virAdmConnectOpen: "openAdmin",
  virGetVersion: "getVersion",
  virGetLastError: "getLastError",
  virGetLastErrorCode: "getLastErrorCode",
  virGetLastErrorDomain: "getLastErrorDomain",
  virGetLastErrorMessage: "getLastErrorMessage",
  virResetLastError: "resetLastError",
  virSetErrorFunc: "setErrorFunc",
  virDefaultErrorFunc: "defaultErrorFunc",
};

/** A name with its first word in small letters, and UUID and ID as words: `XMLDesc` is `xmlDesc`. */
function camelCase(name: string): string {
  const worded = name.replace(/(?<=[a-z])UUID/g, "Uuid").replace(/(?<=[a-z])ID$/, "Id");
  return worded.replace(/^(NWFilter|[A-Z]+(?![a-z])|[A-Z])/, (first) => first.toLowerCase());
}

/** The method or function that stands for a function of libvirt, whether it is there or not. */
export function bindingOf(cFunction: string): Binding | null {
  const exception = exceptions[cFunction];
  if (exception !== undefined) {
    const [owner, name = ""] = exception.split(".");
    return { class: owner as ClassName, name };
  }
  const own = functions[cFunction];
  if (own !== undefined) return { class: null, name: own };
  const bare = cFunction.replace(/^vir/, "");
  const entry = prefixes.find(([prefix]) => new RegExp(`^${prefix}(?=[A-Z])`).test(bare));
  if (!entry) return null;
  const [prefix, itself, maker] = entry;
  const rest = bare.slice(prefix.length);
  const owner = making.test(rest) ? maker : itself;
  const short = owner === itself && owner !== "Connection" ? rest : bare.replace(stripped[owner] ?? /^$/, "");
  return { class: owner, name: camelCase(owner === "Connection" ? short : short.replace(/^Get(?=[A-Z])/, "")) };
}

const freed = "objects need not be freed: the garbage collector does it";
const replaced = "plain objects stand for typed parameters";
const loop = "Node has the event loop";
const errors = "exceptions are caught, and errors never change: there is nothing to copy, save or free";
const nodeStream = "streams are Node streams: pipe, pipeline, for await";

/** Functions of libvirt that have no counterpart, by the beginning of their names, and why. */
export const withoutBinding: readonly (readonly [names: RegExp, reason: string])[] = [
  [/^vir\w+(Ref|Free)$/, freed],
  [/^virDomain(StatsRecordListFree|IOThreadInfoFree|FSInfoFree|InterfaceFree)$|^virNetworkDHCPLeaseFree$/, freed],
  [/^virTypedParam/, replaced],
  [/^virEvent/, loop],
  [/^vir(SaveLast|CopyLast|ConnCopyLast|Free|Reset|Set)Error$/, errors],
  [/^virInitialize$/, "the library needs no start"],
  [/^virStream(New|Event\w+|RecvFlags)$/, nodeStream],
  [/^virAdm(Initialize|GetVersion)$/, "the library needs no start, and has one version"],
  [/^virDomainCreateLinux$/, "the old name of virDomainCreateXML"],
  [/^virDomainLxcEnter/, "they change the calling process by system calls that JavaScript cannot make"],
];
