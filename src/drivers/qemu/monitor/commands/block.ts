/** Disks and images: block nodes, their statistics, trays, limits, snapshots. */
import type { Json, JsonObject } from "../json.ts";
import type { CallOptions, CommandRunner } from "../qmp.ts";
import {
  array,
  boolean,
  fields,
  int64,
  lazy,
  nothing,
  type Of,
  object,
  optional,
  type Shape,
  string,
} from "../shape.ts";

/** @param node `driver`, `node-name` and the driver's properties. */
export function blockdevAdd(qemu: CommandRunner, node: JsonObject, options?: CallOptions): Promise<void> {
  return qemu.ask("blockdev-add", nothing, node, options);
}

export function blockdevDel(qemu: CommandRunner, nodeName: string, options?: CallOptions): Promise<void> {
  return qemu.ask("blockdev-del", nothing, { "node-name": nodeName }, options);
}

/** Makes an image; ends with the job `jobId`. */
export function blockdevCreate(
  qemu: CommandRunner,
  jobId: string,
  image: JsonObject,
  options?: CallOptions,
): Promise<void> {
  return qemu.ask("blockdev-create", nothing, { "job-id": jobId, options: image }, options);
}

/** @param size in bytes. */
export function blockResize(qemu: CommandRunner, nodeName: string, size: bigint, options?: CallOptions): Promise<void> {
  return qemu.ask("block_resize", nothing, { "node-name": nodeName, size }, options);
}

const counters = fields({
  rd_bytes: int64,
  wr_bytes: int64,
  rd_operations: int64,
  wr_operations: int64,
  flush_operations: int64,
  rd_total_time_ns: int64,
  wr_total_time_ns: int64,
  flush_total_time_ns: int64,
  /** The byte after the last one that was ever written: how much of the image is in use. */
  wr_highest_offset: optional(int64),
});

export type BlockCounters = Of<typeof counters>;

/** Statistics of one device or node and of what lies below it. */
export interface BlockStats {
  readonly device: string | undefined;
  readonly qdev: string | undefined;
  readonly "node-name": string | undefined;
  readonly stats: BlockCounters;
  readonly parent: BlockStats | undefined;
  readonly backing: BlockStats | undefined;
}

const blockStats: Shape<BlockStats> = fields({
  device: optional(string),
  qdev: optional(string),
  "node-name": optional(string),
  stats: counters,
  parent: optional(lazy(() => blockStats)),
  backing: optional(lazy(() => blockStats)),
});

/** @param nodes true for an entry a node, false for one a guest device. */
export function queryBlockstats(qemu: CommandRunner, nodes: boolean, options?: CallOptions): Promise<BlockStats[]> {
  return qemu.ask("query-blockstats", array(blockStats), { "query-nodes": nodes }, options);
}

/** An image and those that back it. */
export interface ImageInfo {
  readonly filename: string;
  readonly format: string;
  /** What the guest sees, in bytes. */
  readonly "virtual-size": bigint;
  /** What it takes on the host, in bytes. */
  readonly "actual-size": bigint | undefined;
  readonly "backing-image": ImageInfo | undefined;
}

const imageInfo: Shape<ImageInfo> = fields({
  filename: string,
  format: string,
  "virtual-size": int64,
  "actual-size": optional(int64),
  "backing-image": optional(lazy(() => imageInfo)),
});

const blockNode = fields({
  "node-name": optional(string),
  file: string,
  ro: boolean,
  drv: string,
  backing_file: optional(string),
  image: optional(imageInfo),
  write_threshold: optional(int64),
  "dirty-bitmaps": optional(array(object)),
});

export type BlockNode = Of<typeof blockNode>;

/** @param flat without the images that back a node; flag `query-named-block-nodes.flat`. */
export function queryNamedBlockNodes(qemu: CommandRunner, flat: boolean, options?: CallOptions): Promise<BlockNode[]> {
  return qemu.ask("query-named-block-nodes", array(blockNode), flat ? { flat } : undefined, options);
}

const blockDevice = fields({
  device: optional(string),
  qdev: optional(string),
  removable: boolean,
  locked: boolean,
  tray_open: optional(boolean),
  "io-status": optional(string),
  inserted: optional(blockNode),
});

export type BlockDevice = Of<typeof blockDevice>;

/** The guest's disks, with what is in them. */
export function queryBlock(qemu: CommandRunner, options?: CallOptions): Promise<BlockDevice[]> {
  return qemu.ask("query-block", array(blockDevice), undefined, options);
}

/** Opens a drive's tray; one that the guest has locked only by force. */
export function openTray(qemu: CommandRunner, id: string, force: boolean, options?: CallOptions): Promise<void> {
  return qemu.ask("blockdev-open-tray", nothing, { id, force }, options);
}

export function closeTray(qemu: CommandRunner, id: string, options?: CallOptions): Promise<void> {
  return qemu.ask("blockdev-close-tray", nothing, { id }, options);
}

export function removeMedium(qemu: CommandRunner, id: string, options?: CallOptions): Promise<void> {
  return qemu.ask("blockdev-remove-medium", nothing, { id }, options);
}

export function insertMedium(qemu: CommandRunner, id: string, nodeName: string, options?: CallOptions): Promise<void> {
  return qemu.ask("blockdev-insert-medium", nothing, { id, "node-name": nodeName }, options);
}

/** @param limits bytes and operations a second, zeroes for none. */
export function setIoThrottle(
  qemu: CommandRunner,
  id: string,
  limits: JsonObject,
  options?: CallOptions,
): Promise<void> {
  return qemu.ask("block_set_io_throttle", nothing, { id, ...limits }, options);
}

/** An event comes when a write reaches beyond this byte of the node; 0 is never. */
export function setWriteThreshold(
  qemu: CommandRunner,
  nodeName: string,
  threshold: bigint,
  options?: CallOptions,
): Promise<void> {
  return qemu.ask(
    "block-set-write-threshold",
    nothing,
    { "node-name": nodeName, "write-threshold": threshold },
    options,
  );
}

/** One step of a transaction: the name of a command that can be undone, and its arguments. */
export interface TransactionAction {
  readonly type: string;
  readonly data: JsonObject;
}

/** Does all of the steps or none. */
export function transaction(
  qemu: CommandRunner,
  actions: readonly TransactionAction[],
  options?: CallOptions,
): Promise<void> {
  return qemu.ask("transaction", nothing, { actions: actions.map((action) => ({ ...action })) as Json[] }, options);
}
