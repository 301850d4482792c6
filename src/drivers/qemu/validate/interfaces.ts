/** Network cards: what virtio can, what QEMU's own network can, and what needs shared memory. */
import type { Domain, Interface } from "../../../model/domain/index.ts";
import { isVirtio } from "../../../model/domain/index.ts";
import type { ValidationContext } from "./context.ts";
import { malformed, need, unsupported } from "./refuse.ts";

export function validateInterfaces(domain: Domain, context: ValidationContext): void {
  for (const card of domain.devices.interfaces) validateInterface(card, context);
}

export function validateInterfacesStart({ devices }: Domain): void {
  for (const { connection, backend, mac } of devices.interfaces) {
    const custom = (what: string) =>
      unsupported(
        `interface ${mac?.address} - custom ${what} device path is not supported for network interfaces of type ${connection.type}`,
      );
    if (backend?.tap !== undefined && !["network", "bridge", "direct", "ethernet"].includes(connection.type)) {
      custom("tap");
    }
    if (backend?.vhost !== undefined && !["network", "bridge", "direct", "ethernet"].includes(connection.type)) {
      custom("vhost");
    }
  }
}

/** Checks one network card, also one that is plugged in. */
function validateInterface(card: Interface, context: ValidationContext): void {
  validateGuestAddresses(card);
  validateQueues(card, context);
  validateConnection(card, context);
  if (card.teaming?.type === "persistent" && !isVirtio(card.model)) {
    unsupported(`virtio-net teaming persistent interface must be <model type='virtio'/>, not '${card.model}'`);
  }
}

/** QEMU's own network gives the guest an address of its choice from a network of ours. */
function validateGuestAddresses({ connection, ips, routes }: Interface): void {
  if (ips.length === 0 && routes.length === 0) return;
  if (connection.type !== "user" || routes.length > 0) {
    unsupported(
      "Invalid attempt to set network interface guest-side IP route and/or address info, not supported by QEMU",
    );
  }
  const seen = new Set<string>();
  for (const { address, family, prefix, peer } of ips) {
    if (peer !== undefined) unsupported("Invalid attempt to set peer IP for guest");
    const isV6 = family === "ipv6" || address.includes(":");
    const kind = isV6 ? "IPv6" : "IPv4";
    if (seen.has(kind)) unsupported(`Only one ${kind} address per interface is allowed`);
    seen.add(kind);
    if (!isV6 && prefix !== undefined && prefix > 0 && (prefix < 4 || prefix > 27)) {
      malformed("invalid prefix, must be in range of 4-27");
    }
    if (isV6 && prefix !== undefined && prefix > 120) malformed("prefix too long");
  }
}

const isPowerOfTwo = (value: number): boolean => value > 0 && (value & (value - 1)) === 0;

function validateQueues({ driver, model }: Interface, context: ValidationContext): void {
  if (driver === undefined || !isVirtio(model)) return;
  for (const size of ["rx_queue_size", "tx_queue_size"] as const) {
    const value = driver[size];
    if (value !== undefined && value > 0 && !isPowerOfTwo(value)) unsupported(`${size} has to be a power of two`);
  }
  if (driver.rss !== undefined) {
    need("virtio-net.rss", context, "rss is not supported with this QEMU binary");
  }
  if (driver.rss_hash_report !== undefined) {
    need("virtio-net.rss", context, "rss_hash_report is not supported with this QEMU binary");
  }
}

const withMtu = new Set(["network", "bridge", "ethernet", "vhostuser", "vdpa", "direct", "hostdev"]);
const withCoalescing = new Set(["network", "bridge", "ethernet", "direct"]);

function validateConnection({ connection, mtu, coalesce, model }: Interface, context: ValidationContext): void {
  const { type } = connection;
  if (type === "vdpa") {
    need("netdev.vhost-vdpa", context, "vDPA devices are not supported with this QEMU binary");
    if (model !== "virtio") unsupported(`invalid model for interface of type '${type}': '${model ?? "default"}'`);
  }
  if (mtu !== undefined && !withMtu.has(type)) {
    unsupported(`setting MTU on interface type ${type} is not supported yet`);
  }
  if (coalesce !== undefined && !withCoalescing.has(type)) {
    unsupported(`coalesce settings on interface type ${type} are not supported`);
  }
}
