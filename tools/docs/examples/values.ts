/** Plausible values for arguments, by the names that arguments have all over the API; each language writes them its way. */

/** A value of an example. */
export type Value =
  | { readonly is: "plain"; readonly value: string | number | boolean | null }
  /** Bytes, which are text here. */
  | { readonly is: "bytes"; readonly value: string }
  | { readonly is: "list"; readonly of: readonly Value[] }
  | { readonly is: "table"; readonly of: readonly (readonly [key: string | number, value: Value])[] }
  | { readonly is: "constant"; readonly enum: string; readonly key: string; readonly name: string }
  /** Something that the example has already: an object of a class, the text of a file. */
  | { readonly is: "variable"; readonly name: string }
  | { readonly is: "file"; readonly name: string; readonly file: string };

export const plain = (value: string | number | boolean | null): Value => ({ is: "plain", value });
const list = (...of: readonly Value[]): Value => ({ is: "list", of });
const bytes = (value: string): Value => ({ is: "bytes", value });
const variable = (name: string): Value => ({ is: "variable", name });

const uuid = "6695eb01-f6a4-8304-79aa-97f2502e193f";
const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDlJ8mBTOVZmFxfKtOoRPa7BLgVZGBqmyxjzwOSRRkUH alice@example";

/** Values by the names of arguments, without case and underscores. */
const byName: Readonly<Record<string, Value>> = {
  action: plain(0),
  alias: plain("net1"),
  arch: plain("x86_64"),
  autostart: plain(true),
  bandwidth: plain(100),
  base: plain("vda[1]"),
  cachesize: plain(67108864),
  callbackid: variable("callbackID"),
  cap: plain("net"),
  capacity: plain(21474836480),
  cellcount: plain(1),
  cellnum: plain(0),
  clonevol: variable("volume"),
  cmd: plain('{"execute":"query-status"}'),
  count: plain(5),
  cpumap: list(plain(true), plain(true), plain(false), plain(false)),
  cpunum: plain(-1),
  data: bytes("hello\n"),
  dconn: variable("destination"),
  dconnuri: plain("qemu+ssh://host2.example/system"),
  dev: plain("vda"),
  device: plain("vnet0"),
  devname: plain("serial0"),
  disk: plain("vda"),
  dname: plain("guest"),
  domain: variable("domain"),
  domains: list(variable("domain")),
  downtime: plain(300),
  drivername: plain("vfio"),
  duration: plain(0),
  duri: plain("qemu+ssh://host2.example/system"),
  emulator: plain("/usr/bin/qemu-system-x86_64"),
  emulatorbin: plain("/usr/bin/qemu-system-x86_64"),
  event: plain("RTC_CHANGE"),
  fd: plain(10),
  file: plain("/var/lib/images/guest.save"),
  files: list(plain(10)),
  filters: plain("3:rpc 2:qemu"),
  from: plain("/var/lib/images/guest.save"),
  group: plain("limits"),
  holdtime: plain(50),
  id: plain(1),
  idx: plain(0),
  interval: plain(5),
  iothreadid: plain(1),
  iothreadval: plain(1),
  key: plain("app"),
  keycodes: list(plain(29), plain(56), plain(111)),
  keys: list(plain(key)),
  length: plain(1048576),
  mac: plain("52:54:00:6d:90:02"),
  macstr: plain("52:54:00:6d:90:02"),
  machine: plain("q35"),
  maxcells: plain(4),
  memory: plain(1048576),
  metadata: plain("<app role='web'/>"),
  miguri: plain("tcp://host2.example:49152"),
  minimum: plain(1048576),
  mountpoint: plain("/"),
  mountpoints: list(plain("/")),
  name: plain("guest"),
  nativeformat: plain("qemu-argv"),
  nbytes: plain(65536),
  newname: plain("guest-old"),
  nkeycodes: plain(3),
  nvcpus: plain(2),
  ncpus: plain(2),
  offset: plain(0),
  outputs: plain("1:file:/var/log/libvirt/libvirtd.log"),
  pages: list(plain(4), plain(2048)),
  parentindex: plain(-1),
  password: plain("correct horse battery staple"),
  path: plain("/var/lib/images/guest.qcow2"),
  period: plain(10),
  pid: plain(4711),
  pidvalue: plain(4711),
  portdev: plain("vnet0"),
  screen: plain(0),
  seconds: plain(1),
  signum: plain(15),
  size: plain(4096),
  snapshot: variable("snapshot"),
  startcell: plain(0),
  startcpu: plain(0),
  state: plain(true),
  start: plain(0),
  target: plain(0),
  threshold: plain(10737418240),
  time: {
    is: "table",
    of: [
      ["seconds", plain(1767225600)],
      ["nseconds", plain(0)],
    ],
  },
  timeout: plain(30),
  top: plain("vda"),
  type: plain("dir"),
  uri: plain("https://example.org/app"),
  usageid: plain("/var/lib/images/guest.qcow2"),
  user: plain("alice"),
  uuid: plain(uuid),
  uuidstr: plain(uuid),
  value: bytes("open sesame"),
  vcpu: plain(0),
  vcpumap: plain("2-3"),
  virttype: plain("qemu"),
  wwnn: plain("20000000c9831b4b"),
  wwpn: plain("10000000c9831b4b"),
};

/** Arguments that are something else than others of their name: `FUNCTION ARGUMENT`. */
const byFunction: Readonly<Record<string, Value>> = {
  "virConnectGetMaxVcpus type": plain("kvm"),
  "virConnectGetCPUModelNames arch": plain("x86_64"),
  "virConnectFindStoragePoolSources srcSpec": plain("<source><host name='nfs.example'/></source>"),
  "virConnectFindStoragePoolSources type": plain("netfs"),
  "virDomainGetCPUStats total": plain(true),
  "virDomainOpenChannel name": plain("org.qemu.guest_agent.0"),
  "virDomainMemoryPeek size": plain(256),
  "virDomainBlockResize size": plain(20971520),
  "virDomainBlockStats path": plain("vda"),
  "virDomainBlockStatsFlags disk": plain("vda"),
  "virDomainBlockPeek disk": plain("vda"),
  "virDomainGetBlockInfo disk": plain("vda"),
  "virDomainInterfaceStats device": plain("vnet0"),
  "virDomainCoreDump to": plain("/var/lib/images/guest.core"),
  "virDomainCoreDumpWithFormat to": plain("/var/lib/images/guest.core"),
  "virDomainMigrate uri": plain(null),
  "virDomainMigrate2 uri": plain(null),
  "virDomainSetGuestVcpus cpumap": plain("1-3"),
  "virDomainQemuAgentCommand timeout": plain(5),
  "virDomainQemuAgentCommand cmd": plain('{"execute":"guest-ping"}'),
  "virDomainFDAssociate name": plain("disk0"),
  "virDomainAgentSetResponseTimeout timeout": plain(10),
  "virInterfaceLookupByName name": plain("eth0"),
  "virNWFilterLookupByName name": plain("clean-traffic"),
  "virNetworkLookupByName name": plain("default"),
  "virNodeAllocPages pages": { is: "table", of: [[2048, plain(16)]] },
  "virNodeDeviceLookupByName name": plain("net_eth0_52_54_00_6d_90_02"),
  "virStoragePoolLookupByName name": plain("default"),
  "virStoragePoolLookupByTargetPath path": plain("/var/lib/images"),
  "virStorageVolLookupByName name": plain("guest.qcow2"),
  "virStorageVolLookupByKey key": plain("/var/lib/images/guest.qcow2"),
  "virDomainSnapshotLookupByName name": plain("before-upgrade"),
  "virDomainCheckpointLookupByName name": plain("monday"),
  "virAdmConnectLookupServer name": plain("libvirtd"),
  "virAdmConnectLookupServer srv": plain("libvirtd"),
  "virSecretSetValue value": bytes("open sesame"),
  "virDomainSave to": plain("/var/lib/images/guest.save"),
  "virDomainSaveFlags to": plain("/var/lib/images/guest.save"),
};

/** XML documents are read from files: which, by how the function and the argument are called. */
const documents: readonly (readonly [function_: RegExp, argument: RegExp, file: string])[] = [
  [/^virDomain(Checkpoint|Backup)|BackupBegin/, /^checkpointxml$/i, "checkpoint.xml"],
  [/BackupBegin/, /^backupxml$/i, "backup.xml"],
  [/CheckpointCreateXML/, /xml/i, "checkpoint.xml"],
  [/SnapshotCreateXML/, /xml/i, "snapshot.xml"],
  [/BlockCopy/, /^destxml$/i, "copy.xml"],
  [/(Attach|Detach|Update)Device/, /xml/i, "device.xml"],
  [/CPU/, /^xmldesc$|^xmlcpus?$/i, "cpu.xml"],
  [/NetworkPort/, /xml/i, "port.xml"],
  [/NetworkUpdate/, /xml/i, "host.xml"],
  [/Network/, /xml/i, "network.xml"],
  [/Interface/, /xml/i, "interface.xml"],
  [/StorageVol/, /xml/i, "volume.xml"],
  [/StoragePool/, /xml/i, "pool.xml"],
  [/NodeDevice/, /xml/i, "device.xml"],
  [/Secret/, /xml/i, "secret.xml"],
  [/NWFilterBinding/, /xml/i, "binding.xml"],
  [/NWFilter/, /xml/i, "filter.xml"],
  [/XMLFromNative/, /^nativeconfig$/i, "guest.args"],
  [/^vir(Domain|Connect)/, /xml/i, "guest.xml"],
];

/** Values of typed parameters, by their names; others get one by their type. */
const byParameter: Readonly<Record<string, Value>> = {
  "user-name": plain("alice"),
  file: plain("/var/lib/images/guest.save"),
  numa_nodeset: plain("0-1"),
};

const byParameterType: Readonly<Record<string, Value>> = {
  BOOLEAN: plain(true),
  DOUBLE: plain(0.5),
  STRING: plain("web"),
};

/** Typed parameters that an example of a group sets, where its first one would not say much. */
const tellingParameters: Readonly<Record<string, readonly string[]>> = {
  ConnectIdentity: ["user-name"],
  NodeMemoryShared: ["shm_pages_to_scan"],
  MigrateParam: ["destination_name", "bandwidth"],
  DomainSaveParam: ["file"],
  DomainBlkio: ["weight"],
  DomainBlockIotune: ["total_bytes_sec"],
  DomainMemory: ["hard_limit"],
  DomainNuma: ["numa_nodeset"],
  DomainScheduler: ["cpu_shares"],
  DomainLaunchSecurity: ["sev-secret"],
  PerfParam: ["cpu_cycles"],
  ServerClients: ["nclients_max"],
  Threadpool: ["maxWorkers"],
};

/** The value for an argument of a function; undefined where nobody knows one. */
export function valueNamed(cFunction: string, argument: string): Value | undefined {
  const own = byFunction[`${cFunction} ${argument}`];
  if (own) return own;
  const document = documents.find(([functions, names]) => functions.test(cFunction) && names.test(argument));
  if (document) return { is: "file", name: argument, file: document[2] };
  return byName[argument.toLowerCase().replace(/_/g, "")];
}

/** Typed parameters of a group. */
export function parametersOf(
  group: string,
  values: readonly { readonly value: string | number; readonly parameter: string | null }[],
): Value {
  const told =
    tellingParameters[group] ??
    values
      .filter(({ parameter }) => parameter !== null)
      .slice(0, 1)
      .map(({ value }) => String(value));
  const types = new Map(values.map(({ value, parameter }) => [String(value), parameter ?? ""]));
  return {
    is: "table",
    of: told.map((name) => [name, byParameter[name] ?? byParameterType[types.get(name) ?? ""] ?? plain(1000)]),
  };
}
