/** Statistics that the host's kernel tells of a guest's process and threads. */
import { vcpuAmounts } from "../../../driver/domain/kept/stats.ts";
import { intParam, uintParam, ullongParam } from "../../../driver/typed-parameters.ts";
import { type HaltPolling, haltPollingOf } from "../../../host/halt-polling.ts";
import { threadUsage } from "../../../host/usage.ts";
import type { TypedParameter } from "../../../protocol/index.ts";
import { VcpuState } from "../../../protocol/index.ts";
import type { LiveDomain } from "../domain/live.ts";
import { vcpuThreads } from "../domain/threads.ts";
import type { Collect } from "./collect.ts";

export const cpuStats: Collect = async ({ live }, { usageOf }) => {
  if (!live) return [];
  const [usage, polled] = await Promise.all([usageOf(live), haltPolling(live)]);
  if (!usage) return [];
  return [
    ullongParam("cpu.time", usage.user + usage.system),
    ullongParam("cpu.user", usage.user),
    ullongParam("cpu.system", usage.system),
    // Monitors of the processor's caches come with resource groups, which guests here are in none of.
    uintParam("cpu.cache.monitor.count", 0),
    ullongParam("cpu.haltpoll.success.time", polled.success),
    ullongParam("cpu.haltpoll.fail.time", polled.fail),
  ];
};

/** Time for which the kernel has polled for a guest that waits, in ns; only KVM does. */
async function haltPolling({ definition, process }: LiveDomain): Promise<HaltPolling> {
  return (definition.type === "kvm" && (await haltPollingOf(process.pid))) || { success: 0n, fail: 0n };
}

export const vcpuStats: Collect = async (domain, { withoutMonitor }) => {
  const { live } = domain;
  const amounts = vcpuAmounts(domain);
  if (!live || withoutMonitor) return amounts;
  const { pid } = live.process;
  const each = (await vcpuThreads(live)).map(async ({ vcpu, thread }): Promise<TypedParameter[]> => {
    const usage = await threadUsage(pid, thread);
    const state = intParam(`vcpu.${vcpu}.state`, VcpuState.RUNNING);
    if (!usage) return [state];
    // Kernels that keep no statistics of waiting have libvirt say that there was none.
    const wait = usage.wait ?? (usage.delay === undefined ? undefined : 0n);
    const times = Object.entries({ time: usage.run, wait, delay: usage.delay }).flatMap(([name, value]) =>
      value === undefined ? [] : [ullongParam(`vcpu.${vcpu}.${name}`, value)],
    );
    return [state, ...times];
  });
  return [...amounts, ...(await Promise.all(each)).flat()];
};

/** Counters are opened by the kernel's perf_event_open, which guests of this driver never are under. */
export const perfStats: Collect = () => [];
