/** Background jobs on a disk's images. */

import type { Domain } from "../../../api/index.ts";
import {
  DomainBlockJobAbortFlags as Abort,
  DomainBlockCommitFlags as Commit,
  DomainBlockCopyFlags as Copy,
  DomainBlockPullFlags,
  DomainBlockJobType as JobType,
  DomainBlockRebaseFlags as Rebase,
} from "../../../protocol/constants/index.ts";
import { type Context, command } from "../../command.ts";
import { attempt, CommandError } from "../../error.ts";
import { diskTargets } from "../../objects/disk.ts";
import { DomainFilter, domainOf, domainOption } from "../../objects/domain.ts";
import { bytes, data, flag, text, uint } from "../../option.ts";
import { waitForBlockJob } from "../../shared/block-job.ts";
import { readXmlFile } from "../../shared/files.ts";
import { setParameters } from "../../shared/parameters.ts";
import { exclusive, flagsOf, requires } from "../../shared/rules.ts";
import { inUnits } from "../../shared/sizes.ts";
import { element } from "../../shared/xml.ts";
import { fileNames } from "../../shared/xml-options.ts";

const MIB = 1024n * 1024n;

const domain = domainOption({ filter: DomainFilter.ACTIVE });
const path = data("target or source of the disk", { complete: diskTargets });
const bandwidth = bytes("most MiB a second");
const inBytes = flag("the bandwidth is in bytes a second");
const waiting = {
  wait: flag("wait until it is done"),
  verbose: flag("with --wait: show how far it is"),
  timeout: uint("with --wait: abort it after so many seconds"),
};
const asyncOption = flag("with --wait: when aborted, do not wait until it is gone");
const keepRelative = flag("keep relative names in the chain of images");

interface Waiting {
  readonly path: string;
  readonly verbose: boolean;
  readonly timeout: number | undefined;
  readonly async: boolean;
}

async function waitFor(context: Context<Waiting & { readonly domain: string }>, label: string) {
  const { options, shell, signal } = context;
  const { path: disk, verbose, timeout, async } = options;
  const target = await domainOf(context);
  return waitForBlockJob({ shell, signal, domain: target, disk, label, verbose, timeout, async });
}

/** What a command to wait implies, and what needs it. @throws {CommandError} */
function checkWaiting(options: Waiting & { readonly wait: boolean }, implied: boolean, finish: string): boolean {
  const blocking = options.wait || options.timeout !== undefined || implied;
  const needed = `requires at least one of --timeout, --wait, --pivot, or --${finish}`;
  if (!blocking && options.verbose) throw new CommandError(`--verbose ${needed}`);
  if (!blocking && options.async) throw new CommandError(`--async ${needed}`);
  return blocking;
}

export const blockcommit = command({
  name: "blockcommit",
  summary: "merge a disk's newer images into an older one",
  description: "Copies what newer images of a disk's chain hold into the older one below them.",
  options: {
    domain,
    path,
    bandwidth,
    base: text("the image to merge into; the last of the chain when left out"),
    shallow: flag("merge into the image right below"),
    top: text("the newest image to merge; the first of the chain when left out"),
    active: flag("the newest image is the one in use: merge, then stay in step"),
    delete: flag("remove images that were merged"),
    ...waiting,
    pivot: flag("--active --wait, then use the merged image"),
    keepOverlay: flag("--active --wait, then use the newest image on"),
    async: asyncOption,
    keepRelative,
    bytes: inBytes,
  },
  async run(context) {
    const { options, notice } = context;
    exclusive(options, ["pivot", "keepOverlay"], ["base", "shallow"]);
    const blocking = checkWaiting(options, options.pivot || options.keepOverlay, "keep-overlay");
    const active = options.active || options.pivot || options.keepOverlay;
    const flags =
      flagsOf(options, {
        shallow: Commit.SHALLOW,
        delete: Commit.DELETE,
        keepRelative: Commit.RELATIVE,
        bytes: Commit.BANDWIDTH_BYTES,
      }) | (active ? Commit.ACTIVE : 0);
    const target = await domainOf(context);
    const { base = null, top = null } = options;
    await target.blockCommit(options.path, base, top, options.bandwidth ?? 0n, flags);
    if (!blocking) {
      notice(active ? "Active Block Commit started" : "Block Commit started");
      return;
    }
    const outcome = await waitFor(context, "Block commit");
    if (options.pivot) {
      await attempt(`failed to pivot job for disk ${options.path}`, () =>
        target.blockJobAbort(options.path, Abort.PIVOT),
      );
      notice("\nSuccessfully pivoted");
    } else if (options.keepOverlay) {
      await attempt(`failed to finish job for disk ${options.path}`, () => target.blockJobAbort(options.path, 0));
      notice("\nCommit complete, overlay image kept");
    } else {
      notice(outcome === "ready" ? "\nNow in synchronized phase" : "\nCommit complete");
    }
  },
});

export const blockcopy = command({
  name: "blockcopy",
  summary: "copy a running guest's disk",
  description: "Copies a disk while its guest runs, and keeps the copy in step until told otherwise.",
  options: {
    domain,
    path,
    dest: text("the copy", { complete: fileNames }),
    bandwidth,
    shallow: flag("the copy shares the older images"),
    reuseExternal: flag("the copy's file is there already"),
    blockdev: flag("the copy is a block device"),
    ...waiting,
    pivot: flag("--wait, then use the copy"),
    finish: flag("--wait, then leave the copy"),
    async: asyncOption,
    xml: text("file with the XML of the copy", { complete: fileNames }),
    format: text("format of the copy"),
    granularity: uint("bytes that are copied at once, a power of two"),
    bufSize: bytes("most bytes on their way"),
    bytes: inBytes,
    transientJob: flag("the job ends with the guest"),
    synchronousWrites: flag("the guest's writes reach the copy at once"),
    printXml: flag("print the copy's XML, and change nothing"),
  },
  aliases: { raw: "format=raw" },
  async run(context) {
    const { options, notice, print } = context;
    exclusive(options, ["dest", "xml"], ["format", "xml"], ["blockdev", "xml"], ["pivot", "finish"]);
    const blocking = checkWaiting(options, options.pivot || options.finish, "finish");
    const xml = await copyXml(options);
    if (options.printXml) {
      print(xml);
      return;
    }
    const target = await domainOf(context);
    await startCopy(target, options, xml);
    if (!blocking) {
      notice("Block Copy started");
      return;
    }
    await waitFor(context, "Block Copy");
    if (options.pivot) {
      await attempt(`failed to pivot job for disk ${options.path}`, () =>
        target.blockJobAbort(options.path, Abort.PIVOT),
      );
      notice("\nSuccessfully pivoted");
    } else if (options.finish) {
      await attempt(`failed to finish job for disk ${options.path}`, () => target.blockJobAbort(options.path, 0));
      notice("\nSuccessfully copied");
    } else {
      notice("\nNow in mirroring phase");
    }
  },
});

interface CopyOptions {
  readonly path: string;
  readonly dest: string | undefined;
  readonly xml: string | undefined;
  readonly format: string | undefined;
  readonly bandwidth: bigint | undefined;
  readonly granularity: number | undefined;
  readonly bufSize: bigint | undefined;
  readonly bytes: boolean;
  readonly shallow: boolean;
  readonly reuseExternal: boolean;
  readonly blockdev: boolean;
  readonly transientJob: boolean;
  readonly synchronousWrites: boolean;
}

/** Begins a copy by the older of two calls where that can say it: daemons of any age have it. */
async function startCopy(target: Domain, options: CopyOptions, xml: string): Promise<void> {
  const { path: disk, dest, format, bandwidth: limit, granularity, bufSize, transientJob, synchronousWrites } = options;
  const newer = granularity !== undefined || bufSize !== undefined || transientJob || synchronousWrites;
  if (dest !== undefined && !newer && (format === undefined || format === "raw")) {
    const given = flagsOf(
      { ...options },
      {
        shallow: Rebase.SHALLOW,
        reuseExternal: Rebase.REUSE_EXT,
        blockdev: Rebase.COPY_DEV,
        bytes: Rebase.BANDWIDTH_BYTES,
      },
    );
    const flags = Rebase.COPY | given | (format === "raw" ? Rebase.COPY_RAW : 0);
    await target.blockRebase(disk, dest, limit ?? 0n, flags);
    return;
  }
  const flags = flagsOf(
    { ...options },
    {
      shallow: Copy.SHALLOW,
      reuseExternal: Copy.REUSE_EXT,
      transientJob: Copy.TRANSIENT_JOB,
      synchronousWrites: Copy.SYNCHRONOUS_WRITES,
    },
  );
  const parameters = setParameters({
    bandwidth: limit === undefined ? undefined : options.bytes ? limit : limit * MIB,
    granularity,
    buf_size: bufSize,
  });
  await target.blockCopy(disk, xml, parameters ?? {}, flags);
}

async function copyXml(options: {
  readonly xml: string | undefined;
  readonly dest: string | undefined;
  readonly format: string | undefined;
  readonly blockdev: boolean;
}): Promise<string> {
  if (options.xml !== undefined) return readXmlFile(options.xml);
  if (options.dest === undefined) throw new CommandError("need either --dest or --xml");
  return element("disk", { type: options.blockdev ? "block" : "file" }, [
    element("source", { [options.blockdev ? "dev" : "file"]: options.dest }),
    options.format === undefined ? undefined : element("driver", { type: options.format }),
  ]);
}

export const blockpull = command({
  name: "blockpull",
  summary: "merge a disk's older images into the newest",
  description: "Copies what older images of a disk's chain hold into the one in use.",
  options: {
    domain,
    path,
    bandwidth,
    base: text("the image that stays below; none when left out"),
    ...waiting,
    async: asyncOption,
    keepRelative,
    bytes: inBytes,
  },
  async run(context) {
    const { options, notice } = context;
    requires(options, "verbose", "wait");
    requires(options, "async", "wait");
    const blocking = options.wait || options.timeout !== undefined;
    const target = await domainOf(context);
    const limit = options.bandwidth ?? 0n;
    if (options.base === undefined && !options.keepRelative) {
      const flags = options.bytes ? DomainBlockPullFlags.BANDWIDTH_BYTES : 0;
      await target.blockPull(options.path, limit, flags);
    } else {
      const flags = flagsOf(options, { keepRelative: Rebase.RELATIVE, bytes: Rebase.BANDWIDTH_BYTES });
      await target.blockRebase(options.path, options.base ?? null, limit, flags);
    }
    if (!blocking) {
      notice("Block Pull started");
      return;
    }
    await waitFor(context, "Block Pull");
    notice("\nPull complete");
  },
});

/** virsh's names of jobs, by libvirt's numbers. */
const jobNames: Readonly<Record<number, string>> = {
  [JobType.UNKNOWN]: "Unknown job",
  [JobType.PULL]: "Block Pull",
  [JobType.COPY]: "Block Copy",
  [JobType.COMMIT]: "Block Commit",
  [JobType.ACTIVE_COMMIT]: "Active Block Commit",
  [JobType.BACKUP]: "Backup",
};

export const blockjob = command({
  name: "blockjob",
  summary: "watch or end a disk's background job",
  description: "Shows a disk's background job, changes its speed, or ends it.",
  options: {
    domain,
    path,
    abort: flag("abort it"),
    async: flag("--abort, and do not wait until it is gone"),
    pivot: flag("--abort, and use its result"),
    info: flag("show it"),
    bytes: flag("bandwidths are in bytes a second"),
    raw: flag("--info as plain fields"),
    bandwidth: bytes("let it have so many MiB a second at most"),
  },
  async query(context) {
    const { options, notice } = context;
    exclusive(
      options,
      ["abort", "info"],
      ["raw", "abort"],
      ["bandwidth", "abort"],
      ["bandwidth", "info"],
      ["raw", "bandwidth"],
    );
    const target = await domainOf(context);
    const inBytesFlag = options.bytes ? 1 : 0;
    if (options.bandwidth !== undefined) {
      await target.blockJobSetSpeed(options.path, options.bandwidth, inBytesFlag);
      return undefined;
    }
    if (options.abort || options.pivot || options.async) {
      await target.blockJobAbort(options.path, flagsOf(options, { async: Abort.ASYNC, pivot: Abort.PIVOT }));
      return undefined;
    }
    const info = await target.blockJobInfo(options.path, inBytesFlag);
    if (info === null && !options.raw) notice(`No current block job for ${options.path}`);
    return info ?? undefined;
  },
  print({ type, bandwidth: speed, cur, end }, { options }) {
    if (options.raw) return ` type=${jobNames[type] ?? type}\n bandwidth=${speed}\n cur=${cur}\n end=${end}\n`;
    const percent = end > 0n ? Number((cur * 100n) / end) : 0;
    return `${jobNames[type] ?? "Unknown job"}: [${String(percent).padStart(3)} %]${speedText(speed, options.bytes)}\n`;
  },
});

function speedText(speed: bigint, isBytes: boolean): string {
  if (speed === 0n) return "";
  const total = isBytes ? speed : speed * MIB;
  const { value, unit } = inUnits(total);
  return `    Bandwidth limit: ${total} bytes/s (${value.toFixed(3)} ${unit}/s)`;
}
