/**
 * What a running guest is made of, as values: each is a thing that QEMU makes, on its command line at the start or by a
 * monitor command later. Devices say once which parts they are, for both.
 */
import type { JsonObject } from "../../monitor/json.ts";

/** `-object`, `object-add`: `qom-type`, `id` and properties. */
export interface ObjectPart {
  readonly kind: "object";
  readonly props: JsonObject;
}

/** `-blockdev`, `blockdev-add`: `driver`, `node-name` and options. */
export interface BlockdevPart {
  readonly kind: "blockdev";
  readonly props: JsonObject;
}

/** `-chardev`, `chardev-add`. */
export interface ChardevPart {
  readonly kind: "chardev";
  readonly id: string;
  /** As `chardev-add` takes it: `{ type: "socket", data: { addr: ..., server: true } }`. */
  readonly backend: JsonObject;
}

/** `-netdev`, `netdev_add`: `type`, `id` and options. */
export interface NetdevPart {
  readonly kind: "netdev";
  readonly props: JsonObject;
}

/** `-device`, `device_add`: `driver`, `id` and properties. */
export interface DevicePart {
  readonly kind: "device";
  readonly props: JsonObject;
}

/** Anything that is only said at the start: option and value, as words. */
export interface OptionPart {
  readonly kind: "option";
  readonly words: readonly string[];
}

export type Part = ObjectPart | BlockdevPart | ChardevPart | NetdevPart | DevicePart | OptionPart;
