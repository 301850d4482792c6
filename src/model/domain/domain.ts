/**
 * The domain document: a guest as its definition says. The description holds what is true for the text alone; what
 * libvirt fills in is in complete.ts, what it refuses in validate.ts.
 *
 * A key has the name of its element or attribute, in camel case where that has a hyphen and in the plural where it is a
 * list; `value` is the element's own text.
 */
import {
  attr,
  child,
  content,
  cpuset,
  document,
  fields,
  type Infer,
  kib,
  kibContent,
  leaf,
  many,
  oneOf,
  onOff,
  type Shape,
  text,
  uint,
  uuid,
  verbatim,
  yesNo,
} from "../../xml/index.ts";
import { audio } from "./audio.ts";
import { channel, console, parallel, serial } from "./chardev.ts";
import { clock } from "./clock.ts";
import { controller } from "./controller.ts";
import { cpu } from "./cpu.ts";
import { disk } from "./disk.ts";
import { features } from "./features.ts";
import { filesystem } from "./filesystem.ts";
import { graphics } from "./graphics.ts";
import { hostdev } from "./hostdev.ts";
import { input } from "./input.ts";
import { networkInterface } from "./interface.ts";
import { keywrap, launchSecurity } from "./launch-security.ts";
import { memballoon } from "./memballoon.ts";
import { memoryBacking } from "./memory-backing.ts";
import { memoryDevice } from "./memory-device.ts";
import { domainNamespaces, namespaced } from "./namespaces.ts";
import { idmap, os } from "./os.ts";
import { panic } from "./panic.ts";
import { perf } from "./perf.ts";
import { redirdev, redirfilter } from "./redirdev.ts";
import { rng } from "./rng.ts";
import { securityLabel } from "./security.ts";
import { shmem } from "./shmem.ts";
import { hub, iommu, lease, nvram, vsock } from "./small-devices.ts";
import { smartcard } from "./smartcard.ts";
import { sound } from "./sound.ts";
import { sysinfo } from "./sysinfo.ts";
import { tpm } from "./tpm.ts";
import { blkiotune, cputune, memtune, numatune, resource } from "./tuning.ts";
import { video } from "./video.ts";
import { watchdog } from "./watchdog.ts";

const devicesShape = fields({
  /** Path of the program that runs the guest. */
  emulator: leaf(text),
  disks: many(disk).named("disk"),
  controllers: many(controller).named("controller"),
  leases: many(lease).named("lease"),
  filesystems: many(filesystem).named("filesystem"),
  interfaces: many(networkInterface).named("interface"),
  smartcards: many(smartcard).named("smartcard"),
  serials: many(serial).named("serial"),
  parallels: many(parallel).named("parallel"),
  consoles: many(console).named("console"),
  channels: many(channel).named("channel"),
  inputs: many(input).named("input"),
  tpms: many(tpm).named("tpm"),
  graphics: many(graphics).named("graphics"),
  sounds: many(sound).named("sound"),
  audios: many(audio).named("audio"),
  videos: many(video).named("video"),
  hostdevs: many(hostdev).named("hostdev"),
  redirdevs: many(redirdev).named("redirdev").empty("pair"),
  redirfilter: child(redirfilter),
  hubs: many(hub).named("hub"),
  watchdog: child(watchdog),
  memballoon: child(memballoon),
  rngs: many(rng).named("rng"),
  nvram: child(nvram).empty("pair"),
  panics: many(panic).named("panic").empty("omit"),
  shmems: many(shmem).named("shmem"),
  memories: many(memoryDevice).named("memory"),
  iommu: child(iommu),
  vsock: child(vsock),
});
export interface Devices extends Infer<typeof devicesShape> {}
export const devices: Shape<Devices> = devicesShape;

const threadPool = { thread_pool_min: attr(uint()), thread_pool_max: attr(uint()) };

const lifecycleAction = oneOf("destroy", "restart", "rename-restart", "preserve");
const crashAction = oneOf("destroy", "restart", "rename-restart", "preserve", "coredump-destroy", "coredump-restart");

const domainShape = fields({
  /** Which hypervisor runs it. */
  type: attr(
    oneOf(
      "qemu",
      "kqemu",
      "kvm",
      "xen",
      "lxc",
      "uml",
      "openvz",
      "test",
      "vmware",
      "hyperv",
      "vbox",
      "phyp",
      "parallels",
      "vz",
      "bhyve",
      "hvf",
    ),
  ).required(),
  /** Only while it runs. */
  id: attr(uint()).live(),
  name: leaf(text).required("NO_NAME"),
  uuid: leaf(uuid),
  /** Tells the guest that it was cloned or put back to an earlier state; without a value a new one is made. */
  genid: child({ value: content(uuid) }).empty("keep"),
  title: leaf(text),
  description: leaf(text),
  /** Elements of applications, each in a namespace of its own. */
  metadata: verbatim(),
  /** How far memory can grow by plugging in modules, and into how many slots. */
  maxMemory: child({ slots: attr(uint()), value: kibContent().default(0n) }),
  /** Memory at start. */
  memory: child({
    /** Whether the emulator's core dumps hold it. */
    dumpCore: attr(onOff),
    /** KiB. */
    value: kibContent().default(0n),
  }).default({ value: 0n }),
  /** KiB the guest may use of it at the moment. */
  currentMemory: kib().default(0n),
  blkiotune: child(blkiotune),
  memtune: child(memtune),
  memoryBacking: child(memoryBacking),
  vcpu: child({
    /** `auto`: numad chooses the CPUs. */
    placement: attr(oneOf("static", "auto")).default("static"),
    /** The host's CPUs that vCPUs without a pin of their own run on. */
    cpuset: attr(cpuset),
    /** vCPUs plugged in at start; all when missing. */
    current: attr(uint()),
    /** The most there can be. */
    value: content(uint()).default(1),
  }).default({ placement: "static", value: 1 }),
  vcpus: child({
    vcpus: many({
      id: attr(uint()).required(),
      enabled: attr(yesNo).required(),
      hotpluggable: attr(yesNo),
      order: attr(uint()),
    }).named("vcpu"),
  }),
  /** How many threads serve disks and controllers. */
  iothreads: leaf(uint()),
  iothreadids: child({
    iothreads: many({ id: attr(uint()).required(), ...threadPool }).named("iothread"),
  }),
  defaultiothread: child(threadPool),
  cputune: child(cputune),
  numatune: child(numatune),
  resource: child(resource),
  sysinfos: many(sysinfo).named("sysinfo"),
  /** Xen: a program of the host that finds the guest's kernel. */
  bootloader: leaf(text),
  bootloader_args: leaf(text),
  os: child(os).default(os.make({})),
  idmap: child(idmap),
  features: child(features),
  cpu: child(cpu),
  clock: child(clock).default({ offset: "utc", timers: [] }),
  on_poweroff: leaf(lifecycleAction).default("destroy"),
  on_reboot: leaf(lifecycleAction).default("restart"),
  on_crash: leaf(crashAction).default("destroy"),
  on_lockfailure: leaf(oneOf("poweroff", "restart", "pause", "ignore")),
  pm: child({
    suspendToMem: child({ enabled: attr(yesNo) }).named("suspend-to-mem"),
    suspendToDisk: child({ enabled: attr(yesNo) }).named("suspend-to-disk"),
  }),
  perf: child(perf),
  devices: child(devices).empty("pair").default(devices.make({})),
  seclabels: many(securityLabel).named("seclabel"),
  keywrap: child(keywrap),
  launchSecurity: child(launchSecurity),
  ...namespaced,
});

/** A domain as a document says it. */
export interface ParsedDomain extends Infer<typeof domainShape> {}
const parsedDomain: Shape<ParsedDomain> = domainShape;

/** A domain as drivers hold it: completed, so that it has a UUID. */
export interface Domain extends ParsedDomain {
  uuid: string;
}

export const domainDocument = document("domain", parsedDomain, domainNamespaces, { from: "DOMAIN" });
