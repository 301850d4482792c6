/** Network cards, and what they are connected to. */
import { LibvirtError } from "../../../../errors.ts";
import {
  type Connection,
  type ConnectionOf,
  type Domain,
  type Interface,
  isVirtio,
} from "../../../../model/domain/index.ts";
import { isArm } from "../../definition/machine.ts";
import type { JsonObject } from "../../monitor/json.ts";
import { addressProps, aliasOf } from "../address.ts";
import { bootProps } from "../board/boot-order.ts";
import { chardev, clean, device, integer, netdev, option } from "../parts/make-part.ts";
import type { Part } from "../parts/part.ts";
import { chardevId } from "./chardev.ts";
import type { DeviceContext } from "./context.ts";
import { pciHostDevice, usbHostDevice } from "./hostdev.ts";
import { romProps } from "./rom.ts";
import { versionedDriver, virtioProps } from "./virtio.ts";

export function interfaceParts(card: Interface, context: DeviceContext): Part[] {
  if (card.connection.type === "hostdev") return hostdevParts(card, card.connection, context);
  return [...hostParts(card, context), cardPart(card, context)];
}

/** Id of the host's end of a card. */
const netdevId = (card: Interface): string => `host${aliasOf(card)}`;

/** A card that is a device of the host. */
function hostdevParts(card: Interface, { source }: ConnectionOf<"hostdev">, context: DeviceContext): Part[] {
  const address = source?.address;
  if (address === undefined) {
    throw new LibvirtError("INTERNAL_ERROR", "QEMU", `the host device of interface '${aliasOf(card)}' is not known`);
  }
  return address.type === "pci"
    ? pciHostDevice(card, address, card.teaming, context)
    : usbHostDevice(card, address, {}, context);
}

/** The host's end. */
function hostParts(card: Interface, context: DeviceContext): Part[] {
  const id = netdevId(card);
  const { connection } = card;
  switch (connection.type) {
    case "user":
      return [userEnd(card, id, context)];
    case "network":
    case "bridge":
    case "ethernet":
    case "direct":
      return [netdev("tap", id, tapProps(card, context))];
    case "mcast":
    case "server":
    case "client":
      return [netdev("socket", id, { [socketOptions[connection.type]]: endpoint(connection.source) })];
    case "udp":
      return [
        netdev("socket", id, { udp: endpoint(connection.source), localaddr: endpoint(connection.source?.local) }),
      ];
    case "vhostuser":
      return vhostUserParts(card, connection, id);
    case "vdpa":
      return [vdpaEnd(card, connection, id, context)];
    case "hostdev":
      return [];
    case "internal":
    case "null":
    case "vds":
      return refuse(connection);
  }
}

function refuse({ type }: Connection): never {
  throw new LibvirtError("CONFIG_UNSUPPORTED", "QEMU", `Unsupported network type ${type}`);
}

/** QEMU's own network stack, or that of a helper behind a socket. */
function userEnd(card: Interface, id: string, { facts }: DeviceContext): Part {
  if (card.backend?.type === "passt") {
    const addr = { type: "unix", path: facts.passtSocket(aliasOf(card)) };
    return netdev("stream", id, { addr, server: false });
  }
  let props: JsonObject = {};
  for (const { address, family, prefix } of card.ips) {
    if (family === "ipv6" || address.includes(":")) {
      props = { ...props, "ipv6-prefix": address, "ipv6-prefixlen": prefix };
    } else {
      props = { ...props, net: prefix === undefined ? address : `${address}/${prefix}` };
    }
  }
  return netdev("user", id, props);
}

const socketOptions = { mcast: "mcast", server: "listen", client: "connect" } as const;

/** `192.168.0.1:5558`; without an address any of the host's. */
function endpoint(
  end: { readonly address?: string | undefined; readonly port?: number | undefined } | undefined,
): string | undefined {
  return end === undefined ? undefined : `${end.address ?? ""}:${end.port ?? 0}`;
}

function tapProps(card: Interface, { facts }: DeviceContext): JsonObject {
  const tap = facts.tap(aliasOf(card));
  if (tap === undefined) {
    throw new LibvirtError(
      "CONFIG_UNSUPPORTED",
      "QEMU",
      `interface '${aliasOf(card)}' of type '${card.connection.type}' cannot be connected here: use type 'user', 'bridge' or 'ethernet'`,
    );
  }
  const sndbuf = card.tune?.sndbuf;
  const kernelCan = facts.vhostNet || tap.vhostFds !== undefined;
  const served = servedByKernel(card, kernelCan) ? true : undefined;
  const vhost = served === true ? (tap.vhostFds ?? []) : [];
  const rest = { vhost: served, sndbuf: sndbuf === undefined ? undefined : integer(sndbuf) };
  if ("name" in tap) {
    const queues = queuesOf(card);
    const many = queues > 1 ? queues : undefined;
    return {
      ...{ ifname: tap.name, script: "no", downscript: "no", queues: many, ...rest },
      ...descriptors("vhostfd", vhost),
    };
  }
  return { ...descriptors("fd", tap.fds), ...rest, ...descriptors("vhostfd", vhost) };
}

/** One descriptor, or one for each queue. */
function descriptors(name: "fd" | "vhostfd", fds: readonly string[]): JsonObject {
  if (fds.length === 0) return {};
  return fds.length === 1 ? { [name]: fds[0] } : { [`${name}s`]: fds.join(":") };
}

/** Whether the host's kernel moves the packets, as it does for virtio where it can. */
function servedByKernel(card: Interface, kernelCan: boolean): boolean {
  if (!isVirtio(card.model)) return false;
  const wish = driverOf(card)?.name;
  return wish === "vhost" || (wish === undefined && kernelCan);
}

type Driver = NonNullable<Interface["driver"]>;

const driverOf = (card: Interface): Driver | undefined => card.driver;

const queuesOf = (card: Interface): number => driverOf(card)?.queues ?? 0;

function vhostUserParts(card: Interface, { source }: ConnectionOf<"vhostuser">, id: string): Part[] {
  const socket = chardevId(aliasOf(card));
  const server = source?.mode === "server";
  const reconnect = source?.reconnect;
  const queues = queuesOf(card);
  return [
    chardev(socket, "socket", {
      addr: { type: "unix", data: { path: source?.path ?? "" } },
      // A guest whose network is not there yet waits for it.
      server,
      reconnect: reconnect === undefined ? undefined : reconnect.enabled ? reconnect.timeout : 0,
    }),
    netdev("vhost-user", id, { chardev: socket, queues: queues > 1 ? queues : undefined }),
  ];
}

function vdpaEnd(card: Interface, { source }: ConnectionOf<"vdpa">, id: string, { facts }: DeviceContext): Part {
  const queues = queuesOf(card);
  return netdev("vhost-vdpa", id, {
    vhostdev: facts.vdpa(source?.dev ?? ""),
    queues: queues > 1 ? queues : undefined,
  });
}

/** The card that the guest sees. */
function cardPart(card: Interface, context: DeviceContext): Part {
  const { domain } = context;
  const id = aliasOf(card);
  const mac = card.mac?.address;
  if (isBuiltIn(card, domain))
    return option("-net", `nic,macaddr=${mac},model=${card.model},netdev=${netdevId(card)},id=${id}`);
  const { driver, props } = isVirtio(card.model)
    ? virtioCard(card, context)
    : { driver: card.model ?? "rtl8139", props: {} };
  return device(driver, {
    ...props,
    netdev: netdevId(card),
    id,
    mac,
    ...bootProps(card, domain),
    ...romProps(card),
    ...addressProps(card, domain),
  });
}

/** A card that is part of an ARM board cannot be plugged in. */
const isBuiltIn = ({ model, address }: Interface, domain: Domain): boolean =>
  isArm(domain) && !isVirtio(model) && address?.type !== "pci" && address?.type !== "usb";

function virtioCard(card: Interface, context: DeviceContext): { driver: string; props: JsonObject } {
  const { driver: name, props } = versionedDriver("virtio-net", card, context);
  return { driver: name, props: clean({ ...props, ...virtioCardProps(card), failover: failover(card) }) };
}

/** The other half of a team takes over while a passed-through card is away. */
const failover = ({ teaming }: Interface): boolean | undefined => (teaming?.type === "persistent" ? true : undefined);

function virtioCardProps(card: Interface): JsonObject {
  const driver = driverOf(card);
  const mtu = { host_mtu: card.mtu };
  if (driver === undefined) return mtu;
  return {
    ...virtioProps(driver),
    tx: driver.txmode === undefined ? undefined : transmitModes[driver.txmode],
    ioeventfd: driver.ioeventfd,
    event_idx: driver.event_idx,
    ...offloads(driver),
    ...queueProps(card),
    rx_queue_size: driver.rx_queue_size,
    tx_queue_size: driver.tx_queue_size,
    rss: driver.rss,
    hash: driver.rss_hash_report,
    ...mtu,
  };
}

const transmitModes = { iothread: "bh", timer: "timer" } as const;

function offloads({ host, guest }: Driver): JsonObject {
  return {
    csum: host?.csum,
    gso: host?.gso,
    host_tso4: host?.tso4,
    host_tso6: host?.tso6,
    host_ecn: host?.ecn,
    host_ufo: host?.ufo,
    mrg_rxbuf: host?.mrg_rxbuf,
    guest_csum: guest?.csum,
    guest_tso4: guest?.tso4,
    guest_tso6: guest?.tso6,
    guest_ecn: guest?.ecn,
    guest_ufo: guest?.ufo,
  };
}

/** Each pair of queues has two interrupts, and there are two more for the device and its control queue. */
function queueProps(card: Interface): JsonObject {
  const queues = queuesOf(card);
  if (queues <= 1) return {};
  return { mq: true, vectors: card.address?.type === "ccw" ? undefined : 2 * queues + 2 };
}
