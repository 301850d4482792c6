/** What of this host a guest's launch depends on, found out before anything is planned; only what the guest needs. */

import { hostSysinfo, type SmbiosInfo } from "../../../../driver/host-sysinfo.ts";
import { LibvirtError } from "../../../../errors.ts";
import { isCdromDrive, mayOpen, renderNodes, scsiGeneric } from "../../../../host/devices.ts";
import { exists } from "../../../../host/files.ts";
import { findHugepageMounts, type HugepageMount, hugepageMountsAt } from "../../../../host/hugepages.ts";
import { thisHost } from "../../../../host/node/description.ts";
import { hostTree, numbered } from "../../../../host/node/file-tree.ts";
import { pageSize } from "../../../../host/node/page-size.ts";
import { type Domain as Definition, type Interface, isVirtio } from "../../../../model/domain/index.ts";
import type { QemuHost } from "../../host.ts";
import type { LaunchSettings } from "../../launch/context.ts";
import type { ScsiPlace } from "../../launch/devices/context.ts";
import { launchSettings } from "../../settings/index.ts";
import { findPassphrases, type Passphrases } from "../images/passphrases.ts";
import { neededTpmVersions } from "../tpm/programs.ts";

export interface HostFacts {
  readonly settings: LaunchSettings;
  /** Bytes of a page of memory. */
  readonly pageSize: number;
  /** NUMA nodes that have memory. */
  readonly nodes: readonly number[];
  /** What the firmware says of the machine, for guests that shall say the same. */
  readonly sysinfo?: SmbiosInfo;
  /** Whether we may use the kernel's server of virtio NICs (/dev/vhost-net). */
  readonly vhostNet: boolean;
  /** Block devices among the guest's that are CD-ROM drives. */
  readonly cdroms: ReadonlySet<string>;
  /** Generic nodes of the SCSI devices that are given to the guest. */
  readonly scsi: ReadonlyMap<string, string>;
  /** Graphics cards that render for guests. */
  readonly renderNodes: readonly string[];
  /** Versions of TPMs that can be emulated; undefined when nobody needs to know. */
  readonly tpmVersions?: readonly string[];
  /** What opens the guest's images and certificates. */
  readonly passphrases: Passphrases;
}

const sys = hostTree("/sys");

/** @throws LibvirtError for what the guest needs and the host does not have. */
export async function findHostFacts(host: QemuHost, definition: Definition): Promise<HostFacts> {
  const { devices, os } = definition;
  const [settings, page, nodes, sysinfo, vhostNet, cdroms, scsi, cards, tpmVersions] = await Promise.all([
    settingsFor(host, definition),
    pageSize(),
    numbered(thisHost.system, "node", "node"),
    os.smbios === "host" ? sysinfoForGuest() : undefined,
    devices.interfaces.some(mayUseVhost) ? mayUseVhostNet(devices.interfaces) : false,
    cdromsOf(definition),
    scsiOf(definition),
    devices.graphics.length > 0 ? renderNodes(hostTree("/dev")) : [],
    devices.tpms.some(({ backend }) => backend.type === "emulator") ? neededTpmVersions() : undefined,
  ]);
  return {
    settings,
    pageSize: Number(page) * 1024,
    nodes: nodes.length === 0 ? [0] : nodes,
    ...(sysinfo && { sysinfo }),
    vhostNet,
    cdroms,
    scsi,
    renderNodes: cards,
    ...(tpmVersions && { tpmVersions }),
    passphrases: await findPassphrases(host.peers, definition, certificateSecrets(settings)),
  };
}

/** Secrets that open the keys of certificates. */
function certificateSecrets({ chardevCredentials, nbdCredentials, vxhsCredentials }: LaunchSettings): string[] {
  const all = [chardevCredentials, nbdCredentials, vxhsCredentials];
  return all.flatMap(({ secret }) => (secret === undefined ? [] : [secret]));
}

/** The settings of a root as they hold for a guest. */
export async function settingsFor(host: QemuHost, definition: Definition): Promise<LaunchSettings> {
  const { values } = host.settings;
  const uses = ["vnc", "spice", "chardev", "nbd", "vxhs"].map((use) => `/etc/pki/libvirt-${use}`);
  const there = await Promise.all(uses.map(exists));
  const folders = new Set(uses.filter((_, at) => there[at]));
  return launchSettings(values, {
    memoryBackingFolder: host.layout.memory,
    hugepageMounts: usesHugepages(definition) ? await hugepageMounts(host) : [],
    hasFolder: (path) => folders.has(path),
  });
}

/** Whether a guest has memory in huge pages. */
export const usesHugepages = ({ memoryBacking, devices }: Definition): boolean =>
  memoryBacking?.hugepages !== undefined || devices.memories.some(({ source }) => source?.pagesize !== undefined);

/** The mounts of huge pages that guests may use: none where the settings say so. */
export function hugepageMounts({ settings }: QemuHost): Promise<HugepageMount[]> {
  const named = settings.values.hugetlbfs_mount;
  return named === undefined
    ? findHugepageMounts("QEMU")
    : hugepageMountsAt(
        named.filter((folder) => folder !== ""),
        "QEMU",
      );
}

/** A guest's UUID is its own; all else of the host's tables may be repeated. */
async function sysinfoForGuest(): Promise<SmbiosInfo> {
  const { system, ...rest } = await hostSysinfo("QEMU");
  const { uuid: _, ...machine } = system ?? {};
  return { ...rest, ...(system && { system: machine }) };
}

/** A card whose packets the kernel may move: unless the definition leaves that to QEMU. */
export const mayUseVhost = ({ model, driver }: Interface): boolean => isVirtio(model) && driver?.name !== "qemu";

async function mayUseVhostNet(cards: readonly Interface[]): Promise<boolean> {
  if (await mayOpen("/dev/vhost-net")) return true;
  if (cards.some(({ driver }) => driver?.name === "vhost")) {
    throw unsupported(
      "vhost-net was requested for an interface, but is unavailable: /dev/vhost-net cannot be opened " +
        "(load it with 'modprobe vhost_net', or leave <driver name='vhost'/> out)",
    );
  }
  return false;
}

async function cdromsOf({ devices }: Definition): Promise<Set<string>> {
  const paths = devices.disks.flatMap(({ storage }) => (storage.type === "block" ? [storage.source?.dev ?? ""] : []));
  const are = await Promise.all(paths.map(isCdromDrive));
  return new Set(paths.filter((_, at) => are[at]));
}

/** Where a SCSI device that is given to the guest is on the host; those that come over a network are nowhere there. */
function scsiPlaceOf(hostdev: Definition["devices"]["hostdevs"][number]): ScsiPlace[] {
  if (hostdev.mode !== "subsystem" || hostdev.device.type !== "scsi") return [];
  const { source } = hostdev.device;
  if (source.protocol !== "adapter") return [];
  const { adapter = "", address } = source;
  return [{ adapter, bus: address?.bus ?? 0, target: address?.target ?? 0, unit: address?.unit ?? 0n }];
}

export const scsiKey = ({ adapter, bus, target, unit }: ScsiPlace): string => `${adapter}:${bus}:${target}:${unit}`;

async function scsiOf({ devices }: Definition): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const place of devices.hostdevs.flatMap(scsiPlaceOf)) {
    const node = await scsiGeneric(place, sys);
    if (node === null) {
      const { adapter, bus, target, unit } = place;
      throw new LibvirtError(
        "INTERNAL_ERROR",
        "QEMU",
        `the host has no SCSI device at adapter '${adapter}', bus ${bus}, target ${target}, unit ${unit}`,
      );
    }
    found.set(scsiKey(place), node);
  }
  return found;
}

function unsupported(detail: string): LibvirtError {
  return new LibvirtError("CONFIG_UNSUPPORTED", "QEMU", detail);
}
