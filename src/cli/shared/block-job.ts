/** Waiting for a disk's background job. */
import { setInterval } from "node:timers/promises";
import type { Domain } from "../../api/index.ts";
import { DomainBlockJobAbortFlags as Abort } from "../../protocol/constants/index.ts";
import { attempt, CommandError } from "../error.ts";
import { progressLine } from "../output/progress.ts";
import type { Shell } from "../shell.ts";
import { attributeAt, elementsAt, readDocument } from "./xml.ts";

/** How often the job is looked at. */
const INTERVAL = 500;

export interface BlockJobWait {
  readonly shell: Shell;
  readonly signal: AbortSignal;
  readonly domain: Domain;
  /** Target or source of the disk. */
  readonly disk: string;
  readonly label: string;
  readonly verbose: boolean;
  /** Give up and abort after so many seconds. */
  readonly timeout: number | undefined;
  /** Do not wait for the job to be gone after aborting it. */
  readonly async: boolean;
}

/** How a job that was waited for ended: it is done, or its two copies are in step. */
export type BlockJobOutcome = "completed" | "ready";

/** Waits until the job is done or in step. Ctrl-C and the timeout abort it. @throws {CommandError} when aborted */
export async function waitForBlockJob(wait: BlockJobWait): Promise<BlockJobOutcome> {
  const limits = [wait.signal, ...(wait.timeout === undefined ? [] : [AbortSignal.timeout(wait.timeout * 1000)])];
  const stop = AbortSignal.any(limits);
  try {
    for await (const _ of setInterval(INTERVAL, undefined, { signal: stop })) {
      const outcome = await look(wait);
      if (outcome !== undefined) return outcome;
    }
  } catch (error) {
    if (!stop.aborted) throw error;
  }
  await attempt(`failed to abort job for disk '${wait.disk}'`, () =>
    wait.domain.blockJobAbort(wait.disk, wait.async ? Abort.ASYNC : 0),
  );
  throw new CommandError(`${wait.label} aborted`);
}

async function look({ shell, domain, disk, label, verbose }: BlockJobWait): Promise<BlockJobOutcome | undefined> {
  const info = await attempt(`failed to query job for disk ${disk}`, () => domain.blockJobInfo(disk, 0));
  if (info === null) {
    if (verbose) shell.terminal.stderr.write(progressLine(label, 0n, 1n));
    return "completed";
  }
  if (verbose) shell.terminal.stderr.write(progressLine(label, info.end - info.cur, info.end));
  return info.cur === info.end && (await inStep(domain, disk)) ? "ready" : undefined;
}

/** Whether the disk and its mirror hold the same. */
async function inStep(domain: Domain, disk: string): Promise<boolean> {
  const disks = elementsAt(readDocument(await domain.xmlDesc()), "devices/disk");
  const found = disks.find(
    (element) =>
      attributeAt(element, "target", "dev") === disk ||
      attributeAt(element, "source", "file") === disk ||
      attributeAt(element, "source", "dev") === disk,
  );
  return found !== undefined && attributeAt(found, "mirror", "ready") === "yes";
}
