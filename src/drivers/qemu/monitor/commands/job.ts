/** Long work on images, and jobs in general. Progress and end come as JOB_STATUS_CHANGE and BLOCK_JOB_* events. */
import type { JsonObject } from "../json.ts";
import type { CallOptions, CommandRunner } from "../qmp.ts";
import { array, boolean, fields, int64, nothing, type Of, optional, string } from "../shape.ts";

/** Starts a job: `block-stream`, `block-commit`, `blockdev-mirror` or `blockdev-backup` with its arguments. */
export function startBlockJob(
  qemu: CommandRunner,
  kind: "block-stream" | "block-commit" | "blockdev-mirror" | "blockdev-backup",
  args: JsonObject,
  options?: CallOptions,
): Promise<void> {
  return qemu.ask(kind, nothing, args, options);
}

const blockJob = fields({
  device: string,
  type: string,
  len: int64,
  offset: int64,
  /** Bytes a second, 0 is no limit. */
  speed: int64,
  busy: boolean,
  paused: boolean,
  ready: boolean,
  status: string,
  error: optional(string),
});

export type BlockJobInfo = Of<typeof blockJob>;

export function queryBlockJobs(qemu: CommandRunner, options?: CallOptions): Promise<BlockJobInfo[]> {
  return qemu.ask("query-block-jobs", array(blockJob), undefined, options);
}

const job = fields({
  id: string,
  type: string,
  status: string,
  "current-progress": int64,
  "total-progress": int64,
  error: optional(string),
});

export type JobInfo = Of<typeof job>;

export function queryJobs(qemu: CommandRunner, options?: CallOptions): Promise<JobInfo[]> {
  return qemu.ask("query-jobs", array(job), undefined, options);
}

/** @param force also ends a mirror that is ready without switching over to the copy. */
export function blockJobCancel(
  qemu: CommandRunner,
  device: string,
  force: boolean,
  options?: CallOptions,
): Promise<void> {
  return qemu.ask("block-job-cancel", nothing, { device, force }, options);
}

/** @param speed in bytes a second, 0 is no limit. */
export function blockJobSetSpeed(
  qemu: CommandRunner,
  device: string,
  speed: bigint,
  options?: CallOptions,
): Promise<void> {
  return qemu.ask("block-job-set-speed", nothing, { device, speed }, options);
}

/** Forgets a job that has ended; it stays in the list until then. */
export function jobDismiss(qemu: CommandRunner, id: string, options?: CallOptions): Promise<void> {
  return qemu.ask("job-dismiss", nothing, { id }, options);
}
