/** The documents by which the made-up node describes itself: capabilities and system information. */
import { attr, child, content, document, flag, kib, leaf, long, many, text, uint, yesNo } from "../../../xml/index.ts";
import { type Cell, guestArchitecture } from "./settings.ts";

const archFeatures = { pae: flag(), nonpae: flag() };

const pages = { unit: attr(text).required(), size: attr(uint()).required() };

const cell = {
  id: attr(uint()).required(),
  memory: kib().required(),
  pages: many({ ...pages, count: content(long).required() }),
  cpus: child({
    num: attr(uint()).required(),
    cpus: many({
      id: attr(uint()).required(),
      socket: attr(uint()).named("socket_id").required(),
      die: attr(uint()).named("die_id").required(),
      core: attr(uint()).named("core_id").required(),
      siblings: attr(text).required(),
    }).named("cpu"),
  }).required(),
};

const guest = {
  osType: leaf(text).named("os_type").required(),
  arch: child({
    name: attr(text).required(),
    wordsize: leaf(uint()).required(),
    emulator: leaf(text).required(),
    domain: child({ type: attr(text).required() }).required(),
  }).required(),
  features: child(archFeatures),
};

const capabilities = document("capabilities", {
  host: child({
    cpu: child({
      arch: leaf(text).required(),
      features: child(archFeatures).required(),
      pages: many(pages),
    }).required(),
    powerManagement: child({}).named("power_management").empty("keep").required(),
    iommu: child({ support: attr(yesNo).required() }).required(),
    topology: child({
      cells: child({ num: attr(uint()).required(), cells: many(cell).named("cell") }).required(),
    }).required(),
    secmodel: child({
      model: leaf(text).required(),
      doi: leaf(text).empty("keep").required(),
    }).required(),
  }).required(),
  guests: many(guest).named("guest"),
});

/** The security model of the node, as {@link formatCapabilities} and virNodeGetSecurityModel name it. */
export const securityModel = { model: "testSecurity", doi: "" } as const;

/** The host's and the guests' capabilities (virConnectGetCapabilities). */
export function formatCapabilities(cells: readonly Cell[]): string {
  const features = { pae: true, nonpae: true };
  const sizes = [...new Set(cells.flatMap((known) => known.pages.map(({ size }) => size)))].sort((a, b) => a - b);
  return capabilities.format({
    host: {
      cpu: { arch: guestArchitecture, features, pages: sizes.map((size) => ({ unit: "KiB", size })) },
      powerManagement: {},
      iommu: { support: false },
      topology: { cells: { num: cells.length, cells: cells.map(describeCell) } },
      secmodel: securityModel,
    },
    guests: ["hvm", "xen"].map((osType) => ({
      osType,
      arch: { name: guestArchitecture, wordsize: 32, emulator: "/usr/bin/test-hv", domain: { type: "test" } },
      features,
    })),
  });
}

function describeCell({ id, memory, pages, cpus }: Cell) {
  return {
    id,
    memory,
    pages: pages.map(({ size, count }) => ({ unit: "KiB", size, count })),
    cpus: {
      num: cpus.length,
      cpus: cpus.map((cpu) => ({ id: cpu.id, socket: cpu.socket, die: 0, core: cpu.core, siblings: String(cpu.id) })),
    },
  };
}

const sysinfo = document("sysinfo", {
  type: attr(text).required(),
  bios: child({ entries: many({ name: attr(text).required(), value: content(text).required() }).named("entry") }),
});

/** The node's system information (virConnectGetSysinfo). */
export function formatSysinfo(): string {
  const bios = { vendor: "LENOVO", version: "G4ETA1WW (2.61 )", date: "05/07/2014", release: "2.61" };
  const entries = Object.entries(bios).map(([name, value]) => ({ name, value }));
  return sysinfo.format({ type: "smbios", bios: { entries } });
}
