/** Disks of domains: what they did, what they take, what is wrong with them, what is in them. */
import { open } from "node:fs/promises";
import { checkFlags } from "../../../../driver/flags.ts";
import type { Handlers } from "../../../../driver/handler.ts";
import { countedParams, llongParam, typedParamStrings } from "../../../../driver/typed-parameters.ts";
import { LibvirtError, systemError } from "../../../../errors.ts";
import { readImageChain } from "../../../../host/image-chain.ts";
import { type Disk, imageOf } from "../../../../model/domain/index.ts";
import {
  DOMAIN_BLOCK_PEEK_BUFFER_MAX,
  DomainBlockResizeFlags,
  DomainBlockStats,
  DomainDiskErrorCode,
  type Domain as DomainRef,
  type TypedParameter,
} from "../../../../protocol/index.ts";
import { belongsTo, diskUses, driveWith, requireDisk } from "../../domain/blocks.ts";
import type { QemuDomain } from "../../domain/domain.ts";
import type { LiveDomain } from "../../domain/live.ts";
import type { QemuHost } from "../../host.ts";
import {
  type BlockCounters,
  blockResize,
  queryBlock,
  queryBlockstats,
  setWriteThreshold,
} from "../../monitor/commands/block.ts";
import { pathOf } from "../../run/files/files.ts";

type BlockProcedures =
  | "domainBlockStats"
  | "domainBlockStatsFlags"
  | "domainGetBlockInfo"
  | "domainGetDiskErrors"
  | "domainBlockResize"
  | "domainSetBlockThreshold"
  | "domainBlockPeek";

function invalidArg(detail: string): LibvirtError {
  return new LibvirtError("INVALID_ARG", "QEMU", detail);
}

type Counter = keyof Omit<BlockCounters, "wr_highest_offset">;

/** The counters of one disk, or the sums over all of them for the path "". */
async function countersOf({ monitor, definition }: LiveDomain, path: string): Promise<Pick<BlockCounters, Counter>> {
  const disk = path === "" ? null : requireDisk(definition, path);
  const aliases = (disk ? [disk] : definition.devices.disks).map(({ alias }) => alias);
  const devices = await queryBlockstats(monitor, false);
  const found = devices.filter(({ qdev }) => aliases.some((alias) => belongsTo(qdev, alias)));
  if (disk && found.length === 0) {
    throw new LibvirtError("INTERNAL_ERROR", "QEMU", `cannot find statistics for device '${disk.target.dev}'`);
  }
  const sum = (name: Counter) => found.reduce((total, { stats }) => total + stats[name], 0n);
  return Object.fromEntries(counters.map(([, name]) => [name, sum(name)])) as Record<Counter, bigint>;
}

/** libvirt's names of the counters, in its order. */
const counters: readonly (readonly [field: string, name: Counter])[] = [
  [DomainBlockStats.WRITE_BYTES, "wr_bytes"],
  [DomainBlockStats.WRITE_REQ, "wr_operations"],
  [DomainBlockStats.READ_BYTES, "rd_bytes"],
  [DomainBlockStats.READ_REQ, "rd_operations"],
  [DomainBlockStats.FLUSH_REQ, "flush_operations"],
  [DomainBlockStats.WRITE_TOTAL_TIMES, "wr_total_time_ns"],
  [DomainBlockStats.READ_TOTAL_TIMES, "rd_total_time_ns"],
  [DomainBlockStats.FLUSH_TOTAL_TIMES, "flush_total_time_ns"],
];

/** How large a disk is and how much of the host it takes, in bytes. */
async function blockInfo(domain: QemuDomain, path: string) {
  const disk = requireDisk(domain.current, path);
  if (disk.storage.type === "file" && disk.storage.source?.fdgroup !== undefined) {
    throw new LibvirtError("OPERATION_UNSUPPORTED", "QEMU", "block info is not supported for FD passed disk image");
  }
  const file = await fileInfo(disk);
  if (!domain.live) {
    if (file) return { allocation: file.allocation, capacity: file.capacity, physical: file.length };
    throw emptyDisk(disk);
  }
  const use = (await diskUses(domain.live)).find((candidate) => candidate.disk === disk);
  const image = use?.node?.image;
  if (!image) throw emptyDisk(disk);
  const taken = image["actual-size"] ?? image["virtual-size"];
  // What QEMU has written itself is the better answer on block devices; it starts at 0 with each run.
  const highest = use.stats?.parent?.stats.wr_highest_offset;
  const allocation = disk.storage.type === "block" ? highest || taken : taken;
  return { allocation, capacity: image["virtual-size"], physical: file?.length ?? taken };
}

/** The path of an image that is on this host. */
function localPath(storage: Disk["storage"]): string | undefined {
  if (storage.type === "volume") return pathOf(storage);
  return storage.type === "file" || storage.type === "block" ? imageOf(storage) : undefined;
}

/** The image file of a disk as the host has it; null when it is elsewhere. */
async function fileInfo({ storage, driver }: Disk) {
  const path = localPath(storage);
  if (path === undefined) return null;
  const { layers } = await readImageChain(path, driver?.type ?? "raw", "QEMU");
  const [top] = layers;
  return top ? { length: top.length, allocation: top.allocation, capacity: top.capacity ?? top.length } : null;
}

function emptyDisk({ target, storage }: Disk): LibvirtError {
  return storage.type === "network"
    ? new LibvirtError("OPERATION_UNSUPPORTED", "QEMU", `disk '${target.dev}' is not on this host: start the domain`)
    : invalidArg(`disk '${target.dev}' does not currently have a source assigned`);
}

const ioErrors: Readonly<Record<string, number>> = {
  failed: DomainDiskErrorCode.UNSPEC,
  nospace: DomainDiskErrorCode.NO_SPACE,
};

async function diskErrors({ monitor, definition }: LiveDomain) {
  const drives = await queryBlock(monitor);
  return definition.devices.disks.flatMap((disk) => {
    const drive = drives.find(({ qdev }) => belongsTo(qdev, disk.alias));
    const error = ioErrors[drive?.["io-status"] ?? "ok"];
    return error === undefined ? [] : [{ disk: disk.target.dev, error }];
  });
}

/** The node of a disk's image, as orders about the image name it. */
async function imageNode(live: LiveDomain, disk: Disk): Promise<string> {
  const node = (await driveWith(live, disk)).inserted?.["node-name"];
  if (node !== undefined) return node;
  throw new LibvirtError("OPERATION_INVALID", "QEMU", `disk '${disk.target.dev}' has no image`);
}

async function resize(live: LiveDomain, path: string, size: bigint): Promise<void> {
  const disk = requireDisk(live.definition, path);
  if (disk.readonly === true) {
    throw new LibvirtError("OPERATION_INVALID", "QEMU", `cannot resize read-only disk '${disk.target.dev}'`);
  }
  const sectors = disk.driver?.type === "qcow2" || disk.driver?.type === "qed";
  const bytes = sectors ? ((size + 511n) / 512n) * 512n : size;
  await blockResize(live.monitor, await imageNode(live, disk), bytes);
}

/** A disk's image, or with `vda[3]` one of those below it, by the index in the document. */
const threshold = /^([^[\]]+)(?:\[(\d{1,9})\])?$/;

async function setThreshold(live: LiveDomain, device: string, bytes: bigint): Promise<void> {
  const [, target = "", index] = threshold.exec(device) ?? [];
  const disk = live.definition.devices.disks.find((candidate) => candidate.target.dev === target);
  if (!disk) throw invalidArg(`failed to find disk '${target}'`);
  const format = index === undefined ? await imageNode(live, disk) : `libvirt-${index}-format`;
  // Space is written in the file or device below the format.
  await setWriteThreshold(live.monitor, format.replace(/^(libvirt-\d+)-format$/, "$1-storage"), bytes);
}

async function peek(domain: QemuDomain, path: string, offset: bigint, size: number): Promise<Uint8Array> {
  if (size > DOMAIN_BLOCK_PEEK_BUFFER_MAX) {
    throw invalidArg(`size ${size} in virDomainBlockPeek is larger than ${DOMAIN_BLOCK_PEEK_BUFFER_MAX}`);
  }
  const { storage, driver, target } = requireDisk(domain.current, path);
  const format = driver?.type ?? "raw";
  if (format !== "raw") throw invalidArg(`peeking is only supported for disk with 'raw' format not '${format}'`);
  const file = localPath(storage);
  if (file === undefined) throw invalidArg(`disk '${target.dev}' has no image on this host`);
  const handle = await open(file, "r").catch((error) => {
    throw systemError("QEMU", `failed to open '${file}'`, error);
  });
  try {
    const { bytesRead, buffer } = await handle.read(new Uint8Array(size), 0, size, Number(offset));
    if (bytesRead === size) return buffer;
    throw invalidArg(`cannot read ${size} bytes at ${offset} of '${file}': it ends before`);
  } finally {
    await handle.close();
  }
}

export function blockHandlers(host: QemuHost): Handlers<BlockProcedures> {
  const find = (dom: DomainRef) => host.finder.find(dom);
  return {
    async domainBlockStats({ dom, path }) {
      const all = await countersOf(find(dom).running(), path);
      const { rd_operations: rdReq, rd_bytes: rdBytes, wr_operations: wrReq, wr_bytes: wrBytes } = all;
      // QEMU counts no errors.
      return { rdReq, rdBytes, wrReq, wrBytes, errs: -1n };
    },
    async domainBlockStatsFlags({ dom, path, nparams, flags }) {
      checkFlags(flags, typedParamStrings, "domainBlockStatsFlags", "QEMU");
      const all = await countersOf(find(dom).running(), path);
      const params: TypedParameter[] = counters.map(([field, name]) => llongParam(field, all[name]));
      return countedParams(params, nparams);
    },
    domainGetBlockInfo({ dom, path, flags }) {
      checkFlags(flags, 0, "domainGetBlockInfo", "QEMU");
      if (path === "") throw invalidArg("path in virDomainGetBlockInfo must not be empty");
      return blockInfo(find(dom), path);
    },
    async domainGetDiskErrors({ dom, maxerrors, flags }) {
      checkFlags(flags, 0, "domainGetDiskErrors", "QEMU");
      const live = find(dom).running();
      if (maxerrors === 0) return { errors: [], nerrors: live.definition.devices.disks.length };
      const errors = (await diskErrors(live)).slice(0, maxerrors);
      return { errors, nerrors: errors.length };
    },
    async domainBlockResize({ dom, disk, size, flags }) {
      checkFlags(flags, DomainBlockResizeFlags.BYTES, "domainBlockResize", "QEMU");
      const bytes = (flags & DomainBlockResizeFlags.BYTES) !== 0 ? size : size * 1024n;
      if (bytes >= 2n ** 63n) throw new LibvirtError("OVERFLOW", "QEMU", "size must be less than 9007199254740991 KiB");
      await host.finder.change(dom, "domainBlockResize", (domain) => resize(domain.running(), disk, bytes));
    },
    async domainSetBlockThreshold({ dom, dev, threshold: bytes, flags }) {
      checkFlags(flags, 0, "domainSetBlockThreshold", "QEMU");
      await host.finder.change(dom, "domainSetBlockThreshold", (domain) => setThreshold(domain.running(), dev, bytes));
    },
    async domainBlockPeek({ dom, path, offset, size, flags }) {
      checkFlags(flags, 0, "domainBlockPeek", "QEMU");
      return { buffer: await peek(find(dom), path, offset, size) };
    },
  };
}
