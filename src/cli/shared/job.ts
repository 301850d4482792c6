/** Long work on a domain: its progress, and Ctrl-C. */
import type { Domain } from "../../api/index.ts";
import { progressLine } from "../output/progress.ts";
import type { Shell } from "../shell.ts";

/** How often progress is asked for. */
const INTERVAL = 500;

interface Watching {
  readonly shell: Shell;
  readonly signal: AbortSignal;
}

/**
 * Runs `work`, shows on standard error how far the domain's job is (when `verbose`), and at Ctrl-C asks for the job to be
 * aborted; `work` then fails with what libvirt says of that.
 */
export async function watchJob<T>(
  { shell, signal }: Watching,
  domain: Domain,
  label: string,
  verbose: boolean,
  work: () => Promise<T>,
): Promise<T> {
  const show = (remaining: bigint, total: bigint) => shell.terminal.stderr.write(progressLine(label, remaining, total));
  const ask = async () => {
    const info = await domain.jobInfo().catch(() => undefined);
    if (info !== undefined && info.dataTotal > 0n) show(info.dataRemaining, info.dataTotal);
  };
  const abort = () => void domain.abortJob().catch((error: unknown) => shell.complain(error));
  const timer = verbose ? setInterval(() => void ask(), INTERVAL) : undefined;
  signal.addEventListener("abort", abort, { once: true });
  try {
    const result = await work();
    if (verbose) show(0n, 1n);
    return result;
  } finally {
    clearInterval(timer);
    signal.removeEventListener("abort", abort);
  }
}
