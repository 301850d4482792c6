/** `<features>`: what the machine offers beyond its devices, and how the hypervisor shows itself. */
import {
  attr,
  child,
  fields,
  flag,
  type Infer,
  kib,
  oneOf,
  only,
  onOff,
  type Shape,
  text,
  uint,
} from "../../xml/index.ts";
import { prettySize } from "./sizes.ts";

/** An element that says "on" by being there. */
const state = { state: attr(onOff).default(true) };
const toggle = child(state);
/** One that must say which. */
const explicitState = { state: attr(onOff).required() };
const explicit = child(explicitState);
/** Linux capabilities a container keeps or loses. */
const capability = child(explicitState);

const hypervShape = fields({
  /** `passthrough`: all the host can. */
  mode: attr(oneOf("custom", "passthrough")).default("custom"),
  relaxed: explicit,
  vapic: explicit,
  spinlocks: child({ ...explicitState, retries: attr(uint()) }),
  vpindex: explicit,
  runtime: explicit,
  synic: explicit,
  stimer: child({ ...explicitState, direct: explicit }),
  reset: explicit,
  vendor_id: child({ ...explicitState, value: attr(text) }),
  frequencies: explicit,
  reenlightenment: explicit,
  tlbflush: explicit,
  ipi: explicit,
  evmcs: explicit,
  avic: explicit,
});
export interface Hyperv extends Infer<typeof hypervShape> {}
const hyperv: Shape<Hyperv> = hypervShape;

const kvm = child({
  hidden: explicit,
  hintDedicated: child(explicitState).named("hint-dedicated"),
  pollControl: child(explicitState).named("poll-control"),
  pvIpi: child(explicitState).named("pv-ipi"),
  dirtyRing: child({
    ...explicitState,
    /** Entries a vCPU's ring holds. */
    size: attr(uint()).omit(0),
  }).named("dirty-ring"),
});

const xen = child({
  e820_host: explicit,
  passthrough: child({ ...explicitState, mode: attr(oneOf("sync_pt", "share_pt")) }),
});

const capabilities = child({
  policy: attr(oneOf("default", "allow", "deny")).default("default"),
  audit_control: capability,
  audit_write: capability,
  block_suspend: capability,
  chown: capability,
  dac_override: capability,
  dac_read_search: capability,
  fowner: capability,
  fsetid: capability,
  ipc_lock: capability,
  ipc_owner: capability,
  kill: capability,
  lease: capability,
  linux_immutable: capability,
  mac_admin: capability,
  mac_override: capability,
  mknod: capability,
  net_admin: capability,
  net_bind_service: capability,
  net_broadcast: capability,
  net_raw: capability,
  setgid: capability,
  setfcap: capability,
  setpcap: capability,
  setuid: capability,
  sys_admin: capability,
  sys_boot: capability,
  sys_chroot: capability,
  sys_module: capability,
  sys_nice: capability,
  sys_pacct: capability,
  sys_ptrace: capability,
  sys_rawio: capability,
  sys_resource: capability,
  sys_time: capability,
  sys_tty_config: capability,
  syslog: capability,
  wake_alarm: capability,
});

const mitigation = oneOf("broken", "workaround", "fixed");

const featuresShape = fields({
  acpi: flag(),
  apic: child({ eoi: attr(onOff) }).empty("keep"),
  pae: flag(),
  /** Hardware-assisted paging. */
  hap: toggle,
  viridian: flag(),
  /** Containers: a network namespace of their own. */
  privnet: flag(),
  hyperv: child(hyperv).empty("pair"),
  kvm: kvm.empty("pair"),
  pvspinlock: toggle,
  capabilities,
  pmu: toggle,
  vmport: toggle,
  /** ARM interrupt controller. */
  gic: child({ version: attr(oneOf("2", "3", "host")) }).empty("keep"),
  /** System management mode; `tseg` is its memory in bytes. */
  smm: child({ ...state, tseg: prettySize() }),
  ioapic: only("driver", oneOf("kvm", "qemu")),
  /** pSeries hash page table; `maxpagesize` in KiB. */
  hpt: child({ resizing: attr(oneOf("enabled", "disabled", "required")), maxpagesize: kib() }),
  vmcoreinfo: toggle,
  htm: explicit,
  nestedHv: child(explicitState).named("nested-hv"),
  msrs: only("unknown", oneOf("ignore", "fault")),
  ccfAssist: child(explicitState).named("ccf-assist"),
  xen: xen.empty("pair"),
  cfpc: only("value", mitigation),
  sbbc: only("value", mitigation),
  ibs: only("value", oneOf("broken", "workaround", "fixed-ibs", "fixed-ccd", "fixed-na")),
  tcg: child({
    /** KiB of translated code kept. */
    tbCache: kib().named("tb-cache"),
  }),
});
export interface Features extends Infer<typeof featuresShape> {}
export const features: Shape<Features> = featuresShape;
