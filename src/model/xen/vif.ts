/** Network cards: `vif`. The same facts stand in a configuration and in what xend is told. */

import { mac, uint } from "../../xml/index.ts";
import { type Interface, networkInterface } from "../domain/index.ts";
import { unsupported } from "../domain/refuse.ts";
import { bridgeOfSwitch, switchOfBridge } from "./openvswitch.ts";
import type { Pairs } from "./pairs.ts";
import type { Dialect } from "./setting.ts";

/** The script that joins a card to a bridge, when nothing else is said. */
const bridgeScript = "vif-bridge";
const switchScript = "vif-openvswitch";

/** What xl and xend call a card without an emulated one. */
const paravirtualType: Readonly<Record<Dialect, string>> = { xl: "vif", xm: "netfront" };

const isSwitch = (script: string | undefined): boolean => script?.split("/").at(-1) === switchScript;

/**
 * The card that a list of facts describes.
 * @throws InvalidValue
 */
export function readVif(pairs: ReadonlyMap<string, string>): Interface {
  const get = (name: string): string | undefined => pairs.get(name) || undefined;
  const [bridge, script, type, address] = [get("bridge"), get("script"), get("type"), get("mac")];
  const onBridge = bridge !== undefined || script?.split("/").at(-1) === bridgeScript;
  const addresses = (get("ip") ?? "").split(/\s+/).filter((one) => one !== "");
  const ips = addresses.map((one) => ({
    address: one,
    family: one.includes(":") ? ("ipv6" as const) : ("ipv4" as const),
  }));
  const card = networkInterface.make({
    connection: onBridge ? { type: "bridge", source: {} } : { type: "ethernet" },
    ips,
  });
  if (address !== undefined) card.mac = { address: mac.parse(address) ?? address };
  if (card.connection.type === "bridge" && bridge !== undefined) {
    if (isSwitch(script)) Object.assign(card, switchOfBridge(bridge));
    else card.connection.source = { bridge };
  }
  if (script !== undefined) card.script = script;
  const model = get("model") ?? (type === "netfront" || type === "vif" ? "netfront" : undefined);
  if (model !== undefined) card.model = model;
  const vifname = get("vifname");
  if (vifname !== undefined) card.target = { dev: vifname };
  const backend = get("backend");
  if (backend !== undefined && backend !== "0") card.backenddomain = backend;
  const rate = get("rate");
  if (rate !== undefined) card.bandwidth = { outbound: { average: kibPerSecond(rate) } };
  const mtu = get("mtu");
  if (mtu !== undefined) card.mtu = uint(0xffff).parse(mtu);
  return card;
}

const rateForm = /^(\d{1,12})([GMK]?)([Bb])\/s(?:@\d+(?:[um]?s)?)?$/;
const multiples: Readonly<Record<string, number>> = { G: 2 ** 30, M: 2 ** 20, K: 2 ** 10, "": 1 };

/** A rate such as `10MB/s@20ms`; bits are written with a small b. A part of a KiB is one. */
function kibPerSecond(rate: string): number {
  const [, amount = "", multiple = "", unit] = rateForm.exec(rate) ?? [];
  if (unit === undefined) return unsupported(`invalid rate '${rate.slice(0, 40)}': something like 10MB/s is expected`);
  return Math.ceil((Number(amount) * (multiples[multiple] ?? 1)) / (unit === "b" ? 8 : 1) / 1024);
}

/** What a card is described by. */
export function writeVif(card: Interface, isHvm: boolean, dialect: Dialect): Pairs {
  const { bandwidth, model } = card;
  const average = bandwidth?.outbound?.average;
  const paravirtual = isHvm && model === "netfront";
  return {
    mac: card.mac?.address,
    ...placeOf(card),
    type: paravirtual ? paravirtualType[dialect] : undefined,
    model: paravirtual || model === "netfront" ? undefined : model,
    vifname: card.target?.dev,
    rate: average === undefined ? undefined : `${average}KB/s`,
    backend: card.backenddomain,
    mtu: card.mtu === undefined ? undefined : String(card.mtu),
  };
}

function placeOf(card: Interface): Pairs {
  const { connection, script } = card;
  const ip = card.ips.length === 0 ? undefined : card.ips.map(({ address }) => address).join(" ");
  switch (connection.type) {
    case "bridge":
      if (card.virtualport?.type === "openvswitch") {
        return { bridge: bridgeOfSwitch(card), ip, script: script ?? switchScript };
      }
      return { bridge: connection.source?.bridge, ip, script: script ?? bridgeScript };
    case "network":
      // The driver has asked the network for its bridge by then.
      if (connection.source?.bridge === undefined) {
        unsupported(`the bridge of network '${connection.source?.network ?? ""}' is not known`);
      }
      return { bridge: connection.source.bridge, ip, script: script ?? bridgeScript };
    case "ethernet":
      return { ip, script };
    default:
      return unsupported(`Xen has no network interface of type '${connection.type}'`);
  }
}
