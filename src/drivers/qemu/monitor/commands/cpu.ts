/** Virtual processors. */
import type { JsonObject } from "../json.ts";
import type { CallOptions, CommandRunner } from "../qmp.ts";
import { array, fields, int, type Of, object, optional, string } from "../shape.ts";

const vcpu = fields({
  "cpu-index": int,
  "qom-path": string,
  "thread-id": int,
  /** Where it sits: socket-id, core-id, thread-id, node-id, as far as the machine has them. */
  props: optional(object),
  /** Only on s390x: stopped, check-stop, operating, load. */
  "cpu-state": optional(string),
});

export type VcpuInfo = Of<typeof vcpu>;

/** The vCPUs that are plugged in, without waking them. */
export function queryCpusFast(qemu: CommandRunner, options?: CallOptions): Promise<VcpuInfo[]> {
  return qemu.ask("query-cpus-fast", array(vcpu), undefined, options);
}

const slot = fields({
  type: string,
  "vcpus-count": int,
  props: object,
  /** Missing while nothing is plugged in. */
  "qom-path": optional(string),
});

export type HotpluggableCpu = Of<typeof slot>;

/** The places for vCPUs, taken or free, highest first. */
export function queryHotpluggableCpus(qemu: CommandRunner, options?: CallOptions): Promise<HotpluggableCpu[]> {
  return qemu.ask("query-hotpluggable-cpus", array(slot), undefined, options);
}

const iothread = fields({
  id: string,
  "thread-id": int,
  "poll-max-ns": int,
  "poll-grow": int,
  "poll-shrink": int,
});

export type IOThreadInfo = Of<typeof iothread>;

export function queryIOThreads(qemu: CommandRunner, options?: CallOptions): Promise<IOThreadInfo[]> {
  return qemu.ask("query-iothreads", array(iothread), undefined, options);
}

const expansion = fields({ model: fields({ name: string, props: optional(object) }) });

/** What a CPU model comes to on this emulator and host. */
export async function queryCpuModelExpansion(
  qemu: CommandRunner,
  type: "static" | "full",
  model: { readonly name: string; readonly props?: JsonObject },
  options?: CallOptions,
): Promise<{ readonly name: string; readonly props: JsonObject }> {
  const answer = await qemu.ask("query-cpu-model-expansion", expansion, { type, model: { ...model } }, options);
  return { name: answer.model.name, props: answer.model.props ?? {} };
}
