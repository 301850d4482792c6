/** Bridges of Open vSwitch with a card's VLANs, in one word: `ovsbr0.42`, `ovsbr0:42:43`, `ovsbr0.1:42`. */
import { InvalidValue } from "../../xml/index.ts";
import type { Interface } from "../domain/index.ts";

type OnSwitch = Pick<Interface, "connection" | "virtualport" | "vlan">;

const form = /^([^.:]+)(?:\.(\d{1,4}))?((?::\d{1,4})*)$/;

/** @throws InvalidValue */
export function switchOfBridge(word: string): OnSwitch {
  const [, bridge, native, trunks = ""] = form.exec(word) ?? [];
  if (bridge === undefined)
    throw new InvalidValue(`'${word.slice(0, 60)}' is not a switch like ovsbr0.42 or ovsbr0:42:43`);
  const trunk = trunks
    .split(":")
    .filter((tag) => tag !== "")
    .map((tag) => ({ id: Number(tag) }));
  const tags = [...(native === undefined ? [] : [tagOf(Number(native), trunk.length > 0)]), ...trunk];
  return {
    connection: { type: "bridge", source: { bridge } },
    virtualport: { type: "openvswitch" },
    ...(tags.length > 0 && { vlan: { ...(trunk.length > 0 && { trunk: true }), tags } }),
  };
}

function tagOf(id: number, isNative: boolean): { id: number; nativeMode?: "untagged" } {
  return { id, ...(isNative && { nativeMode: "untagged" }) };
}

export function bridgeOfSwitch({ connection, vlan }: OnSwitch): string {
  const bridge = (connection.type === "bridge" && connection.source?.bridge) || "";
  const tags = vlan?.tags ?? [];
  const isTrunk = vlan?.trunk === true || tags.length > 1;
  const native = isTrunk ? tags.find(({ nativeMode }) => nativeMode !== undefined) : tags[0];
  const trunk = isTrunk ? tags.filter((tag) => tag !== native) : [];
  return [native === undefined ? bridge : `${bridge}.${native.id}`, ...trunk.map(({ id }) => id)].join(":");
}
