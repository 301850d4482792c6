/** `<filesystem>`: a directory or image of the host inside the guest. */
import {
  attr,
  bytes,
  child,
  fields,
  flag,
  type Infer,
  InvalidValue,
  inline,
  oneOf,
  only,
  onOff,
  quote,
  type Scalar,
  type Shape,
  text,
  uint,
  variants,
} from "../../xml/index.ts";
import { bootable } from "./info.ts";
import { usageAttr } from "./sizes.ts";
import { imageFormat } from "./storage.ts";
import { virtio, virtioModel } from "./virtio.ts";

/** Permission bits, written in octal. */
const permissions: Scalar<number> = {
  parse(from) {
    if (!/^[0-7]{1,4}$/.test(from)) throw new InvalidValue(`${quote(from)} is not an octal mode such as 0644`);
    return Number.parseInt(from, 8);
  },
  format: (value) => value.toString(8).padStart(4, "0"),
};

/** What is shown to the guest: `type` stands on the element itself. */
const origin = variants(
  "type",
  {
    /** A directory, or the socket of a file system daemon that somebody else runs. */
    mount: { source: child({ dir: attr(text), socket: attr(text) }) },
    block: { source: child({ dev: attr(text) }) },
    file: { source: child({ file: attr(text) }) },
    template: { source: child({ name: attr(text) }) },
    /** A file system in memory of `usage` bytes. */
    ram: { source: child({ usage: usageAttr() }) },
    bind: { source: child({ dir: attr(text) }) },
    volume: { source: child({ pool: attr(text).required(), volume: attr(text).required() }) },
  },
  { default: "mount" },
);

const filesystemShape = fields({
  /** Who the guest's accesses run as. */
  accessmode: attr(oneOf("passthrough", "mapped", "squash")),
  model: attr(virtioModel),
  /** What to do when the tree holds several devices of the host. */
  multidevs: attr(oneOf("default", "remap", "forbid", "warn")),
  /** Mode of files created by the guest. */
  fmode: attr(permissions),
  /** Mode of directories created by the guest. */
  dmode: attr(permissions),
  driver: child({
    type: attr(oneOf("path", "handle", "loop", "nbd", "ploop", "mtp", "virtiofs")),
    format: attr(imageFormat),
    wrpolicy: attr(oneOf("immediate")),
    /** Requests the virtqueue holds. */
    queue: attr(uint()),
    ...virtio,
  }),
  /** The virtiofs daemon. */
  binary: child({
    path: attr(text),
    xattr: attr(onOff),
    cache: only("mode", oneOf("none", "always")),
    sandbox: only("mode", oneOf("namespace", "chroot")),
    lock: child({ posix: attr(onOff), flock: attr(onOff) }),
    thread_pool: only("size", uint()),
  }),
  origin: inline(origin).required(),
  /** A directory in the guest, or the tag it mounts by. */
  target: only("dir", text).required("NO_TARGET"),
  readonly: flag(),
  ...bootable,
  space_hard_limit: bytes(),
  space_soft_limit: bytes(),
});

export interface Filesystem extends Infer<typeof filesystemShape> {}
export const filesystem: Shape<Filesystem> = filesystemShape;
