/** `<perf>`: performance counters. */
import { attr, fields, type Infer, many, oneOf, type Shape, yesNo } from "../../xml/index.ts";

/** Every performance counter that a domain may have on, in libvirt's order. */
export const perfEvents = [
  "cmt",
  "mbmt",
  "mbml",
  "cpu_cycles",
  "instructions",
  "cache_references",
  "cache_misses",
  "branch_instructions",
  "branch_misses",
  "bus_cycles",
  "stalled_cycles_frontend",
  "stalled_cycles_backend",
  "ref_cpu_cycles",
  "cpu_clock",
  "task_clock",
  "page_faults",
  "context_switches",
  "cpu_migrations",
  "page_faults_min",
  "page_faults_maj",
  "alignment_faults",
  "emulation_faults",
] as const;

const perfShape = fields({
  events: many({
    name: attr(oneOf(...perfEvents)).required(),
    enabled: attr(yesNo).required(),
  }).named("event"),
});
/** Performance counters to keep for the guest. */
export interface Perf extends Infer<typeof perfShape> {}
export const perf: Shape<Perf> = perfShape;
