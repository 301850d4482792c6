/** `<os>`: what kind of guest it is and how it comes up. */
import {
  attr,
  child,
  content,
  fields,
  type Infer,
  inline,
  int,
  leaf,
  leaves,
  many,
  oneOf,
  only,
  type Scalar,
  type Shape,
  text,
  uint,
  yesNo,
} from "../../xml/index.ts";
import { anyStorage } from "./storage.ts";

/** A path as an element's own text, where the element may hold other elements instead. */
const path: Scalar<string> = { parse: (from) => (from.trim() === "" ? undefined : from), format: (value) => value };

const loader = child({
  readonly: attr(yesNo),
  /** Whether secure boot is enforced. */
  secure: attr(yesNo),
  type: attr(oneOf("rom", "pflash")),
  /** The firmware keeps no variables. */
  stateless: attr(yesNo),
  /** Path of the firmware; chosen by libvirt where `os.firmware` is set. */
  value: content(path),
});

const nvram = child({
  /** Image that a new variable store is copied from. */
  template: attr(text),
  /** Where the variable store is, unless `value` is its path. */
  storage: inline(anyStorage),
  value: content(path),
});

const osShape = fields({
  /** Lets libvirt choose firmware of that kind. */
  firmware: attr(oneOf("bios", "efi")),
  type: child({
    arch: attr(text),
    machine: attr(text),
    /** `hvm`, `xen`, `xenpvh`, `linux`, `exe`, `uml`. */
    value: content(text).default(""),
  }).default({ value: "" }),
  /** Containers: the first process, its arguments, environment, directory and user. */
  init: leaf(text),
  initargs: leaves(text).named("initarg"),
  initenvs: many({ name: attr(text).required(), value: content(text) }).named("initenv"),
  initdir: leaf(text),
  inituser: leaf(text),
  initgroup: leaf(text),
  /** What the firmware to choose must have. */
  firmwareFeatures: child({
    features: many({
      enabled: attr(yesNo).required(),
      name: attr(oneOf("enrolled-keys", "secure-boot")).required(),
    }).named("feature"),
  }).named("firmware"),
  loader,
  nvram,
  /** Direct kernel boot: paths on the host. */
  kernel: leaf(text),
  initrd: leaf(text),
  cmdline: leaf(text),
  dtb: leaf(text),
  root: leaf(text),
  acpi: child({ tables: many({ type: attr(oneOf("slic")).required(), value: content(text) }).named("table") }),
  /** Kinds of devices to try, in that order. */
  boots: many({ dev: attr(oneOf("fd", "hd", "cdrom", "network")).required() }).named("boot"),
  bootmenu: child({
    enable: attr(yesNo),
    /** Milliseconds. */
    timeout: attr(uint()),
  }),
  bios: child({
    /** Messages go to the serial port. */
    useserial: attr(yesNo),
    /** Milliseconds until the next attempt when booting fails; -1 never tries again. */
    rebootTimeout: attr(int),
  }),
  smbios: only("mode", oneOf("emulate", "host", "sysinfo")),
});
export interface Os extends Infer<typeof osShape> {}
export const os: Shape<Os> = osShape;

const idMapping = { start: attr(uint()).required(), target: attr(uint()).required(), count: attr(uint()).required() };

const idmapShape = fields({ uids: many(idMapping).named("uid"), gids: many(idMapping).named("gid") });
/** Which users of the host a container's users are. */
export interface Idmap extends Infer<typeof idmapShape> {}
export const idmap: Shape<Idmap> = idmapShape;
