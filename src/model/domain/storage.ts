/** Where the bytes of an image are: shared by disks, backing stores, mirrors and NVRAM. */
import {
  attr,
  bytes,
  child,
  content,
  fields,
  type Infer,
  inline,
  lazy,
  many,
  oneOf,
  only,
  type Shape,
  type Simplify,
  text,
  uint,
  ulong,
  type Values,
  variants,
  yesNo,
} from "../../xml/index.ts";
import { imageFormats } from "../common/image-format.ts";
import { pciAddress } from "../common/pci-address.ts";
import { auth, encryption } from "./secret.ts";
import { deviceLabels } from "./security.ts";

export const imageFormat = oneOf(...imageFormats);
export type ImageFormat = (typeof imageFormats)[number];

/** What to do when the image is not there at the start of the guest. */
export const startupPolicy = oneOf("mandatory", "requisite", "optional");

/** What a Unix socket does when the other side goes away: seconds until the next attempt. */
export const reconnect = child({ enabled: attr(yesNo).required(), timeout: attr(uint()) });

const slice = {
  type: attr(oneOf("storage")).required(),
  /** Bytes. */
  offset: attr(ulong).required(),
  /** Bytes. */
  size: attr(ulong).required(),
};

const host = {
  transport: attr(oneOf("tcp", "unix", "rdma")),
  socket: attr(text),
  name: attr(text),
  port: attr(uint(65535)),
};

/** The initiator of an iSCSI session. */
export const initiator = child({ iqn: only("name", text) });

const place = {
  startupPolicy: attr(startupPolicy),
  /** Which element of the chain this is, as block jobs name it. */
  index: attr(uint()).omit(0).live(),
};

/** SCSI persistent reservations, done by a helper process. */
const reservations = child({
  managed: attr(yesNo).required(),
  source: child({ type: attr(oneOf("unix")).required(), path: attr(text), mode: attr(oneOf("client")) }),
});

const slices = child({ slices: many(slice).named("slice") });
const access = { slices, seclabels: deviceLabels, encryption: child(encryption).empty("pair"), reservations };

/** How images are reached over the network. */
export const networkProtocols = [
  "nbd",
  "rbd",
  "sheepdog",
  "gluster",
  "iscsi",
  "http",
  "https",
  "ftp",
  "ftps",
  "tftp",
  "vxhs",
  "nfs",
  "ssh",
] as const;
const protocol = oneOf(...networkProtocols);

/** `type` stands on the parent (disk, backingStore, mirror, nvram), the rest in its `<source>`. */
const places = {
  file: {
    source: child({
      file: attr(text),
      /** Name of a group of file descriptors passed by virDomainFDAssociate. */
      fdgroup: attr(text),
      ...place,
      ...access,
    }),
  },
  block: { source: child({ dev: attr(text), ...place, ...access }) },
  dir: { source: child({ dir: attr(text), ...place, ...access }) },
  network: {
    source: child({
      protocol: attr(protocol).required(),
      name: attr(text),
      query: attr(text),
      tls: attr(yesNo),
      tlsHostname: attr(text),
      ...place,
      hosts: many(host).named("host"),
      snapshot: only("name", text),
      config: only("file", text),
      initiator,
      ssl: child({ verify: attr(yesNo) }),
      cookies: child({ cookies: many({ name: attr(text).required(), value: content(text) }).named("cookie") }).secret(),
      readahead: child({ size: attr(ulong) }),
      timeout: child({ seconds: attr(ulong) }),
      identity: child({ user: attr(text), group: attr(text) }),
      slices,
      auth: child(auth),
      seclabels: deviceLabels,
      encryption: child(encryption).empty("pair"),
      reservations,
    }),
  },
  volume: {
    source: child({
      pool: attr(text).required(),
      volume: attr(text).required(),
      /** For iSCSI pools: through the host's block device, or by the emulator itself. */
      mode: attr(oneOf("host", "direct")),
      /** Where the volume was when the guest was given it. */
      found: child({ type: attr(oneOf("file", "block", "dir")).required(), path: attr(text).required() })
        .status()
        .when((mode) => mode.status === true),
      ...place,
      ...access,
    }),
  },
  nvme: {
    source: child({
      type: attr(oneOf("pci")).required(),
      /** Take the controller away from the host's driver at start. */
      managed: attr(yesNo).default(true),
      namespace: attr(ulong).required(),
      ...place,
      address: child(pciAddress).required(),
      ...access,
    }),
  },
  vhostuser: {
    source: child({ type: attr(oneOf("unix")).required(), path: attr(text).required(), ...place, reconnect }),
  },
};

const storageShape = variants("type", places, { default: "file" });
export type Storage = Infer<typeof storageShape>;
export const storage: Shape<Storage> = storageShape;
export type StorageType = Storage["type"];
export type StorageOf<T extends StorageType> = Extract<Storage, { type: T }>;
/** A storage that may be missing. */
export const anyStorage: Shape<Storage> = variants("type", places, { optional: true });

/** Bytes of memory that qcow2 tables may be cached in. */
export const metadataCache = child({ max_size: bytes() });

/** Format of an image that is not the disk's own. */
export const innerFormat = child({ type: attr(imageFormat).required(), metadata_cache: metadataCache });

const image = { index: attr(uint()).omit(0).live(), format: innerFormat, storage: inline(anyStorage) };

/**
 * The image below an image. One without storage ends the chain; where the element is missing, the chain goes on as the
 * images themselves say. Only the recursion is typed by hand.
 */
export interface BackingStore extends Simplify<Values<typeof image>> {
  backingStore?: BackingStore | undefined;
}

/** What lies below an image, from the topmost on. */
export function* backingStoresOf({
  backingStore,
}: {
  readonly backingStore?: BackingStore | undefined;
}): Generator<BackingStore> {
  for (let below = backingStore; below !== undefined; below = below.backingStore) yield below;
}
export const backingStore: Shape<BackingStore> = fields({
  ...image,
  backingStore: child(lazy((): Shape<BackingStore> => backingStore)).empty("keep"),
});

/** The path or name that an image is known by, where it has one. */
export function imageOf(storage: Storage): string | undefined {
  switch (storage.type) {
    case "file":
      return storage.source?.file;
    case "block":
      return storage.source?.dev;
    case "dir":
      return storage.source?.dir;
    case "network":
      return storage.source?.name;
    case "volume":
      return storage.source?.volume;
    case "vhostuser":
      return storage.source?.path;
    case "nvme":
      return storage.source === undefined ? undefined : `nvme:${storage.source.namespace}`;
  }
}
