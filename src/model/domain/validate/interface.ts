/** Network cards. */
import { checkVirtualPort } from "../../common/virtualport.ts";
import { isVirtio } from "../complete/interface.ts";
import type { Domain } from "../domain.ts";
import type { Interface } from "../interface.ts";
import { broken, malformed, refuse, unsupported } from "../refuse.ts";

export function validateInterfaces({ devices }: Domain): void {
  for (const card of devices.interfaces) validateInterface(card, devices.interfaces);
  for (const hostdev of devices.hostdevs) {
    if (hostdev.mode === "subsystem" && hostdev.device.type === "pci" && hostdev.device.teaming !== undefined) {
      validateTeaming(hostdev.device.teaming, devices.interfaces);
    }
  }
}

function validateInterface(card: Interface, all: readonly Interface[]): void {
  const { connection, mac } = card;
  if (mac !== undefined && (Number.parseInt(mac.address.slice(0, 2), 16) & 1) === 1) {
    malformed(`expected unicast mac address, found multicast '${mac.address}'`);
  }
  checkVirtualPort(card.virtualport);
  if (card.rom?.enabled === false && (card.rom.bar !== undefined || card.rom.file !== undefined)) {
    unsupported("ROM tuning is not supported when ROM is disabled");
  }
  if (card.teaming !== undefined) validateTeaming(card.teaming, all);
  if (card.target?.managed === false && connection.type !== "ethernet") {
    unsupported(`unmanaged target dev is not supported on interfaces of type '${connection.type}'`);
  }
  if (card.model !== undefined && !/^[A-Za-z0-9_-]+$/.test(card.model)) {
    refuse("INVALID_ARG", "Model name contains invalid characters");
  }
  if (connection.type === "vhostuser" && !isVirtio(card.model)) {
    broken(
      "Wrong or no <model> 'type' attribute specified with <interface type='vhostuser'/>. vhostuser requires the virtio-net* frontend",
    );
  }
  if (card.port !== undefined && !isolating.has(connection.type)) {
    unsupported(
      `interface ${mac?.address} - <port isolated='yes'/> is not supported for network interfaces with type='${connection.type}'`,
    );
  }
  if (card.port !== undefined && card.virtualport?.type === "openvswitch") {
    unsupported(
      `interface ${mac?.address} - <port isolated='yes'/> is not supported for network interfaces with virtualport type='openvswitch'`,
    );
  }
  validateOptions(card);
}

/** Bridges keep the ports apart. */
const isolating: ReadonlySet<string> = new Set(["network", "bridge"]);

function validateOptions({ driver, model }: Interface): void {
  if (driver === undefined || isVirtio(model)) return;
  for (const option of ["iommu", "ats", "packed", "page_per_vq"] as const) {
    if (driver[option] !== undefined) unsupported(`${option} driver option is only supported for virtio devices`);
  }
}

type Teaming = NonNullable<Interface["teaming"]>;

function validateTeaming({ type, persistent }: Teaming, all: readonly Interface[]): void {
  if (type === "transient") {
    if (persistent === undefined)
      unsupported("teaming persistent attribute must be set if teaming type is 'transient'");
    const found = all.some((card) => card.alias === persistent && card.teaming?.type === "persistent");
    if (!found) {
      unsupported(
        `teaming transient device refers to an interface with alias '${persistent}', which is not a persistent one`,
      );
    }
  } else if (persistent !== undefined) {
    malformed("'persistent' attribute not allowed in 'persistent' teaming device");
  }
}
