/** QEMU's tree of objects and their properties. */
import type { Json } from "../json.ts";
import type { CallOptions, CommandRunner } from "../qmp.ts";
import { array, fields, nothing, type Of, type Shape, string } from "../shape.ts";

export function qomGet<T>(
  qemu: CommandRunner,
  path: string,
  property: string,
  shape: Shape<T>,
  options?: CallOptions,
): Promise<T> {
  return qemu.ask("qom-get", shape, { path, property }, options);
}

export function qomSet(
  qemu: CommandRunner,
  path: string,
  property: string,
  value: Json,
  options?: CallOptions,
): Promise<void> {
  return qemu.ask("qom-set", nothing, { path, property, value }, options);
}

const property = fields({ name: string, type: string });

export type QomProperty = Of<typeof property>;

/** The properties of an object; children have the type `child<TYPE>`. */
export function qomList(qemu: CommandRunner, path: string, options?: CallOptions): Promise<QomProperty[]> {
  return qemu.ask("qom-list", array(property), { path }, options);
}
