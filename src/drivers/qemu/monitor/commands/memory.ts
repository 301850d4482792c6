/** The guest's memory: balloon, what the guest says of it, memory devices, dumps. */
import { isJsonObject } from "../json.ts";
import type { CallOptions, CommandRunner } from "../qmp.ts";
import { array, fields, int64, nothing, type Of, object, optional, record, string } from "../shape.ts";
import { qomGet, qomSet } from "./qom.ts";

/** What the guest has at present, in bytes. */
export async function queryBalloon(qemu: CommandRunner, options?: CallOptions): Promise<bigint> {
  return (await qemu.ask("query-balloon", fields({ actual: int64 }), undefined, options)).actual;
}

/** Asks the guest to make do with this many bytes; a BALLOON_CHANGE event tells how far it went. */
export function balloon(qemu: CommandRunner, bytes: bigint, options?: CallOptions): Promise<void> {
  return qemu.ask("balloon", nothing, { value: bytes }, options);
}

/** What the guest's balloon driver last reported. Amounts are in bytes; what it does not know it leaves out. */
export interface GuestMemoryStats {
  /** Seconds since 1970, 0 when the guest has not reported yet. */
  readonly lastUpdate: bigint;
  readonly stats: ReadonlyMap<string, bigint>;
}

const guestStats = fields({ "last-update": int64, stats: record(int64) });

/** Values of the balloon that mean "not known": -1 as the unsigned number that QEMU sends. */
const UNKNOWN = 2n ** 64n - 1n;

/** @param path of the balloon device in QEMU's object tree. */
export async function guestMemoryStats(
  qemu: CommandRunner,
  path: string,
  options?: CallOptions,
): Promise<GuestMemoryStats> {
  const answer = await qomGet(qemu, path, "guest-stats", guestStats, options);
  const known = [...answer.stats].filter(([, value]) => value !== UNKNOWN && value >= 0n);
  return { lastUpdate: answer["last-update"], stats: new Map(known) };
}

/** How often the balloon asks the guest for statistics, in seconds; 0 is never. */
export function setGuestStatsInterval(
  qemu: CommandRunner,
  path: string,
  seconds: number,
  options?: CallOptions,
): Promise<void> {
  return qomSet(qemu, path, "guest-stats-polling-interval", seconds, options);
}

const memorySize = fields({ "base-memory": int64, "plugged-memory": optional(int64) });

/** How much memory the machine began with and how much was plugged in since, in bytes. */
export function queryMemorySize(qemu: CommandRunner, options?: CallOptions): Promise<Of<typeof memorySize>> {
  return qemu.ask("query-memory-size-summary", memorySize, undefined, options);
}

const memoryDevice = fields({ type: string, data: object });

/** Memory devices by their id: DIMMs, NVDIMMs, virtio-mem and virtio-pmem. */
export async function queryMemoryDevices(qemu: CommandRunner, options?: CallOptions) {
  const devices = await qemu.ask("query-memory-devices", array(memoryDevice), undefined, options);
  return new Map(
    devices.flatMap(({ type, data }) =>
      isJsonObject(data) && typeof data.id === "string" ? [[data.id, { type, data }]] : [],
    ),
  );
}

/** Formats of a core dump; all but elf are compressed and leave out pages of zeroes. */
export type DumpFormat = "elf" | "kdump-zlib" | "kdump-lzo" | "kdump-snappy" | "win-dmp";

/** Writes the guest's memory to `protocol`, such as `file:PATH` or `fd:NAME`; DUMP_COMPLETED tells the end. */
export function dumpGuestMemory(
  qemu: CommandRunner,
  protocol: string,
  format: DumpFormat,
  options?: CallOptions,
): Promise<void> {
  return qemu.ask("dump-guest-memory", nothing, { paging: false, protocol, detach: true, format }, options);
}

const dumpStatus = fields({ status: string, completed: int64, total: int64 });

/** How far a dump has come, in bytes. `status` is none, active, completed or failed. */
export function queryDump(qemu: CommandRunner, options?: CallOptions): Promise<Of<typeof dumpStatus>> {
  return qemu.ask("query-dump", dumpStatus, undefined, options);
}

/** Writes `size` bytes of memory from `address` to a file; `vcpu` says whose view, null physical addresses. */
export function memsave(
  qemu: CommandRunner,
  address: bigint,
  size: bigint,
  path: string,
  vcpu: number | null,
  options?: CallOptions,
): Promise<void> {
  const where = { val: address, size, filename: path };
  return vcpu === null
    ? qemu.ask("pmemsave", nothing, where, options)
    : qemu.ask("memsave", nothing, { ...where, "cpu-index": vcpu }, options);
}

const dirtyRate = fields({
  status: string,
  /** MiB a second, once measured. */
  "dirty-rate": optional(int64),
  "start-time": int64,
  "calc-time": int64,
  mode: optional(string),
});

/** Begins to measure how fast the guest changes its memory, for `seconds`. */
export function calcDirtyRate(
  qemu: CommandRunner,
  seconds: number,
  mode: string | undefined,
  options?: CallOptions,
): Promise<void> {
  return qemu.ask("calc-dirty-rate", nothing, { "calc-time": seconds, mode }, options);
}

export function queryDirtyRate(qemu: CommandRunner, options?: CallOptions): Promise<Of<typeof dirtyRate>> {
  return qemu.ask("query-dirty-rate", dirtyRate, undefined, options);
}
