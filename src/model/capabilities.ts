/** What a host is and which guests it can run: the document of virConnectGetCapabilities. */
import {
  attr,
  child,
  content,
  cpuset,
  document,
  fields,
  flag,
  type Infer,
  kib,
  leaf,
  leaves,
  many,
  onOff,
  text,
  uint,
  ulong,
  yesNo,
} from "../xml/index.ts";

const pageSize = { unit: attr(text).required(), size: attr(ulong).required() };

const hostCpu = {
  arch: leaf(text).required(),
  model: leaf(text),
  vendor: leaf(text),
  microcode: child({ version: attr(uint()).required() }),
  signature: child({
    family: attr(uint()).required(),
    model: attr(uint()).required(),
    stepping: attr(uint()).required(),
  }),
  topology: child({
    sockets: attr(uint()).required(),
    dies: attr(uint()).required(),
    cores: attr(uint()).required(),
    threads: attr(uint()).required(),
  }),
  features: many({ name: attr(text).required() }).named("feature"),
  pages: many(pageSize),
};

const cell = {
  id: attr(uint()).required(),
  memory: kib(),
  pages: many({ ...pageSize, count: content(ulong).required() }),
  distances: child({
    siblings: many({ id: attr(uint()).required(), value: attr(uint()).required() }).named("sibling"),
  }),
  cpus: child({
    num: attr(uint()).required(),
    cpus: many({
      id: attr(uint()).required(),
      socket: attr(uint()).named("socket_id"),
      die: attr(uint()).named("die_id"),
      core: attr(uint()).named("core_id"),
      siblings: attr(cpuset),
    }).named("cpu"),
  }),
};

const monitorFeatures = { features: many({ name: attr(text).required() }).named("feature") };

const cache = {
  banks: many({
    id: attr(uint()).required(),
    level: attr(uint()).required(),
    type: attr(text).required(),
    size: attr(uint()).required(),
    unit: attr(text).required(),
    cpus: attr(cpuset).required(),
    controls: many({
      granularity: attr(uint()).required(),
      min: attr(uint()),
      unit: attr(text).required(),
      type: attr(text).required(),
      maxAllocs: attr(uint()).required(),
    }).named("control"),
  }).named("bank"),
  monitor: child({
    level: attr(uint()).required(),
    reuseThreshold: attr(uint()).required(),
    maxMonitors: attr(uint()).required(),
    ...monitorFeatures,
  }),
};

const bandwidth = {
  nodes: many({
    id: attr(uint()).required(),
    cpus: attr(cpuset).required(),
    control: child({
      granularity: attr(uint()).required(),
      min: attr(uint()),
      maxAllocs: attr(uint()).required(),
    }),
  }).named("node"),
  monitor: child({ maxMonitors: attr(uint()).required(), ...monitorFeatures }),
};

const toggle = { default: attr(onOff).required(), toggle: attr(yesNo).required() };

const guest = {
  osType: leaf(text).named("os_type").required(),
  arch: child({
    name: attr(text).required(),
    wordsize: leaf(uint()).required(),
    emulator: leaf(text),
    machines: many({
      canonical: attr(text),
      maxCpus: attr(uint()),
      deprecated: attr(yesNo),
      name: content(text).required(),
    }).named("machine"),
    domains: many({ type: attr(text).required() }).named("domain"),
  }).required(),
  features: child({
    pae: flag(),
    nonpae: flag(),
    acpi: child(toggle),
    apic: child(toggle),
    cpuselection: flag(),
    deviceboot: flag(),
    disksnapshot: child(toggle),
  }),
};

const description = {
  host: child({
    uuid: leaf(text),
    cpu: child(hostCpu).required(),
    powerManagement: child({
      suspendMem: flag().named("suspend_mem"),
      suspendDisk: flag().named("suspend_disk"),
      suspendHybrid: flag().named("suspend_hybrid"),
    })
      .named("power_management")
      .empty("keep"),
    iommu: child({ support: attr(yesNo).required() }),
    migration: child({
      live: flag(),
      transports: child({ transports: leaves(text).named("uri_transport") }).named("uri_transports"),
    }).named("migration_features"),
    topology: child({
      cells: child({ num: attr(uint()).required(), cells: many(cell).named("cell") }).required(),
    }),
    cache: child(cache),
    memoryBandwidth: child(bandwidth).named("memory_bandwidth"),
    secmodels: many({
      model: leaf(text).required(),
      doi: leaf(text).required(),
      baselabels: many({ type: attr(text).required(), label: content(text).required() }).named("baselabel"),
    }).named("secmodel"),
  }).required(),
  guests: many(guest).named("guest"),
};

export const capabilitiesDocument = document("capabilities", description);

/** The document as libvirt lays it out: the host and each guest stand between empty lines. */
export function formatCapabilities(capabilities: Capabilities): string {
  return capabilitiesDocument.format(capabilities).replace(/^( {2}<(host|guest)>|<\/capabilities>)$/gm, "\n$1");
}

const shape = fields(description);
export type Capabilities = Infer<typeof shape>;
export type GuestCapabilities = Capabilities["guests"][number];
