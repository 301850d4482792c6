/** Where on the host a guest's threads run, and how they are scheduled, from its start on. */
import { affinityOf, setAffinity } from "../../../../host/affinity.ts";
import { setScheduler } from "../../../../host/scheduler.ts";
import type { LiveDomain } from "../../domain/live.ts";
import { ioThreads, vcpuThreads } from "../../domain/threads.ts";

/** Puts every thread where the definition wants it. Emulated processors may share a thread: the last of them decides. */
export async function placeThreads(live: LiveDomain): Promise<void> {
  const { cputune, vcpu } = live.definition;
  const emulator = cputune?.emulatorpin?.cpuset ?? vcpu.cpuset;
  // First all of them, for those that nobody counts are the emulator's, too.
  if (emulator) await setAffinity(live.process.pid, emulator, "QEMU", { allThreads: true });
  await Promise.all([placeVcpus(live), placeIoThreads(live), scheduleEmulator(live)]);
}

async function placeVcpus(live: LiveDomain): Promise<void> {
  const { cputune, vcpu } = live.definition;
  const { vcpupins = [], vcpuscheds = [], emulatorpin } = cputune ?? {};
  if (vcpupins.length === 0 && vcpuscheds.length === 0 && emulatorpin === undefined) return;
  for (const { vcpu: number, thread } of await vcpuThreads(live)) {
    const pin = vcpupins.find((candidate) => candidate.vcpu === number);
    await place(thread, pin?.cpuset ?? vcpu.cpuset, emulatorpin !== undefined);
    const how = vcpuscheds.find(({ vcpus }) => vcpus.includes(number));
    if (how) await setScheduler(thread, how, "QEMU");
  }
}

async function placeIoThreads(live: LiveDomain): Promise<void> {
  const { cputune, vcpu } = live.definition;
  const { iothreadpins = [], iothreadscheds = [], emulatorpin } = cputune ?? {};
  if (iothreadpins.length === 0 && iothreadscheds.length === 0 && emulatorpin === undefined) return;
  for (const { number, "thread-id": thread } of await ioThreads(live)) {
    const pin = iothreadpins.find(({ iothread }) => iothread === number);
    await place(thread, pin?.cpuset ?? vcpu.cpuset, emulatorpin !== undefined);
    const how = iothreadscheds.find(({ iothreads }) => iothreads.includes(number));
    if (how) await setScheduler(thread, how, "QEMU");
  }
}

/** A thread that nobody pinned runs where we do, which is elsewhere than the emulator when that is pinned. */
async function place(thread: number, cpuset: readonly number[] | undefined, isElsewhere: boolean): Promise<void> {
  const cpus = cpuset ?? (isElsewhere ? await affinityOf(process.pid, process.pid) : null);
  if (cpus) await setAffinity(thread, cpus, "QEMU");
}

async function scheduleEmulator(live: LiveDomain): Promise<void> {
  const how = live.definition.cputune?.emulatorsched;
  if (how) await setScheduler(live.process.pid, how, "QEMU");
}
