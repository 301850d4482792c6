/** How the host's kernel schedules a thread. */
import type { ErrorDomainName } from "../errors.ts";
import { runProgram } from "./program.ts";

export interface SchedulerWish {
  readonly scheduler: "batch" | "idle" | "fifo" | "rr";
  /** Of the real-time schedulers, 1 to 99. */
  readonly priority?: number | undefined;
}

/** Node cannot set it; `chrt`, which is part of every Linux system (util-linux), can. */
export async function setScheduler(thread: number, wish: SchedulerWish, domain: ErrorDomainName): Promise<void> {
  const isRealTime = wish.scheduler === "fifo" || wish.scheduler === "rr";
  const priority = isRealTime ? (wish.priority ?? 1) : 0;
  await runProgram("chrt", [`--${wish.scheduler}`, "--pid", String(priority), String(thread)], { domain });
}
