/**
 * Documents described once: a description is a plain object of fields, and its parser, printer, type and unknown report
 * follow from it.
 *
 *     const lease = fields({ ip: attr(text).required(), name: leaf(text), tags: many({ id: attr(uint()) }).named("tag") });
 *     interface Lease extends Infer<typeof lease> {}
 *     const leases = document("lease", lease);
 *     leases.format(leases.parse("<lease ip='10.0.0.1'/>"));
 */
export * from "./cpuset.ts";
export * from "./derived.ts";
export * from "./document.ts";
export { Field, type Kind, type Rules } from "./field.ts";
export * from "./fields.ts";
export * from "./markup.ts";
export { parseTree, ReadAhead } from "./parse.ts";
export * from "./problems.ts";
export { Reader } from "./reader.ts";
export * from "./scalars.ts";
export { settled } from "./settled.ts";
export * from "./shape.ts";
export * from "./tree.ts";
export * from "./units.ts";
export { type EmptyPolicy, escapeXml, type Mode, Writer } from "./writer.ts";
