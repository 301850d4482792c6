/** `-smp` and IOThreads: how many processors the guest has and which threads serve it. */
import { iothreadIds } from "../../../../model/domain/index.ts";
import type { Guest } from "../context.ts";
import { keyedOption } from "../parts/keyed-option.ts";
import { object } from "../parts/make-part.ts";
import type { Part } from "../parts/part.ts";
import { iothreadId } from "./iothread-id.ts";

export function processorParts({ domain, capabilities }: Guest): Part[] {
  const { vcpu, cpu, vcpus } = domain;
  const most = vcpu.value;
  const topology = cpu?.topology;
  // vCPUs that can be plugged are devices that come after the start; these are there from the beginning.
  const listed = vcpus?.vcpus.filter(({ enabled, hotpluggable }) => enabled && hotpluggable !== true).length;
  const now = listed === undefined || listed === 0 ? (vcpu.current ?? most) : listed;
  return [
    keyedOption("-smp", String(now), {
      maxcpus: now === most ? undefined : most,
      sockets: topology?.sockets ?? most,
      dies: topology !== undefined && capabilities.has("smp-dies") ? topology.dies : undefined,
      cores: topology?.cores ?? 1,
      threads: topology?.threads ?? 1,
    }),
  ];
}

export function iothreadParts({ domain }: Guest): Part[] {
  const listed = domain.iothreadids?.iothreads ?? [];
  return iothreadIds(domain).map((id) => {
    const { thread_pool_min: min, thread_pool_max: max } = listed.find((thread) => thread.id === id) ?? {};
    return object("iothread", iothreadId(id), { "thread-pool-min": min, "thread-pool-max": max });
  });
}

/** What QEMU's main loop does itself may be limited like an IOThread. */
export function mainLoopParts({ domain: { defaultiothread: pool } }: Guest): Part[] {
  if (pool === undefined) return [];
  const { thread_pool_min: min, thread_pool_max: max } = pool;
  return [object("main-loop", "main-loop", { "thread-pool-min": min, "thread-pool-max": max })];
}
