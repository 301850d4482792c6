/** What guests an emulator can run on this host: the document of virConnectGetDomainCapabilities. */
import {
  attr,
  child,
  content,
  document,
  fields,
  type Infer,
  leaf,
  leaves,
  many,
  oneOf,
  text,
  uint,
  yesNo,
} from "../xml/index.ts";

/** A list of values that an attribute or element of the domain may have here. */
const enumeration = { name: attr(text).required(), values: leaves(text).named("value") };
const enums = { enums: many(enumeration).named("enum") };
const supported = { supported: attr(yesNo).required() };
const device = { ...supported, ...enums };

/** `usable` says whether the host can run a guest with this model. */
const customModel = {
  usable: attr(oneOf("yes", "no", "unknown")),
  deprecated: attr(yesNo),
  vendor: attr(text),
  fallback: attr(oneOf("allow", "forbid")),
  name: content(text),
};

const cpuMode = {
  name: attr(oneOf("host-passthrough", "maximum", "host-model", "custom")).required(),
  ...supported,
  ...enums,
  models: many(customModel).named("model"),
  vendor: leaf(text),
  features: many({ policy: attr(text).required(), name: attr(text).required() }).named("feature"),
};

const sev = {
  ...supported,
  cbitpos: leaf(uint()),
  reducedPhysBits: leaf(uint()),
  maxGuests: leaf(uint()),
  maxESGuests: leaf(uint()),
};

const description = {
  path: leaf(text).required(),
  domain: leaf(text).required(),
  machine: leaf(text),
  arch: leaf(text).required(),
  vcpu: child({ max: attr(uint()).required() }),
  iothreads: child(supported),
  os: child({
    ...supported,
    ...enums,
    loader: child({ ...supported, values: leaves(text).named("value"), ...enums }),
  }).required(),
  cpu: child({ modes: many(cpuMode).named("mode") }),
  memoryBacking: child(device),
  devices: child({
    disk: child(device),
    graphics: child(device),
    video: child(device),
    hostdev: child(device),
    rng: child(device),
    filesystem: child(device),
    tpm: child(device),
    redirdev: child(device),
    channel: child(device),
  }).required(),
  features: child({
    gic: child(device),
    vmcoreinfo: child(supported),
    genid: child(supported),
    backingStoreInput: child(supported),
    backup: child(supported),
    s390Pv: child(supported).named("s390-pv"),
    sev: child(sev),
    sgx: child(supported),
    hyperv: child(device),
  }),
};

export const domainCapabilitiesDocument = document("domainCapabilities", description);

const shape = fields(description);
export type DomainCapabilities = Infer<typeof shape>;
export type CpuMode = NonNullable<DomainCapabilities["cpu"]>["modes"][number];
/** One list of allowed values. */
export interface Enumeration {
  readonly name: string;
  readonly values: readonly string[];
}
