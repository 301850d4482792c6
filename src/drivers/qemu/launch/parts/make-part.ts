/** Short ways to make parts. */
import type { Json, JsonObject } from "../../monitor/json.ts";
import type { BlockdevPart, ChardevPart, DevicePart, NetdevPart, ObjectPart, OptionPart } from "./part.ts";

/** Members that are undefined are as if they were not there. */
export const device = (driver: string, props: JsonObject): DevicePart => ({
  kind: "device",
  props: clean({ driver, ...props }),
});
export const object = (type: string, id: string, props: JsonObject): ObjectPart => ({
  kind: "object",
  props: clean({ "qom-type": type, id, ...props }),
});
export const blockdev = (props: JsonObject): BlockdevPart => ({ kind: "blockdev", props: clean(props) });
export const netdev = (type: string, id: string, props: JsonObject): NetdevPart => ({
  kind: "netdev",
  props: clean({ type, id, ...props }),
});
export const chardev = (id: string, type: string, data: JsonObject = {}): ChardevPart => ({
  kind: "chardev",
  id,
  backend: { type, data: clean(data) },
});
export const option = (...words: string[]): OptionPart => ({ kind: "option", words });

/** Leaves out members that are undefined, so that parts can be compared. */
export function clean(props: JsonObject): JsonObject {
  const kept: { [key: string]: Json } = {};
  for (const [key, value] of Object.entries(props)) if (value !== undefined) kept[key] = value;
  return kept;
}

/** A number that may be beyond 2^53 as the shortest kind of JSON number that holds it. */
export const integer = (value: bigint): number | bigint =>
  value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;

/** On and off for properties that are words in QEMU (OnOffAuto). */
export function onOffAuto(value: boolean | undefined): string | undefined {
  if (value === undefined) return undefined;
  return value ? "on" : "off";
}
