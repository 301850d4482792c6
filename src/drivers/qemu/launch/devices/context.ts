/**
 * What devices need to know for a launch besides themselves: the guest they are part of, what its emulator can do, and
 * facts of the host that the driver has found out before.
 */
import type { Domain, Storage, StorageOf } from "../../../../model/domain/index.ts";
import type { QemuCapabilities } from "../../capabilities/capabilities.ts";

/** A secret as a definition names it, by its UUID or by what it is for. */
export interface SecretName {
  readonly uuid?: string | undefined;
  readonly usage?: string | undefined;
}

/** A secret as QEMU gets it: encrypted with the domain's master key, both in base64. */
export interface SealedSecret {
  readonly data: string;
  readonly iv: string;
}

/** Certificates for one kind of connection (`*_tls_x509_*` of qemu.conf). */
export interface TlsCredentials {
  readonly folder: string;
  /** Whether clients must show a certificate of their own. */
  readonly verifyPeer: boolean;
  /** UUID of the secret that opens the key. */
  readonly secret?: string;
}

export interface DeviceSettings {
  /** Whether TCP character devices that do not say it are encrypted (chardev_tls). */
  readonly chardevTls: boolean;
  readonly chardevCredentials: TlsCredentials;
  /** Whether NBD disks that do not say it are encrypted (nbd_tls). */
  readonly nbdTls: boolean;
  readonly nbdCredentials: TlsCredentials;
  /** Whether VxHS disks that do not say it are encrypted (vxhs_tls). */
  readonly vxhsTls: boolean;
  readonly vxhsCredentials: TlsCredentials;
  /** How much GlusterFS clients log, from 0 to 9 (gluster_debug_level). */
  readonly glusterDebug?: number;
}

/** A SCSI device of the host. */
export interface ScsiPlace {
  readonly adapter: string;
  readonly bus: number;
  readonly target: number;
  readonly unit: bigint;
}

/** Descriptors that QEMU opens an image by. */
export interface FdSet {
  readonly set: number;
  /** With one descriptor alone QEMU cannot change over between reading and writing. */
  readonly descriptors: number;
}

/** What the driver found out about the host. Each of these throws LibvirtError for what the host does not have. */
export interface DeviceFacts {
  /** Encrypts a secret's value for this start. */
  readonly secret: (name: SecretName) => SealedSecret;
  /** Encrypts something else that must not be seen on a command line. */
  readonly seal: (value: Uint8Array) => SealedSecret;
  /** Where a volume of a storage pool is. */
  readonly volume: (source: NonNullable<StorageOf<"volume">["source"]>) => Storage;
  /** The descriptors of a group passed by virDomainFDAssociate. */
  readonly fdSet: (group: string) => FdSet;
  /** Whether a block device is a CD-ROM drive. */
  readonly isHostCdrom: (path: string) => boolean;
  /** The generic node of a SCSI device, such as /dev/sg0. */
  readonly scsiGeneric: (place: ScsiPlace) => string;
  /** Whether the host's kernel can serve virtio NICs (/dev/vhost-net). */
  readonly vhostNet: boolean;
  /** How an interface is connected on the host; undefined for those that QEMU connects by itself. */
  readonly tap: (alias: string) => Tap | undefined;
  /** How QEMU opens a file that a character device writes: by its path, or as a set of descriptors it inherits. */
  readonly outputFile: (path: string) => string;
  /** Path of a vDPA device for QEMU. */
  readonly vdpa: (path: string) => string;
  /** The guest's context id on the host's vsock. */
  readonly vsockCid: () => number;
  /** The host's vsock as QEMU inherits it; undefined where it opens that itself. */
  readonly vsockFd?: string | undefined;
  /** Socket of a helper process that serves an interface (passt). */
  readonly passtSocket: (alias: string) => string;
}

/** A tap device, by its name or by descriptors that QEMU inherits: one for each queue. */
export type Tap =
  | { readonly name: string; readonly vhostFds?: readonly string[] }
  | { readonly fds: readonly string[]; readonly vhostFds?: readonly string[] };

export interface DeviceContext {
  readonly domain: Domain;
  readonly capabilities: QemuCapabilities;
  /** The running domain's own folder: sockets of its helpers are there. */
  readonly folder: string;
  readonly settings: DeviceSettings;
  readonly facts: DeviceFacts;
}
