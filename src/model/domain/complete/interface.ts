/** Network cards: addresses of their own, and only the settings that belong to their kind. */
import { randomUUID } from "node:crypto";
import { completeBandwidth } from "../../common/bandwidth.ts";
import { completeVlan } from "../../common/vlan.ts";
import type { ParsedDomain } from "../domain.ts";
import type { Interface } from "../interface.ts";
import { malformed } from "../refuse.ts";
import type { CompletionOptions } from "./options.ts";
import { set } from "./update.ts";

export function completeInterfaces(
  domain: ParsedDomain,
  { newMac = randomMac, newUuid = randomUUID }: CompletionOptions,
): void {
  for (const card of domain.devices.interfaces) {
    card.mac ??= { address: newMac() };
    checkSource(card);
    if (card.connection.type === "hostdev") card.managed ??= false;
    else delete card.managed;
    if (card.connection.type === "hostdev" && card.managed === false) delete card.managed;
    set(card, "vlan", completeVlan(card.vlan));
    set(card, "bandwidth", completeBandwidth(card.bandwidth, { floor: card.connection.type === "network" }));
    completeModel(card);
    completePort(card, newUuid);
    completeDriver(card);
    completeWords(card);
  }
}

/** An address in the range that QEMU and KVM guests have (52:54:00). */
/** The last three bytes come from the beginning of a random UUID: Node has those in stock. */
export function randomMac(): string {
  const digits = randomUUID();
  return `52:54:00:${digits.slice(0, 2)}:${digits.slice(2, 4)}:${digits.slice(4, 6)}`;
}

/** Connections that mean nothing without a source. */
const needSource: ReadonlySet<string> = new Set([
  "network",
  "bridge",
  "direct",
  "hostdev",
  "vdpa",
  "vhostuser",
  "internal",
  "server",
  "client",
  "mcast",
  "udp",
  "vds",
]);

function checkSource({ connection }: Interface): void {
  if (needSource.has(connection.type) && (!("source" in connection) || connection.source === undefined)) {
    malformed(`interface type='${connection.type}' requires a 'source' element`);
  }
}

/** Cards whose driver has settings. */
export function isVirtio(model: string | undefined): boolean {
  return model === "virtio" || model === "virtio-transitional" || model === "virtio-non-transitional";
}

/** Models by the names libvirt prints; it reads them in any case. */
const models = new Map(
  [
    "netfront",
    "rtl8139",
    "virtio",
    "e1000",
    "e1000e",
    "virtio-transitional",
    "virtio-non-transitional",
    "usb-net",
    "spapr-vlan",
    "lan9118",
    "scm91c111",
    "vlance",
    "vmxnet",
    "vmxnet2",
    "vmxnet3",
    "Am79C970A",
    "Am79C973",
    "82540EM",
    "82545EM",
    "82543GC",
  ].map((name) => [name.toLowerCase(), name]),
);

function completeModel(card: Interface): void {
  if (card.model !== undefined) card.model = models.get(card.model.toLowerCase()) ?? card.model;
}

/** A port of a switch that is told apart by an id gets one. */
function completePort({ virtualport }: Interface, newUuid: () => string): void {
  if (virtualport?.type === "openvswitch") {
    virtualport.parameters ??= {};
    virtualport.parameters.interfaceid ??= newUuid();
  } else if (virtualport?.type === "802.1Qbg" && virtualport.parameters !== undefined) {
    virtualport.parameters.instanceid ??= newUuid();
  }
}

/** Connections that network filters work on. */
const filterable: ReadonlySet<string> = new Set(["ethernet", "network", "bridge"]);

function completeDriver(card: Interface): void {
  const { driver } = card;
  if (!isVirtio(card.model) && card.backend !== undefined) delete card.backend.vhost;
  if (driver === undefined) return;
  if (isVirtio(card.model)) {
    // One queue is what there is anyway.
    if ((driver.queues ?? 0) <= 1) delete driver.queues;
    return;
  }
  // Settings of a card that is not virtio were never read.
  const { iommu, ats, packed, page_per_vq } = driver;
  card.driver = {};
  set(card.driver, "iommu", iommu);
  set(card.driver, "ats", ats);
  set(card.driver, "packed", packed);
  set(card.driver, "page_per_vq", page_per_vq);
}

function completeWords(card: Interface): void {
  if (!filterable.has(card.connection.type)) delete card.filterref;
  if (card.mtu === 0) delete card.mtu;
  if (card.target?.dev === undefined) delete card.target;
  else if (card.target.managed === true) delete card.target.managed;
  if (card.coalesce?.rx?.frames?.max === 0) delete card.coalesce;
  if (card.virtualport !== undefined && isEmptyPort(card.virtualport)) delete card.virtualport;
}

function isEmptyPort({ type, parameters }: NonNullable<Interface["virtualport"]>): boolean {
  return type === undefined && Object.keys(parameters ?? {}).length === 0;
}
