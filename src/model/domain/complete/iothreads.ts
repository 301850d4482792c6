/** The threads that serve disks, by id. */
import type { ParsedDomain } from "../domain.ts";
import { invalidValue, malformed, unsupported } from "../refuse.ts";
import { set } from "./update.ts";

/** Most IOThreads a definition may have. */
const maxIothreads = 16384;

interface ThreadPool {
  thread_pool_min?: number | undefined;
  thread_pool_max?: number | undefined;
}

/** Gives every thread an id, where some have one; count and ids agree afterwards. */
export function completeIothreads(domain: ParsedDomain): void {
  const listed = domain.iothreadids?.iothreads ?? [];
  for (const thread of listed) {
    if (thread.id === 0) invalidValue("Invalid value for attribute 'id' in element 'iothread': Zero is not permitted");
    checkPool(thread);
  }
  if (domain.defaultiothread !== undefined) checkPool(domain.defaultiothread);
  const used = new Set<number>();
  for (const { id } of listed) {
    if (used.has(id)) malformed(`duplicate iothread id '${id}' found`);
    used.add(id);
  }
  const count = Math.max(domain.iothreads ?? 0, listed.length);
  if (count > maxIothreads) unsupported(`${count} IOThreads are more than the ${maxIothreads} that are supported`);
  set(domain, "iothreads", count === 0 ? undefined : count);
  if (listed.length === 0) {
    set(domain, "iothreadids", undefined);
    return;
  }
  for (const id of freeIds(used, count - listed.length)) listed.push({ id });
}

function checkPool({ thread_pool_min: min, thread_pool_max: max }: ThreadPool): void {
  if (min !== undefined && min > (max ?? 0)) {
    unsupported("thread_pool_min must be smaller or equal to thread_pool_max");
  }
}

function freeIds(used: ReadonlySet<number>, count: number): number[] {
  const free: number[] = [];
  for (let id = 1; free.length < count; id++) if (!used.has(id)) free.push(id);
  return free;
}

/** The ids of all IOThreads; without a list they are counted from 1. */
export function iothreadIds({ iothreads, iothreadids }: Pick<ParsedDomain, "iothreads" | "iothreadids">): number[] {
  return iothreadids?.iothreads.map(({ id }) => id) ?? freeIds(new Set(), iothreads ?? 0);
}
