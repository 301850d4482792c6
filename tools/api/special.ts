/** Where functions of C and procedures do not stand for each other one by one, and why. */
import type { ProcedureName } from "../../src/protocol/index.ts";
import type { WiredArgument } from "./wiring.ts";

/** What no rule finds out about the arguments of a function. */
export interface FixedWiring {
  readonly arguments?: Readonly<Record<string, Partial<WiredArgument>>>;
  readonly returns?: string | null;
  readonly constants?: Readonly<Record<string, number>>;
}

const descriptorsIn: Partial<WiredArgument> = { direction: "in", role: "descriptors" };
const descriptorsOut: Partial<WiredArgument> = { direction: "out", role: "descriptors" };
const lengthIn: Partial<WiredArgument> = { direction: "in", role: "length" };
const lengthOut: Partial<WiredArgument> = { direction: "out", role: "length" };
const started: FixedWiring["arguments"] = { domain: { direction: "inout", sends: "dom", takes: "dom" } };

/** Functions of which some arguments travel otherwise than by fields, or fill fields that they do not look like. */
export const fixedWiring: Readonly<Record<string, FixedWiring>> = {
  // The domain that is handed in learns its id.
  virDomainCreateWithFlags: { arguments: started },
  virDomainCreateWithFiles: { arguments: { ...started, nfiles: lengthIn, files: descriptorsIn } },
  virDomainCreateXMLWithFiles: { arguments: { nfiles: lengthIn, files: descriptorsIn } },
  virDomainOpenGraphics: { arguments: { fd: descriptorsIn } },
  virDomainOpenGraphicsFD: { returns: null },
  virDomainFDAssociate: { arguments: { nfds: lengthIn, fds: descriptorsIn } },
  virDomainQemuMonitorCommandWithFiles: {
    arguments: { ninfiles: lengthIn, infiles: descriptorsIn, noutfiles: lengthOut, outfiles: descriptorsOut },
  },
  virDomainLxcOpenNamespace: { arguments: { fdlist: descriptorsOut } },
  // All domains are asked about by an empty list.
  virConnectGetAllDomainStats: {
    arguments: { retStats: { direction: "out", takes: "retStats" } },
    constants: { doms: 0 },
  },
  virDomainListGetStats: {
    arguments: {
      doms: { direction: "in", sends: "doms" },
      retStats: { direction: "out", takes: "retStats" },
    },
  },
  // Which driver it is says the URI, which the daemon has no use for.
  virAdmConnectOpen: { arguments: { name: { direction: "in" } } },
  virDomainGetBlockJobInfo: { arguments: { info: { direction: "out", takes: "*" } }, returns: null },
  virConnectUnregisterCloseCallback: { arguments: { cb: { direction: "in", role: "callback" } } },
};

/** A function that another one's procedure does. */
export interface SharedProcedure {
  readonly procedure: ProcedureName;
  readonly reason: string;
}

const uuidText = "the procedure takes the UUID's bytes: the client reads the text";

/** Functions that share a procedure with the function that it is named after. */
export const sharedProcedures: Readonly<Record<string, SharedProcedure>> = {
  virDomainCreateLinux: { procedure: "domainCreateXml", reason: "the old name of virDomainCreateXML" },
  virDomainListGetStats: { procedure: "connectGetAllDomainStats", reason: "of some domains instead of all" },
  virDomainLookupByUUIDString: { procedure: "domainLookupByUuid", reason: uuidText },
  virNetworkLookupByUUIDString: { procedure: "networkLookupByUuid", reason: uuidText },
  virNetworkPortLookupByUUIDString: { procedure: "networkPortLookupByUuid", reason: uuidText },
  virStoragePoolLookupByUUIDString: { procedure: "storagePoolLookupByUuid", reason: uuidText },
  virSecretLookupByUUIDString: { procedure: "secretLookupByUuid", reason: uuidText },
  virNWFilterLookupByUUIDString: { procedure: "nwfilterLookupByUuid", reason: uuidText },
};

/** A function that takes more than one procedure. */
export interface Sequence {
  readonly procedures: readonly ProcedureName[];
  readonly reason: string;
}

const opening: Sequence = {
  procedures: [
    "authList",
    "authPolkit",
    "authSaslInit",
    "authSaslStart",
    "authSaslStep",
    "connectSupportsFeature",
    "connectOpen",
    "connectGetUri",
  ],
  reason: "opening is asking how to authenticate, doing so, asking what the server can do, and opening the driver",
};

const migration: Sequence = {
  procedures: [
    "domainMigrateBegin3",
    "domainMigratePrepare3",
    "domainMigratePrepareTunnel3",
    "domainMigratePerform3",
    "domainMigrateFinish3",
    "domainMigrateConfirm3",
    "domainMigratePrepare",
    "domainMigratePrepare2",
    "domainMigratePrepareTunnel",
    "domainMigratePerform",
    "domainMigrateFinish",
    "domainMigrateFinish2",
  ],
  reason: "the client leads both hosts step by step; which steps depends on what both can do",
};

const migrationWithParameters: Sequence = {
  procedures: [
    "domainMigrateBegin3Params",
    "domainMigratePrepare3Params",
    "domainMigratePrepareTunnel3Params",
    "domainMigratePerform3Params",
    "domainMigrateFinish3Params",
    "domainMigrateConfirm3Params",
  ],
  reason: "the client leads both hosts step by step",
};

const peerToPeer: Sequence = {
  procedures: ["domainMigratePerform3", "domainMigratePerform"],
  reason: "the source's host leads; which version of the step depends on what it can do",
};

const registering = (...procedures: ProcedureName[]): Sequence => ({
  procedures,
  reason: "a server that can gives each registration a number; an older one knows one registration of a kind",
});

/** Functions that take several procedures, in the order in which they may come. */
export const sequences: Readonly<Record<string, Sequence>> = {
  virConnectOpen: opening,
  virConnectOpenAuth: opening,
  virConnectOpenReadOnly: opening,
  virDomainMigrate: migration,
  virDomainMigrate2: migration,
  virDomainMigrate3: migrationWithParameters,
  virDomainMigrateToURI: peerToPeer,
  virDomainMigrateToURI2: peerToPeer,
  virDomainMigrateToURI3: {
    procedures: ["domainMigratePerform3Params", "domainMigratePerform3", "domainMigratePerform"],
    reason: peerToPeer.reason,
  },
  virConnectDomainEventRegister: registering("connectDomainEventCallbackRegisterAny", "connectDomainEventRegister"),
  virConnectDomainEventDeregister: registering(
    "connectDomainEventCallbackDeregisterAny",
    "connectDomainEventDeregister",
  ),
  virConnectDomainEventRegisterAny: registering(
    "connectDomainEventCallbackRegisterAny",
    "connectDomainEventRegisterAny",
  ),
  virConnectDomainEventDeregisterAny: registering(
    "connectDomainEventCallbackDeregisterAny",
    "connectDomainEventDeregisterAny",
  ),
};

/** What a function does without a procedure. */
export type LocalKind = "attribute" | "reference" | "connection" | "packets" | "library";

/** Why functions have no procedure, by the beginning of their names. */
export const localFunctions: readonly (readonly [names: RegExp, kind: LocalKind, reason: string])[] = [
  [/^vir\w+(Ref|Free)$/, "reference", "it counts who holds the object, in the client"],
  [
    /^virAdm(Client|Server)Get|^vir(?!Adm|Connect)\w+Get(Name|UUID|UUIDString|ID|Key|PortDev|FilterName|MACString|UsageID|UsageType|Connect|Domain|Network)$/,
    "attribute",
    "the client has got it with the object",
  ],
  [
    /^vir(Adm)?Connect(GetURI|IsAlive|IsEncrypted|SetKeepAlive|(Unr|R)egisterCloseCallback)$/,
    "connection",
    "the client's end of the connection knows",
  ],
  [/^virStream/, "packets", "packets of the stream carry it, which belong to the call that opened it"],
  [
    /^vir((Set|Default)ErrorFunc|(Get|Reset)LastError\w*|Conn(SetErrorFunc|(Get|Reset)LastError))$/,
    "library",
    "errors are kept where they arrive",
  ],
  [/^vir(Adm)?(Initialize|GetVersion)$/, "library", "it is about the client's own library"],
  [/^virEvent/, "library", "the loop that waits for what arrives is the client's own"],
];

/** Functions of C that the document leaves out, and why. */
export const leftOutFunctions: readonly (readonly [names: RegExp, reason: string])[] = [
  [/^virTypedParam/, "it builds and reads arrays in C's memory: other languages have tables of names and values"],
  [
    /^virDomain(StatsRecordListFree|IOThreadInfoFree|FSInfoFree|InterfaceFree)$|^virNetworkDHCPLeaseFree$/,
    "it frees C's memory: other languages do so by themselves",
  ],
  [/^vir(SaveLast|CopyLast|ConnCopyLast|Free|Reset)Error$/, "it copies or frees an error in C's memory"],
  [/^virDomainLxcEnter/, "it changes the calling process by system calls, which no server can do for it"],
];

/** Macros of C that the document leaves out, and why. */
export const leftOutMacros: readonly (readonly [names: RegExp, reason: string])[] = [
  [
    /^VIR_(COPY_CPUMAP|CPU_MAPLEN|CPU_USABLE|CPU_USED|GET_CPUMAP|UNUSE_CPU|USE_CPU|NODEINFO_MAXCPUS)$/,
    "it computes with C's memory",
  ],
  [/^VIR_\w+_EVENT_CALLBACK$/, "it casts between C's types of functions"],
  [/^LIBVIR_CHECK_VERSION$/, "it asks the compiler's preprocessor"],
  [/^LIBVIR_VERSION_NUMBER$/, "the document's own attribute says which release it is of"],
  [
    /^_vir|^VIR_DOMAIN_(BLKIO|BLOCK_STATS|MEMORY|SCHED)_FIELD_LENGTH$/,
    "the name that something had before it was shared",
  ],
];

/** Values of enums that the document leaves out, and why. */
export const leftOutValues: readonly (readonly [names: RegExp, reason: string])[] = [
  [/^(?!.*_ADD_LAST$).*_LAST$|^VIR_DOMAIN_MEMORY_STAT_NR$/, "it counts the others, and changes with each release"],
];

/** Structures that the document leaves out, and why. */
export const leftOutStructures: readonly (readonly [names: RegExp, reason: string])[] = [
  [/^vir(Blkio|Memory|Sched)Parameter$/, "the old name of virTypedParameter"],
];

/** Types of callbacks by the kind of event, where the name of the kind does not lead there. */
export const eventCallbacks: Readonly<Record<string, string>> = {
  connectEventConnectionClosed: "virConnectCloseFunc",
  qemuDomainMonitorEvent: "virConnectDomainQemuMonitorEventCallback",
  "domain LIFECYCLE": "virConnectDomainEventCallback",
  "domain REBOOT": "virConnectDomainEventGenericCallback",
  "domain CONTROL_ERROR": "virConnectDomainEventGenericCallback",
  "domain BLOCK_JOB_2": "virConnectDomainEventBlockJobCallback",
  "nodeDevice UPDATE": "virConnectNodeDeviceEventGenericCallback",
  "storagePool REFRESH": "virConnectStoragePoolEventGenericCallback",
  "secret VALUE_CHANGED": "virConnectSecretEventGenericCallback",
};

/** The field of an object's shape that a function gives, by how its name ends. */
export const attributeFields: readonly (readonly [names: RegExp, field: string])[] = [
  [/GetName$/, "name"],
  [/GetUUID(String)?$/, "uuid"],
  [/GetID$/, "id"],
  [/GetKey$/, "key"],
  [/GetMACString$/, "mac"],
  [/GetUsageType$/, "usageType"],
  [/GetUsageID$/, "usageID"],
  [/GetPortDev$/, "portdev"],
  [/GetFilterName$/, "filtername"],
  [/GetTimestamp$/, "timestamp"],
  [/GetTransport$/, "transport"],
  [/^virDomain\w+GetDomain$/, "dom"],
  [/GetNetwork$/, "net"],
];

/** The enums of arguments whose doc comments do not say, by function and argument. */
export const argumentEnums: Readonly<Record<string, string>> = {
  "virConnectDomainEventRegisterAny eventID": "DomainEventID",
  "virConnectNetworkEventRegisterAny eventID": "NetworkEventID",
  "virConnectNodeDeviceEventRegisterAny eventID": "NodeDeviceEventID",
  "virConnectSecretEventRegisterAny eventID": "SecretEventID",
  "virConnectStoragePoolEventRegisterAny eventID": "StoragePoolEventID",
  "virConnectGetAllDomainStats stats": "DomainStatsTypes",
  "virDomainDelThrottleGroup flags": "DomainModificationImpact",
  "virDomainGetNumaParameters flags": "DomainModificationImpact",
  "virDomainInterfaceAddresses source": "DomainInterfaceAddressesSource",
  "virDomainListGetStats stats": "DomainStatsTypes",
  "virDomainMigrateToURI2 flags": "DomainMigrateFlags",
  "virDomainMigrateToURI3 flags": "DomainMigrateFlags",
  "virDomainPMSuspendForDuration target": "NodeSuspendTarget",
  "virDomainSendKey codeset": "KeycodeSet",
  "virDomainSetNumaParameters flags": "DomainModificationImpact",
  "virDomainSetThrottleGroup flags": "DomainModificationImpact",
  "virNetworkGetMetadata type": "NetworkMetadataType",
  "virNetworkGetMetadata flags": "NetworkUpdateFlags",
  "virNetworkSetMetadata type": "NetworkMetadataType",
  "virNetworkSetMetadata flags": "NetworkUpdateFlags",
  "virNodeSuspendForDuration target": "NodeSuspendTarget",
  "virStreamEventAddCallback events": "StreamEventType",
  "virStreamEventUpdateCallback events": "StreamEventType",
};

/** The groups of names of typed parameters, for functions whose doc comments do not say. */
export const parameterNames: Readonly<Record<string, string>> = {
  virAdmServerSetClientLimits: "ServerClients",
  virAdmServerSetThreadPoolParameters: "Threadpool",
  virDomainGetJobStats: "DomainJob",
  virDomainSetBlkioParameters: "DomainBlkio",
  virDomainSetPerfEvents: "PerfParam",
  virDomainSetSchedulerParameters: "DomainScheduler",
  virDomainSetSchedulerParametersFlags: "DomainScheduler",
};
