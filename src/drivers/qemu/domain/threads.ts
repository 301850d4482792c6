/** The host's threads that a running guest consists of. Which these are changes only when something is plugged. */
import { iothreadIds } from "../../../model/domain/index.ts";
import { type IOThreadInfo, queryCpusFast, queryIOThreads } from "../monitor/commands/cpu.ts";
import { cached, forgetAnswers } from "./answers.ts";
import type { LiveDomain } from "./live.ts";

export interface VcpuThread {
  readonly vcpu: number;
  /** The thread's number on the host; emulated processors may share one. */
  readonly thread: number;
}

/** The threads of a guest's processors, in the order of the processors. */
export function vcpuThreads(live: LiveDomain): Promise<readonly VcpuThread[]> {
  return cached(live, "vcpus", async () => {
    const cpus = await queryCpusFast(live.monitor);
    return cpus.map((cpu) => ({ vcpu: cpu["cpu-index"], thread: cpu["thread-id"] })).sort((a, b) => a.vcpu - b.vcpu);
  });
}

/** To be called when processors were plugged in or out. */
export function forgetVcpuThreads(live: LiveDomain): void {
  forgetAnswers(live, "vcpus");
}

export interface IOThread extends IOThreadInfo {
  /** The number that the definition gives it. */
  readonly number: number;
}

/** The I/O threads of a guest as they are; none without a question when the definition has none. */
export async function ioThreads(live: LiveDomain): Promise<readonly IOThread[]> {
  if (iothreadIds(live.definition).length === 0) return [];
  return cached(live, "iothreads", async () => {
    const threads = (await queryIOThreads(live.monitor)).flatMap((thread) => {
      const number = Number(/^iothread(\d{1,9})$/.exec(thread.id)?.[1] ?? Number.NaN);
      return Number.isNaN(number) ? [] : [{ ...thread, number }];
    });
    return threads.sort((a, b) => a.number - b.number);
  });
}

/** To be called when I/O threads came, went, or poll in another way. */
export function forgetIoThreads(live: LiveDomain): void {
  forgetAnswers(live, "iothreads");
}
